"""Applications that are handed in at the same moment are taken in together (合并提交, ADR 7).

On the last day of an enrolment a whole district presses the button in the same minutes. Each kind of thing is
read once for all of them, and written once. For whoever acts for themselves; the crowds are of one channel
each, since what is written says through which.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import crowds
from app.cases import dossier, machine, steps, submitting, timeline
from app.cases.dossier import Dossier
from app.cases.needs import Asked
from app.cases.submitting import Handing
from app.channels import Channel
from app.crowds import Crowd
from app.errors import DomainError
from app.idempotency import Answer

_OK = 200


@dataclass(eq=False, kw_only=True)
class Tap(crowds.Tap):
    """One citizen's handing in on its way: which case, and how the answer is written."""

    case_no: str
    render: Callable[[Dossier], bytes]


def hand_in(session: Session, taps: list[Tap]) -> list[tuple[Tap, Answer]]:
    """Hand in what can be, and write the answers."""
    cases = steps.held_together(session, [(tap.citizen_id, tap.case_no) for tap in taps])
    found = [(tap, case) for tap in taps if (case := cases.get((tap.citizen_id, tap.case_no)))]
    dossiers = dossier.of_cases(session, [case for _, case in found])
    ready = [
        (tap, handing)
        for (tap, _), its in zip(found, dossiers, strict=True)
        if (handing := _ready(its)) is not None
    ]
    if ready:
        handings = [handing for _, handing in ready]
        submitting.hand_in_all(session, handings, actor=timeline.CITIZEN, sentence=submitting.BY_CITIZEN)
    return [(tap, Answer(_OK, tap.render(handing.dossier))) for tap, handing in ready]


def _ready(its: Dossier) -> Handing | None:
    """What can be handed in as it is; None: alone, for it cannot and is told why, or is decided at once.

    What stands on a promise holds the guide in force and what the credit lists say, and may have to wait for
    either: it goes alone, so that nobody waits with it.
    """
    if machine.reviews(its.guide) or its.promised:
        return None
    try:
        return submitting.ready(Asked.of(its), actor=timeline.CITIZEN)
    except DomainError:
        return None


crowd_of = {channel: Crowd(hand_in) for channel in Channel}
