"""Having the head approve an extension (负责人批准延期): one asks, the head of the department says yes or no.

行政许可法第四十二条 wants the head of the authority to approve. Whoever asks does not approve; both names
stay.
"""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import extending, pausing, queries, steps
from app.cases.clock_errors import (
    ApprovalNotFound,
    ApprovalPending,
    ApprovalSettled,
    NotYourOwnApproval,
)
from app.cases.clock_models import ExtensionApproval
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.states import State, Step
from app.cases.timeline import clerk


def ask(
    session: Session, *, case_no: str, officer: Officer, days: int | None, reason: str
) -> ExtensionApproval:
    """Ask the head to approve an extension (申请延期); a case waits for one at a time.

    Raises ApprovalPending and what extending raises, so that nothing is asked which could not be done.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    steps.allowed(Asked(session, case), Step.EXTEND, actor=clerk(officer))
    fitting, said = extending.fitting(session, case, days=days), pausing.worded(reason)
    asked = session.scalar(
        insert(ExtensionApproval)
        .values(
            case_id=case.id,
            days=fitting,
            reason=said,
            asked_by=officer.clerk_id,
            asked_by_name=officer.name,
            asked_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(ExtensionApproval.id)
    )
    if asked is None:
        raise ApprovalPending
    return session.get_one(ExtensionApproval, asked)


def settle(session: Session, *, approval: ExtensionApproval, head: Officer, approved: bool) -> None:
    """Approve, which extends the limits at once, or say no; of two at once, one does.

    Raises NotYourOwnApproval, ApprovalSettled and what extending raises.
    """
    if approval.asked_by == head.clerk_id:
        raise NotYourOwnApproval
    # The case first, as whoever asks and whoever decides holds it: else two could wait for each other.
    held = select(Case).where(Case.id == approval.case_id).with_for_update()
    case = session.scalars(held.execution_options(populate_existing=True)).one()
    if case.state != State.ACCEPTED:
        raise ApprovalSettled
    settled = session.scalar(
        update(ExtensionApproval)
        .where(ExtensionApproval.id == approval.id, ExtensionApproval.settled_at.is_(None))
        .values(
            settled_at=clock.now(), settled_by=head.clerk_id, settled_by_name=head.name, approved=approved
        )
        .returning(ExtensionApproval.id)
    )
    if settled is None:
        raise ApprovalSettled
    if approved:
        asker = Officer(approval.asked_by, approval.asked_by_name, frozenset({"approver"}), None, None)
        extending.extend(
            session,
            case_no=case.case_no,
            officer=asker,
            days=approval.days,
            reason=approval.reason,
            approved_by=head.name,
        )


def waiting(session: Session, *, case_id: int) -> ExtensionApproval | None:
    """What waits for the head in one case."""
    return session.scalar(
        select(ExtensionApproval).where(
            ExtensionApproval.case_id == case_id, ExtensionApproval.settled_at.is_(None)
        )
    )


def refused(session: Session, *, case_id: int) -> ExtensionApproval | None:
    """The newest to which the head said no."""
    asked = select(ExtensionApproval).where(
        ExtensionApproval.case_id == case_id, ExtensionApproval.approved.is_(False)
    )
    return session.scalar(asked.order_by(ExtensionApproval.id.desc()).limit(1))


def of_officer(session: Session, *, head: Officer, approval_id: int) -> ExtensionApproval:
    """One of the head's department; raises ApprovalNotFound for every other."""
    found = session.get(ExtensionApproval, approval_id)
    if found is None:
        raise ApprovalNotFound
    case = session.get_one(Case, found.case_id)
    if head.department not in {None, case.dept_code, case.dept_name}:
        raise ApprovalNotFound
    return found
