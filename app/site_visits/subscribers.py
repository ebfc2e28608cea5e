"""What visits do when something else has happened (上门与踏勘的事件响应)."""

from sqlalchemy.orm import Session

from app.cases import timeline
from app.cases.events import CaseDecided, CaseNotAccepted, CaseTerminated, CaseWithdrawn
from app.cases.models import Case
from app.site_visits import planning, queries, recording
from app.site_visits.models import OPEN

_WHY = "办件已经结束"


def end_with_case(
    session: Session, event: CaseDecided | CaseNotAccepted | CaseTerminated | CaseWithdrawn
) -> None:
    """Nobody goes to for a case that is over; safe to repeat.

    Where somebody was there already, the record stays to be closed: what was found and signed is not undone.
    Whoever plans a visit holds the row of the case until the commit, so nothing begins after this for it.
    """
    visit = queries.open_of_case(session, case_id=event.case_id)
    if visit is None:
        return
    visit, case = queries.hold(session, visit, session.get_one(Case, event.case_id))
    if visit.state in OPEN and not recording.written(session, visit):
        planning.call_off(session, case, visit, actor=timeline.SYSTEM, why=_WHY)
