"""Heads of departments, who approve (负责人夹具)."""

from sqlalchemy import select

from app.cases import extension_approvals
from app.cases.clock_models import ExtensionApproval
from app.cases.models import Case
from app.cases.officers import Officer
from app.db import unit_of_work
from app.staff.models import Role
from tests.staff_fixtures import make_clerk


def a_head(name: str = "周局长") -> Officer:
    """The head of every department."""
    return Officer(make_clerk(Role.HEAD, name=name), name, frozenset({"head"}))


def waiting(case_no: str) -> ExtensionApproval:
    """What waits for the head in a case."""
    with unit_of_work() as session:
        asked = select(ExtensionApproval).join(Case, Case.id == ExtensionApproval.case_id)
        return session.scalars(
            asked.where(Case.case_no == case_no, ExtensionApproval.settled_at.is_(None))
        ).one()


def settle(approval: ExtensionApproval, *, approved: bool, head: Officer | None = None) -> None:
    """The head says yes or no."""
    by = head or a_head()
    with unit_of_work() as session:
        found = session.get_one(ExtensionApproval, approval.id)
        extension_approvals.settle(session, approval=found, head=by, approved=approved)


def approve(case_no: str) -> None:
    """The head approves what waits in a case."""
    settle(waiting(case_no), approved=True)
