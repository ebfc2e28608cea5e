"""Going to the same place again (再次踏勘): with a reason, and only when the head has said yes.

A place was looked at once its record is closed, and as well once it was signed: else whoever does not like
what was found would call the trip off and go again.
"""

from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.cases import head_approvals
from app.cases import queries as cases
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.states import State
from app.site_visits import recording
from app.site_visits.errors import CaseNotForVisit, SecondTripUnapproved
from app.site_visits.models import SiteVisit, VisitKind, VisitStaff, VisitState

_SIGNATURES: Final = (
    select(func.count())
    .where(VisitStaff.visit_id == SiteVisit.id, VisitStaff.signed_at.is_not(None))
    .correlate(SiteVisit)
    .scalar_subquery()
)
_SIGNED: Final = _SIGNATURES >= recording.FEWEST_SIGNED


def ask(session: Session, *, case_no: str, officer: Officer, reason: str) -> HeadApproval:
    """Ask the head for a second trip (报请再次踏勘).

    Raises CaseNotForVisit where there was no first one, and what asking the head raises.
    """
    case = cases.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    if case.state != State.ACCEPTED or before(session, case_id=case.id) is None:
        raise CaseNotForVisit
    return head_approvals.ask_second_trip(session, case, officer=officer, reason=reason)


def approval_for(session: Session, case: Case) -> int | None:
    """The head's yes that the next trip of a case uses up; None when it is the first.

    Raises SecondTripUnapproved. The row of the case is held.
    """
    if before(session, case_id=case.id) is None:
        return None
    found = unused(session, case_id=case.id)
    if found is None:
        raise SecondTripUnapproved
    return found


def before(session: Session, *, case_id: int) -> SiteVisit | None:
    """The newest trip on which the place of a case was looked at, also one that was called off afterwards."""
    asked = select(SiteVisit).where(
        SiteVisit.case_id == case_id,
        SiteVisit.kind == VisitKind.SITE.value,
        or_(
            SiteVisit.state == VisitState.DONE.value,
            (SiteVisit.state == VisitState.CANCELLED.value) & _SIGNED,
        ),
    )
    return session.scalar(asked.order_by(SiteVisit.id.desc()).limit(1))


def unused(session: Session, *, case_id: int) -> int | None:
    """A yes of the head to a second trip that no trip has used."""
    kept = or_(SiteVisit.state != VisitState.CANCELLED.value, _SIGNED)
    used = select(SiteVisit.id).where(SiteVisit.approval_id == HeadApproval.id, kept).exists()
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
