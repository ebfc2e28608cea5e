"""Heads of departments, who approve (负责人夹具)."""

from sqlalchemy import select

from app.cases import head_approvals
from app.cases.approval_models import HeadApproval
from app.cases.deciding import Decision
from app.cases.models import Case
from app.cases.officers import Officer
from app.db import unit_of_work
from app.staff.models import Role
from tests.case_fixtures import APPROVER
from tests.staff_fixtures import make_clerk


def a_head(name: str = "周局长") -> Officer:
    """The head of every department."""
    return Officer(make_clerk(Role.HEAD, name=name), name, frozenset({"head"}))


def waiting(case_no: str) -> HeadApproval:
    """What waits for the head in a case."""
    with unit_of_work() as session:
        asked = select(HeadApproval).join(Case, Case.id == HeadApproval.case_id)
        return session.scalars(asked.where(Case.case_no == case_no, HeadApproval.settled_at.is_(None))).one()


def ask_grant(case_no: str, reason: str = "已现场核实，另留四米消防通道") -> HeadApproval:
    """Ask the head for a grant that another department objects to."""
    with unit_of_work() as session:
        return head_approvals.ask_grant(
            session, case_no=case_no, officer=APPROVER, decision=Decision(granted=True, reason=reason)
        )


def settle(approval: HeadApproval, *, approved: bool, head: Officer | None = None) -> None:
    """The head says yes or no."""
    by = head or a_head()
    with unit_of_work() as session:
        found = session.get_one(HeadApproval, approval.id)
        head_approvals.settle(session, approval=found, head=by, approved=approved)


def approve(case_no: str) -> None:
    """The head approves what waits in a case."""
    settle(waiting(case_no), approved=True)
