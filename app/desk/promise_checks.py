"""Promises to be looked into, at the desk (承诺核查); each act is written into the audit log."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases.models import Case
from app.desk import duties
from app.desk.duties import Duty
from app.desk.work import visible_to
from app.promise_checks import queries, service
from app.promise_checks.errors import CheckNotFound
from app.promise_checks.queries import Line
from app.promise_checks.service import Settlement
from app.staff.models import Role
from app.staff.sessions import OnDuty

FINDING: Duty = frozenset({Role.FRONT_DESK, Role.APPROVER})
READING: Duty = FINDING | {Role.SUPERVISOR}
SETTLING: Duty = frozenset({Role.APPROVER})
PER_PAGE = 20


def page(session: Session, *, clerk: OnDuty, after: int | None) -> tuple[list[Line], int | None]:
    """What the department is to look into or to settle, and after which id the next page begins."""
    lines = queries.to_do(session, of=visible_to(clerk), after=after, limit=PER_PAGE + 1)
    more = lines[PER_PAGE - 1].check.id if len(lines) > PER_PAGE else None
    return lines[:PER_PAGE], more


def find(session: Session, *, clerk: OnDuty, check_id: int, met: bool, evidence: str) -> None:
    """Say whether a promise was kept (核查结论); raises CheckNotFound and what the service raises."""
    _refuse_foreign(session, clerk, check_id)
    line = service.find(session, check_id=check_id, officer=duties.officer(clerk), met=met, evidence=evidence)
    _note(session, clerk, "promise_checked", line=line, met=met)


def settle(session: Session, *, clerk: OnDuty, check_id: int, settlement: Settlement) -> None:
    """Settle what follows from a broken one (处理); raises CheckNotFound and what the service raises."""
    _refuse_foreign(session, clerk, check_id)
    line = service.settle(session, check_id=check_id, officer=duties.officer(clerk), settlement=settlement)
    _note(session, clerk, "promise_settled", line=line, to=settlement.to.value)


def _refuse_foreign(session: Session, clerk: OnDuty, check_id: int) -> None:
    line = queries.one(session, check_id=check_id)
    seen = select(Case.id).where(Case.id == line.case.id, visible_to(clerk))
    if session.scalar(seen) is None:
        raise CheckNotFound


def _note(session: Session, clerk: OnDuty, action: str, *, line: Line, **details: Any) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{line.case.case_no}",
        details={"material": line.promise.material_code, **details},
        citizen_id=line.case.citizen_id,
    )
