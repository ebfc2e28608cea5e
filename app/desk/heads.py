"""What waits for the head of a department, at the desk (负责人批准)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import extension_approvals
from app.cases.clock_models import ExtensionApproval
from app.cases.models import Case
from app.cases.states import State
from app.desk import duties
from app.desk.work import visible_to
from app.staff.sessions import OnDuty

MOST = 100
# Nobody waits for an answer about a case that is over.
_OPEN = and_(ExtensionApproval.settled_at.is_(None), Case.state == State.ACCEPTED.value)


@dataclass(frozen=True, slots=True)
class Line:
    """One extension that somebody asks for, with both limits as they are now."""

    id: int
    case_no: str
    task_name: str
    dept_name: str
    days: int
    reason: str
    asked_by: str
    asked_at: datetime
    promised_due_on: date | None
    statutory_due_on: date | None
    own: bool


def page(session: Session, *, clerk: OnDuty) -> list[Line]:
    """What waits for the head of the clerk's department, the oldest first. Raises NotYourDuty."""
    duties.refuse_unless(clerk, duties.SEEING_APPROVALS)
    asked = (
        select(ExtensionApproval, Case)
        .join(Case, Case.id == ExtensionApproval.case_id)
        .where(_OPEN, visible_to(clerk))
        .order_by(ExtensionApproval.id)
        .limit(MOST)
    )
    return [
        Line(
            id=asked_for.id,
            case_no=case.case_no,
            task_name=case.task_name,
            dept_name=case.dept_name,
            days=asked_for.days,
            reason=asked_for.reason,
            asked_by=asked_for.asked_by_name,
            asked_at=asked_for.asked_at,
            promised_due_on=case.promised_due_on,
            statutory_due_on=case.statutory_due_on,
            own=asked_for.asked_by == clerk.clerk_id,
        )
        for asked_for, case in session.execute(asked)
    ]


def waiting(session: Session, *, clerk: OnDuty) -> int | None:
    """How many wait for the clerk's yes or no; None for whom it is no duty."""
    if not clerk.roles & duties.HEADING:
        return None
    asked = (
        select(func.count()).select_from(ExtensionApproval).join(Case, Case.id == ExtensionApproval.case_id)
    )
    return session.scalar(asked.where(_OPEN, visible_to(clerk)))


def settle(session: Session, *, clerk: OnDuty, approval_id: int, approved: bool) -> None:
    """Say yes or no (批准、不批准); both names are written down. Raises what the approvals raise."""
    duties.refuse_unless(clerk, duties.HEADING)
    head = duties.officer(clerk)
    approval = extension_approvals.of_officer(session, head=head, approval_id=approval_id)
    case = session.get_one(Case, approval.case_id)
    extension_approvals.settle(session, approval=approval, head=head, approved=approved)
    details = {"days": str(approval.days), "asked_by": approval.asked_by_name}
    if approved:
        _note(session, clerk, "extension_approved", case=case, **details)
    else:
        _note(session, clerk, "extension_refused", case=case, **details)


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        citizen_id=case.citizen_id,
        details=details,
    )
