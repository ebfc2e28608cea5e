"""Carrying an application on (一件事自动流转): a step is handed in when the one before it was granted.

Runs when a part was decided or taken back; it may run twice, late and in parallel. The row of the application
is held first, so of two who come at once the second finds what the first has done.
"""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import clock
from app.bundles import licences, parts, results, standing
from app.bundles.events import BundleFinished, BundleHeldUp
from app.bundles.models import BundleApplication, BundlePart
from app.bundles.parts import WholePart
from app.cases import organisation, proofs, submitting
from app.cases.errors import SubmissionIncomplete
from app.cases.events import CaseDecided, CaseNotAccepted, CaseTerminated, CaseWithdrawn
from app.cases.timeline import SYSTEM, Actor
from app.events import publish

_SENTENCE = "前面的事项已办成，系统按您提交的“{name}”自动提交，等待受理"


def carry_on(session: Session, event: CaseDecided | CaseNotAccepted | CaseTerminated | CaseWithdrawn) -> None:
    """Hand in what follows a part, or tell the citizen that it waits; nothing when the case is no part."""
    application = _held(session, case_id=event.case_id)
    if application is None or application.submitted_at is None or application.withdrawn_at is not None:
        return
    found = parts.of(session, application_id=application.id, held=True)
    for part in held_up_by(found):
        _tell_once(session, part)
    for part in due(found):
        _hand_in_or_tell(session, application, found, part=part)
    _finish(session, application, found)


def due(found: Sequence[WholePart]) -> list[WholePart]:
    """The drafts of the first step that is not granted as a whole; those of later steps wait for it."""
    for _, step in groupby(found, key=lambda part: part.part.step):
        members = list(step)
        drafts = [part for part in members if standing.is_draft(part.case)]
        if drafts or not all(part.case.granted for part in members):
            return drafts
    return []


def held_up_by(found: Sequence[WholePart]) -> list[WholePart]:
    """The parts that ended so that drafts of later steps cannot begin."""
    waiting = [part.part.step for part in found if standing.is_draft(part.case)]
    return [
        part
        for part in found
        if standing.holds_up(part.case) and any(step > part.part.step for step in waiting)
    ]


def hand_in_due(session: Session, found: Sequence[WholePart], *, actor: Actor, sentence: str) -> None:
    """Hand in every draft whose turn it is; raises SubmissionIncomplete."""
    for part in due(found):
        _hand_in(session, found, part=part, actor=actor, sentence=sentence)


def _hand_in(
    session: Session, found: Sequence[WholePart], *, part: WholePart, actor: Actor, sentence: str
) -> None:
    """Hand one part in with the certificates that earlier parts gave for it."""
    for (task_code, material_code), giver in results.givers(found).items():
        if task_code == part.code and giver.certificate is not None:
            proofs.take(session, case=part.case, material_code=material_code, certificate=giver.certificate)
    organisation.renew(session, part.case)
    submitting.hand_in(session, case=part.case, actor=actor, sentence=sentence)
    part.part.held_up_at = None


def _hand_in_or_tell(
    session: Session, application: BundleApplication, found: Sequence[WholePart], *, part: WholePart
) -> None:
    """The citizen may have changed the draft, or an answer may ask for more now: then it waits for them."""
    sentence = _SENTENCE.format(name=application.name)
    try:
        _hand_in(session, found, part=part, actor=SYSTEM, sentence=sentence)
    except SubmissionIncomplete:
        _tell_once(session, part)


def _tell_once(session: Session, part: WholePart) -> None:
    if part.part.held_up_at is None:
        part.part.held_up_at = clock.now()
        publish(session, BundleHeldUp(part.part.id))


def _finish(session: Session, application: BundleApplication, found: Sequence[WholePart]) -> None:
    if application.finished_at is None and all(part.case.granted for part in found):
        application.finished_at = clock.now()
        licences.issue(session, application=application, found=found)
        publish(session, BundleFinished(application.id))


def _held(session: Session, *, case_id: int) -> BundleApplication | None:
    lock = _application_of(case_id).with_for_update(of=BundleApplication)
    return session.scalar(lock.execution_options(populate_existing=True))


def _application_of(case_id: int) -> Select[BundleApplication]:
    return (
        select(BundleApplication)
        .join(BundlePart, BundlePart.application_id == BundleApplication.id)
        .where(BundlePart.case_id == case_id)
    )
