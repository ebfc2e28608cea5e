"""What checks do when a case is decided (承诺核查的事件响应)."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import promised
from app.cases.events import CaseDecided
from app.cases.models import Case
from app.centres import working_days
from app.promise_checks.models import CheckState, PromiseCheck


def begin_checks(session: Session, event: CaseDecided) -> None:
    """Begin a check of each promise of a granted case, with its last day; safe to repeat."""
    case = session.get_one(Case, event.case_id)
    if not case.granted or case.decided_at is None:
        return
    start = clock.local(case.decided_at).date()
    for promise in promised.of_case(session, case_id=case.id):
        due = working_days.due_date(session, start=start, days=promise.check_days, unit="WORKDAY")
        session.execute(
            insert(PromiseCheck)
            .values(promise_id=promise.id, case_id=case.id, due_on=due, state=CheckState.OPEN.value)
            .on_conflict_do_nothing(index_elements=[PromiseCheck.promise_id])
        )
