"""Writing down what happens to the clock of a case (时限留痕): each event once, with both limits."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases.clock_models import CaseClockEvent, Happening
from app.cases.models import Case
from app.cases.timeline import Actor

Dates = tuple[date | None, date | None]


def dates(case: Case) -> Dates:
    """The promised and the statutory limit as the case has them now."""
    return case.promised_due_on, case.statutory_due_on


def note(
    session: Session,
    case: Case,
    kind: Happening,
    *,
    actor: Actor,
    before: Dates,
    cause: str = "",
    reason: str | None = None,
) -> CaseClockEvent:
    """Write down what has just happened to the clock of a case whose row is held."""
    event = CaseClockEvent(
        case_id=case.id,
        kind=kind.value,
        at=clock.now(),
        cause=cause,
        reason=reason,
        actor_kind=actor.kind,
        actor_name=actor.name,
        clerk_id=actor.clerk_id,
        promised_before=before[0],
        statutory_before=before[1],
        promised_after=case.promised_due_on,
        statutory_after=case.statutory_due_on,
    )
    session.add(event)
    session.flush()
    return event


def of_cases(session: Session, case_ids: list[int]) -> dict[int, list[CaseClockEvent]]:
    """What has happened to the clocks of some cases, each oldest first, in one statement."""
    found: dict[int, list[CaseClockEvent]] = {case_id: [] for case_id in case_ids}
    asked = select(CaseClockEvent).where(CaseClockEvent.case_id.in_(case_ids))
    for event in session.scalars(asked.order_by(CaseClockEvent.id)):
        found[event.case_id].append(event)
    return found
