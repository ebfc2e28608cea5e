"""What hand-overs do when something else has happened (材料移交的事件响应)."""

from sqlalchemy.orm import Session

from app.cases.events import CaseClosed, CaseNotAccepted, CaseTerminated, CaseWithdrawn
from app.transfers import service


def end_with_case(
    session: Session, event: CaseClosed | CaseNotAccepted | CaseTerminated | CaseWithdrawn
) -> None:
    """End what is on its way for a case that is over; safe to repeat.

    Whoever hands a case over holds its row until the commit, so nothing begins after this for such a case.
    """
    service.end_of_case(session, case_id=event.case_id)
