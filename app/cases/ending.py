"""What ends with a case (办件结束后不再等的事): nobody is asked about what is decided, withdrawn or ended."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.cases import opinion_asking, prechecked
from app.cases.approval_models import HeadApproval
from app.cases.models import Case


def end_what_waits(session: Session, case: Case) -> None:
    """End the departments' opinions and the head's approvals that are still waited for; its row is held."""
    opinion_asking.end_with_case(session, case)
    prechecked.end_with_case(session, case_id=case.id)
    session.execute(
        update(HeadApproval)
        .where(
            HeadApproval.case_id == case.id,
            HeadApproval.settled_at.is_(None),
            HeadApproval.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )
