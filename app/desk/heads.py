"""What waits for the head of a department, at the desk (负责人批准)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import head_approvals, opinions
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.models import Case
from app.cases.opinion_models import Answer, OpinionRequest
from app.desk import duties
from app.desk.work import visible_to
from app.staff.sessions import OnDuty

MOST = 100
_OPEN = and_(HeadApproval.settled_at.is_(None), HeadApproval.ended_at.is_(None))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody asks for, with both limits as they are now and who objects to a grant."""

    id: int
    case_no: str
    task_name: str
    dept_name: str
    what: str
    reason: str
    legal_basis: str | None
    objections: Sequence[OpinionRequest]
    asked_by: str
    asked_at: datetime
    promised_due_on: date | None
    statutory_due_on: date | None
    own: bool


def page(session: Session, *, clerk: OnDuty) -> list[Line]:
    """What waits for the head of the clerk's department, the oldest first. Raises NotYourDuty."""
    duties.refuse_unless(clerk, duties.SEEING_APPROVALS)
    asked = (
        select(HeadApproval, Case)
        .join(Case, Case.id == HeadApproval.case_id)
        .where(_OPEN, visible_to(clerk))
        .order_by(HeadApproval.id)
        .limit(MOST)
    )
    rows = session.execute(asked).all()
    objected = _objections(session, [case.id for one, case in rows if one.kind == ApprovalKind.GRANT])
    return [
        Line(
            id=asked_for.id,
            case_no=case.case_no,
            task_name=case.task_name,
            dept_name=case.dept_name,
            what=asked_for.text,
            reason=asked_for.reason,
            legal_basis=asked_for.legal_basis,
            objections=objected.get(case.id, []) if asked_for.kind == ApprovalKind.GRANT else [],
            asked_by=asked_for.asked_by_name,
            asked_at=asked_for.asked_at,
            promised_due_on=case.promised_due_on,
            statutory_due_on=case.statutory_due_on,
            own=asked_for.asked_by == clerk.clerk_id,
        )
        for asked_for, case in rows
    ]


def waiting(session: Session, *, clerk: OnDuty) -> int | None:
    """How many wait for the clerk's yes or no; None for whom it is no duty."""
    if not clerk.roles & duties.HEADING:
        return None
    asked = select(func.count()).select_from(HeadApproval).join(Case, Case.id == HeadApproval.case_id)
    return session.scalar(asked.where(_OPEN, visible_to(clerk)))


def settle(session: Session, *, clerk: OnDuty, approval_id: int, approved: bool) -> None:
    """Say yes or no (批准、不批准); both names are written down. Raises what the approvals raise."""
    duties.refuse_unless(clerk, duties.HEADING)
    head = duties.officer(clerk)
    approval = head_approvals.of_officer(session, head=head, approval_id=approval_id)
    head_approvals.settle(session, approval=approval, head=head, approved=approved)
    _note_settled(session, clerk, approval, approved=approved)


def _note_settled(session: Session, clerk: OnDuty, approval: HeadApproval, *, approved: bool) -> None:
    case = session.get_one(Case, approval.case_id)
    details = {"asked_by": approval.asked_by_name}
    kind = ApprovalKind(approval.kind)
    if kind is ApprovalKind.GRANT and approved:
        _note(session, clerk, "grant_approved", case=case, **details)
    elif kind is ApprovalKind.GRANT:
        _note(session, clerk, "grant_refused", case=case, **details)
    elif kind is ApprovalKind.SECOND_TRIP and approved:
        _note(session, clerk, "second_trip_approved", case=case, **details)
    elif kind is ApprovalKind.SECOND_TRIP:
        _note(session, clerk, "second_trip_refused", case=case, **details)
    elif approved:
        _note(session, clerk, "extension_approved", case=case, days=str(approval.days), **details)
    else:
        _note(session, clerk, "extension_refused", case=case, days=str(approval.days), **details)


def _objections(session: Session, case_ids: Sequence[int]) -> dict[int, list[OpinionRequest]]:
    asked = opinions.of_cases(session, case_ids=case_ids) if case_ids else {}
    return {
        case_id: [one for one in found if one.answer == Answer.OBJECTS] for case_id, found in asked.items()
    }


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        citizen_id=case.citizen_id,
        details=details,
    )
