"""Going to the same place again (再次踏勘): with a reason, and only when the head has said yes."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.cases import head_approvals
from app.cases import queries as cases
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.states import State
from app.site_visits import queries
from app.site_visits.errors import CaseNotForVisit, SecondTripUnapproved
from app.site_visits.models import SiteVisit


def ask(session: Session, *, case_no: str, officer: Officer, reason: str) -> HeadApproval:
    """Ask the head for a second trip (报请再次踏勘).

    Raises CaseNotForVisit where there was no first one, and what asking the head raises.
    """
    case = cases.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    if case.state != State.ACCEPTED or queries.record_of(session, case_id=case.id) is None:
        raise CaseNotForVisit
    return head_approvals.ask_second_trip(session, case, officer=officer, reason=reason)


def approval_for(session: Session, case: Case) -> int | None:
    """The head's yes that the next trip of a case uses up; None when it is the first.

    Raises SecondTripUnapproved. The row of the case is held.
    """
    if queries.record_of(session, case_id=case.id) is None:
        return None
    found = unused(session, case_id=case.id)
    if found is None:
        raise SecondTripUnapproved
    return found


def unused(session: Session, *, case_id: int) -> int | None:
    """A yes of the head to a second trip that no trip has used."""
    used = exists().where(SiteVisit.approval_id == HeadApproval.id, SiteVisit.state != "cancelled")
    return session.scalar(
        select(HeadApproval.id)
        .where(
            HeadApproval.case_id == case_id,
            HeadApproval.kind == ApprovalKind.SECOND_TRIP.value,
            HeadApproval.approved.is_(True),
            ~used,
        )
        .order_by(HeadApproval.id)
        .limit(1)
    )
