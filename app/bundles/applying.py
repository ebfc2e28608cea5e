"""Applying for a bundle (一件事申请): fill in one form, hand everything in, take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import clock
from app.bundles import advancing, one_form, one_list, owning, parts, results, standing
from app.bundles.errors import (
    ApplicationWithdrawn,
    BundleIncomplete,
    NoPartOpen,
    NothingToApplyFor,
    NothingToWithdraw,
)
from app.bundles.events import BundleSubmitted, BundleWithdrawn
from app.bundles.models import BundleApplication, BundlePart
from app.bundles.one_form import SharedField
from app.bundles.parts import WholePart
from app.cases import forms, needs, organisation, states
from app.cases import service as cases
from app.cases.forms import Form
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.states import State, Step
from app.cases.timeline import CITIZEN
from app.events import publish

_SENTENCE = "申请已随“{name}”一次提交，等待受理"


def save_form(
    session: Session,
    *,
    citizen_id: int,
    application_no: str,
    changes: Mapping[str, object],
    organisation_id: int | None = None,
) -> BundleApplication:
    """Keep some fields of the one form, in every part that asks them and is still a draft (自动保存).

    Raises FormRefused, FormTooLarge, NoPartOpen, ApplicationWithdrawn, OrganisationNotFound.
    """
    application = owning.one(
        session,
        citizen_id=citizen_id,
        organisation_id=organisation_id,
        application_no=application_no,
        hold=True,
    )
    found = _open_parts(session, application)
    asked = one_form.merged({part.code: part.fields for part in found})
    checked = [replace(shared.field, key=shared.name) for shared in asked]
    proven = {shared.name for shared in asked if shared.field.key in proven_fields(found)}
    # The names of the one form are judged here, so that a refusal names them as the citizen's phone does.
    forms.merged(checked, Form(shown_values(asked, found), {}), changes, proven=proven)
    _spread(found, asked, changes)
    session.flush()
    return application


def submit(
    session: Session, *, citizen_id: int, application_no: str, organisation_id: int | None = None
) -> BundleApplication:
    """Hand the application in (一次提交): the first step now, each later one when the one before is granted.

    What lies between two steps is handed in by the system; doing it again hands in what waits for the
    citizen, and nothing twice. Raises BundleIncomplete with every gap of every part, NothingToApplyFor,
    ApplicationWithdrawn, TooManyPages, OrganisationNotFound.
    """
    application = owning.one(
        session,
        citizen_id=citizen_id,
        organisation_id=organisation_id,
        application_no=application_no,
        hold=True,
    )
    _refuse_withdrawn(application)
    first_time = application.submitted_at is None
    if first_time:
        _let_go_of_withdrawn(session, application)
    found = parts.of(session, application_id=application.id, held=True)
    if not found:
        raise NothingToApplyFor
    drafts = [part for part in found if standing.is_draft(part.case)]
    for part in drafts:
        organisation.renew(session, part.case)
    if first_time:
        asked = one_form.merged({part.code: part.fields for part in found})
        _spread(drafts, asked, shown_values(asked, found))
    one_list.share(session, parts=found)
    _refuse_gaps(session, found, of=drafts if first_time else advancing.due(found))
    if first_time:
        application.submitted_at = clock.now()
        publish(session, BundleSubmitted(application.id))
    sentence = _SENTENCE.format(name=application.name)
    advancing.hand_in_due(session, found, actor=CITIZEN, sentence=sentence)
    return application


def withdraw(
    session: Session, *, citizen_id: int, application_no: str, organisation_id: int | None = None
) -> BundleApplication:
    """Take back every part that is not decided yet (撤回); doing it again changes nothing.

    Parts that were decided stay as they are. Raises NothingToWithdraw when all of them are.
    """
    who: Mapping[str, Any] = {"citizen_id": citizen_id, "organisation_id": organisation_id}
    application = owning.one(session, **who, application_no=application_no, hold=True)
    if application.withdrawn_at is not None:
        return application
    found = parts.of(session, application_id=application.id, held=True)
    open_ones = [part for part in found if may_withdraw(part.case)]
    if found and not open_ones:
        raise NothingToWithdraw
    application.withdrawn_at = clock.now()
    for part in open_ones:
        cases.withdraw(session, **who, case_no=part.case.case_no)
    publish(session, BundleWithdrawn(application.id))
    return application


def may_withdraw(case: Case) -> bool:
    """Whether a part can still be taken back, by the table of the states of cases."""
    return Step.WITHDRAW in states.actions(State(case.state), CITIZEN.parties, frozenset())


def shown_values(asked: Sequence[SharedField], found: Sequence[WholePart]) -> dict[str, str]:
    """What the one form shows, by its names: what the first part holds that has something, drafts first."""
    kept = [forms.opened(part.case.sealed_form).values for part in drafts_first(found)]
    codes = [part.code for part in drafts_first(found)]
    return {
        shared.name: next(
            (
                values[shared.field.key]
                for code, values in zip(codes, kept, strict=True)
                if code in shared.askers and values.get(shared.field.key)
            ),
            "",
        )
        for shared in asked
    }


def drafts_first(found: Sequence[WholePart]) -> list[WholePart]:
    """Parts that can still be changed before those that cannot, each in their order."""
    return sorted(found, key=lambda part: not standing.is_draft(part.case))


def proven_fields(found: Sequence[WholePart]) -> frozenset[str]:
    """What nobody types: the parts are all the person's, or all the company's."""
    return frozenset[str]().union(*(organisation.proven_fields(part.case) for part in found))


def _open_parts(session: Session, application: BundleApplication) -> list[WholePart]:
    _refuse_withdrawn(application)
    found = parts.of(session, application_id=application.id, held=True)
    if not any(standing.is_draft(part.case) for part in found):
        raise NoPartOpen
    return found


def _spread(found: Sequence[WholePart], asked: Sequence[SharedField], values: Mapping[str, object]) -> None:
    """Write values of the one form into every draft that asks them; what agrees already is left alone.

    What the registry has proven of a company is written by `organisation.renew` alone.
    """
    proven = proven_fields(found)
    for part in found:
        if not standing.is_draft(part.case):
            continue
        changes = {
            shared.field.key: values[shared.name]
            for shared in asked
            if shared.name in values and part.code in shared.askers and shared.field.key not in proven
        }
        form = forms.opened(part.case.sealed_form)
        changed = forms.merged(part.fields, form, changes)
        if changed != form:
            part.case.sealed_form = changed.sealed()
            part.case.updated_at = clock.now()


def _refuse_gaps(session: Session, found: Sequence[WholePart], *, of: Sequence[WholePart]) -> None:
    """Raises BundleIncomplete: each gap once under the name the one form has for it, with its parts."""
    givers = results.givers(found)
    names = _names_of_gaps(found)
    gaps: dict[str, dict[str, list[str]]] = {}
    for part in of:
        asked = Asked(session, part.case, coming=results.coming(part, givers))
        for key, sentences in needs.gaps(asked).items():
            said = gaps.setdefault(names.get((part.code, key), f"parts.{part.case.case_no}.{key}"), {})
            for sentence in sentences:
                said.setdefault(sentence, []).append(part.case.task_name)
    if gaps:
        raise BundleIncomplete(
            errors={
                key: [f"{sentence}（用于：{'、'.join(names)}）" for sentence, names in said.items()]
                for key, said in gaps.items()
            }
        )


def _names_of_gaps(found: Sequence[WholePart]) -> dict[tuple[str, str], str]:
    """How the one form and the one list call what a part names by its own key."""
    asked = one_form.merged({part.code: part.fields for part in found})
    named = {
        (code, f"form.{shared.field.key}"): f"form.{shared.name}"
        for shared in asked
        for code in shared.askers
    }
    for shared in one_list.merged(found):
        for part, code in shared.codes:
            named[part.code, f"materials.{code}"] = f"materials.{shared.home.case.case_no}.{shared.code}"
    return named


def _let_go_of_withdrawn(session: Session, application: BundleApplication) -> None:
    """A part that was taken back before the application was handed in is none of it any more."""
    over = [
        part.part.id
        for part in parts.of(session, application_id=application.id, held=True)
        if standing.is_withdrawn(part.case)
    ]
    session.execute(delete(BundlePart).where(BundlePart.id.in_(over)))


def _refuse_withdrawn(application: BundleApplication) -> None:
    if application.withdrawn_at is not None:
        raise ApplicationWithdrawn
