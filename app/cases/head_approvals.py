"""What the head of a department approves (负责人批准): one asks, the head says yes or no, once.

行政许可法第四十二条 wants the head of the authority to approve an extension; a grant to which another
department objects is the head's to answer for too. Whoever asks does not approve; both names stay.
"""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import deciding, extending, pausing, queries, steps, taken_in
from app.cases.approval_errors import (
    ApprovalNotFound,
    ApprovalPending,
    ApprovalSettled,
    NotYourOwnApproval,
)
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.deciding import Decision
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.states import State, Step
from app.cases.timeline import clerk


def ask_extension(
    session: Session, *, case_no: str, officer: Officer, days: int | None, reason: str
) -> HeadApproval:
    """Ask the head to extend the limits (申请延期); a case waits for one at a time.

    Raises ApprovalPending, PaperAskedAgain and what extending raises, so that nothing is asked which
    could not be done.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    steps.allowed(Asked(session, case), Step.EXTEND, actor=clerk(officer))
    fitting, said = extending.fitting(session, case, days=days), pausing.worded(reason)
    return _ask(session, case, ApprovalKind.EXTENSION, officer=officer, days=fitting, reason=said)


def ask_grant(session: Session, *, case_no: str, officer: Officer, decision: Decision) -> HeadApproval:
    """Ask the head for a grant to which another department objects (报请批准仍然准予).

    Raises ApprovalPending, PaperAskedAgain and what granting raises, such as ObjectionUnanswered.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    asked = Asked(session, case, reason=decision.reason, legal_basis=decision.legal_basis, approved=True)
    steps.allowed(asked, Step.GRANT, actor=clerk(officer))
    said, basis = decision.reason, decision.legal_basis or None
    return _ask(session, case, ApprovalKind.GRANT, officer=officer, reason=said, legal_basis=basis)


def ask_second_trip(session: Session, case: Case, *, officer: Officer, reason: str) -> HeadApproval:
    """Ask the head to let the office look at the place again (报请再次踏勘); the row of the case is held.

    Raises ApprovalPending and ClockReasonUnfit.
    """
    return _ask(session, case, ApprovalKind.SECOND_TRIP, officer=officer, reason=pausing.worded(reason))


def settle(session: Session, *, approval: HeadApproval, head: Officer, approved: bool) -> None:
    """Approve, which carries out what was asked at once, or say no; of two at once, one does.

    Raises NotYourOwnApproval, ApprovalSettled, HelpedBefore and what extending or granting raises.
    """
    if approval.asked_by == head.clerk_id:
        raise NotYourOwnApproval
    # The case first, as whoever asks and whoever decides holds it: else two could wait for each other.
    held = select(Case).where(Case.id == approval.case_id).with_for_update()
    case = session.scalars(held.execution_options(populate_existing=True)).one()
    if case.state != State.ACCEPTED:
        raise ApprovalSettled
    if approved:
        steps.refuse_helper(session, case, clerk_id=head.clerk_id)
    settled = session.scalar(
        update(HeadApproval)
        .where(HeadApproval.id == approval.id, *_OPEN)
        .values(
            settled_at=clock.now(), settled_by=head.clerk_id, settled_by_name=head.name, approved=approved
        )
        .returning(HeadApproval.id)
    )
    if settled is None:
        raise ApprovalSettled
    if approved:
        _carry_out(session, case, approval, head=head)


def waiting(session: Session, *, case_id: int, kind: ApprovalKind) -> HeadApproval | None:
    """What waits for the head in one case."""
    return session.scalar(
        select(HeadApproval).where(HeadApproval.case_id == case_id, HeadApproval.kind == kind.value, *_OPEN)
    )


def refused(session: Session, *, case_id: int, kind: ApprovalKind) -> HeadApproval | None:
    """The newest of its kind to which the head said no."""
    asked = select(HeadApproval).where(
        HeadApproval.case_id == case_id, HeadApproval.kind == kind.value, HeadApproval.approved.is_(False)
    )
    return session.scalar(asked.order_by(HeadApproval.id.desc()).limit(1))


def of_officer(session: Session, *, head: Officer, approval_id: int) -> HeadApproval:
    """One of the head's department; raises ApprovalNotFound for every other."""
    found = session.get(HeadApproval, approval_id)
    if found is None:
        raise ApprovalNotFound
    case = session.get_one(Case, found.case_id)
    if head.department not in {None, case.dept_code, case.dept_name}:
        raise ApprovalNotFound
    return found


_OPEN = (HeadApproval.settled_at.is_(None), HeadApproval.ended_at.is_(None))


def _ask(
    session: Session,
    case: Case,
    kind: ApprovalKind,
    *,
    officer: Officer,
    reason: str,
    days: int | None = None,
    legal_basis: str | None = None,
) -> HeadApproval:
    # What the applicant reads once it was approved.
    taken_in.refuse_paper_again(session, case, reason)
    asked = session.scalar(
        insert(HeadApproval)
        .values(
            case_id=case.id,
            kind=kind.value,
            days=days,
            reason=reason,
            legal_basis=legal_basis,
            asked_by=officer.clerk_id,
            asked_by_name=officer.name,
            asked_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(HeadApproval.id)
    )
    if asked is None:
        raise ApprovalPending
    return session.get_one(HeadApproval, asked)


def _carry_out(session: Session, case: Case, approval: HeadApproval, *, head: Officer) -> None:
    if approval.kind == ApprovalKind.SECOND_TRIP:
        return  # Whoever plans the trip uses it up.
    asker = Officer(approval.asked_by, approval.asked_by_name, frozenset({"approver"}), None, None)
    if approval.kind == ApprovalKind.GRANT:
        decision = Decision(
            granted=True,
            reason=approval.reason,
            legal_basis=approval.legal_basis or "",
            approved_by=head.name,
        )
        deciding.decide(session, case, actor=clerk(asker), decision=decision)
        return
    extending.extend(
        session,
        case_no=case.case_no,
        officer=asker,
        days=approval.days,
        reason=approval.reason,
        approved_by=head.name,
    )
