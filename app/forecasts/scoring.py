"""Saying at acceptance until when it will be done, and at the decision whether we were right (预测与校准)."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import counting
from app.cases.events import CaseAccepted, CaseDecided
from app.cases.models import Case
from app.cases.states import State
from app.centres import working_days
from app.forecasts.models import CaseForecast, ItemForecast


def forecast(session: Session, event: CaseAccepted) -> None:
    """Keep what can be forecast of a case that was just accepted (subscriber), once; safe to repeat.

    What is decided already, such as by the machine in the same moment, is not forecast any more.
    """
    case = session.get_one(Case, event.case_id)
    known = session.get(ItemForecast, case.task_code)
    if known is None or case.state != State.ACCEPTED or case.accepted_at is None:
        return
    start, calendar = clock.local(case.accepted_at).date(), working_days.calendar(session)
    given = insert(CaseForecast).values(
        case_id=case.id,
        task_code=case.task_code,
        cases=len(known.days),
        half_days=known.half_days,
        most_days=known.most_days,
        half_by=calendar.due(start, known.half_days, unit="WORKDAY").on,
        most_by=calendar.due(start, known.most_days, unit="WORKDAY").on,
        given_at=clock.now(),
    )
    session.execute(given.on_conflict_do_nothing())


def score(session: Session, event: CaseDecided) -> None:
    """Write down how long a case took for which there was a forecast (subscriber), once; safe to repeat."""
    case = session.get_one(Case, event.case_id)
    if case.accepted_at is None or case.decided_at is None:
        return
    begun, ended = clock.local(case.accepted_at).date(), clock.local(case.decided_at).date()
    took = counting.days_left(working_days.calendar(session), ended, today=begun)
    session.execute(
        update(CaseForecast)
        .where(CaseForecast.case_id == case.id, CaseForecast.took_days.is_(None))
        .values(took_days=took, scored_at=clock.now())
    )
