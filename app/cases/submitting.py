"""Handing in (提交申请): first looked at, then moved and told, for one case or for several at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import channels, on_behalf
from app.cases import correcting, machine, owed, owing, prechecked, promising, steps, timeline
from app.cases.dossier import Dossier
from app.cases.events import CaseSubmitted
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.states import Step
from app.cases.timeline import Actor
from app.events import publish_all

BY_CITIZEN = "申请已提交，等待受理"


@dataclass(frozen=True)
class Handing:
    """A draft that may be handed in now: what its row gets, and for which materials a promise stands."""

    asked: Asked
    values: Mapping[str, Any]
    standing: Collection[str]

    @property
    def dossier(self) -> Dossier:
        """What belongs to the case."""
        return self.asked.dossier


def hand_in(session: Session, *, case: Case, actor: Actor, sentence: str, quiet: bool = False) -> Dossier:
    """Hand in a case whose row is held, with a line of the timeline; `quiet`: what follows is told instead.

    For the citizen, by the system on their application for a bundle, or at the window. An instant item whose
    review points are all met is decided with it (秒批, R041).
    Raises SubmissionIncomplete with every gap at once, a StepRefused, or what `promising.standing` raises.
    """
    handing = ready(Asked(session, case), actor=actor)
    hand_in_all(session, [handing], actor=actor, sentence=sentence, quiet=quiet)
    return handing.dossier


def ready(asked: Asked, *, actor: Actor) -> Handing:
    """Look whether a draft can be handed in now; changes nothing and raises as `hand_in` does."""
    agent = on_behalf.agent()
    received = correcting.received(asked.dossier)
    by = {
        "submitted_at": received["received_at"],
        "channel": channels.current() or asked.case.channel,
        "delegation_id": None if agent is None else agent.delegation_id,
    }
    standing = promising.standing(asked.dossier)
    steps.allowed(asked, Step.SUBMIT, actor=actor)
    return Handing(asked, by | received, standing)


def hand_in_all(
    session: Session, handings: Sequence[Handing], *, actor: Actor, sentence: str, quiet: bool = False
) -> None:
    """Hand in what is ready, in one unit of work: moved, written down and told together."""
    for handing in handings:
        prechecked.use(handing.dossier)
    steps.take_held(session, [(handing.asked.case, handing.values) for handing in handings], Step.SUBMIT)
    lines = {handing.asked.case.id: sentence + _followed_by(handing) for handing in handings}
    timeline.note_each(session, lines, kind="submitted", actor=actor)
    reviews = [machine.look(session, case=handing.asked.case) for handing in handings]
    passed = [review is not None and review.passed for review in reviews]
    told = zip(handings, passed, strict=True)
    publish_all(session, [CaseSubmitted(one.asked.case.id, quiet=quiet or done) for one, done in told])
    for handing, done in zip(handings, passed, strict=True):
        if done:
            machine.carry_out(session, case=handing.asked.case)


def _followed_by(handing: Handing) -> str:
    """What follows later, or binds by promise, from now on; the end of the sentence that says so."""
    left_out = owing.settle_on_handing_in(handing.dossier)
    promising.settle_on_handing_in(handing.dossier, standing=handing.standing)
    return f"；{owed.names(left_out)}稍后补交" if left_out else ""
