"""Cases of the machine that a person looks at again, at the desk (秒批抽查)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases.models import Case
from app.catalogue.models import GuideVersion
from app.desk import duties
from app.desk.duties import Duty
from app.desk.work import visible_to
from app.spot_checks import queries, service
from app.spot_checks.errors import CheckNotFound
from app.spot_checks.models import Following, Outcome, SpotCheck
from app.spot_checks.service import Finder
from app.staff.models import Role
from app.staff.sessions import OnDuty

READING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
FINDING: Duty = frozenset({Role.APPROVER})
PAGE = 20
FOLLOWING_NAMES = {
    Following.KEPT: "决定仍然有效，不用改",
    Following.CORRECTED: "已按程序更正",
    Following.REVOKED: "已按程序撤销",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn case. `own`: this clerk wrote or released its points, so somebody else looks at it."""

    id: int
    case_no: str
    task_name: str
    dept_name: str
    version: int
    decided_at: datetime
    day: date
    outcome: Outcome | None
    finding: str | None
    own: bool


def page(session: Session, *, clerk: OnDuty, after: int | None = None) -> tuple[list[Line], int | None]:
    """The department's open checks, the oldest first, and where the next page begins. Raises NotYourDuty."""
    duties.refuse_unless(clerk, READING)
    asked = _theirs(clerk).where(queries.is_open())
    if after is not None:
        asked = asked.where(SpotCheck.id > after)
    rows = session.execute(asked.order_by(SpotCheck.id).limit(PAGE + 1)).all()
    own = queries.written_by(
        session, clerk_id=clerk.clerk_id, version_ids={row.SpotCheck.guide_version_id for row in rows}
    )
    lines = [_line(row, own) for row in rows[:PAGE]]
    return lines, lines[-1].id if len(rows) > PAGE else None


def waiting(session: Session, *, clerk: OnDuty) -> int | None:
    """How many of the department's checks are open; None for whom it is no duty."""
    if not clerk.roles & READING:
        return None
    open_ones = _theirs(clerk).where(queries.is_open()).subquery()
    return session.scalar(select(func.count()).select_from(open_ones))


def find(session: Session, *, clerk: OnDuty, check_id: int, outcome: Outcome, finding: str) -> str | None:
    """Say what was found (抽查结论); the reason with which the machine was stopped by it, if it was.

    Raises NotYourDuty, CheckNotFound, and as `service.find` does.
    """
    duties.refuse_unless(clerk, FINDING)
    check = _check(session, clerk, check_id)
    found = service.find(session, check=check, finder=_finder(clerk), outcome=outcome, finding=finding)
    if outcome is Outcome.RIGHT:
        _note(session, clerk, "spot_check_right", check=check)
    else:
        _note(session, clerk, "spot_check_wrong", check=check)
    if found.stopped is not None:
        audit.record(
            session,
            actor=clerk.actor,
            action="machine_stopped",
            subject=f"item:{check.task_code}",
            details={"reason": found.stopped},
        )
    return found.stopped


def follow(session: Session, *, clerk: OnDuty, check_id: int, what: Following, note: str) -> None:
    """Settle what follows from a wrong decision; raises NotYourDuty, CheckNotFound, as `service.follow`."""
    duties.refuse_unless(clerk, READING)
    check = _check(session, clerk, check_id)
    service.follow(session, check=check, finder=_finder(clerk), what=what, note=note)
    _note(session, clerk, "spot_check_followed", check=check, what=what.value)


def _check(session: Session, clerk: OnDuty, check_id: int) -> SpotCheck:
    found = session.execute(_theirs(clerk).where(SpotCheck.id == check_id)).one_or_none()
    if found is None:
        raise CheckNotFound
    check: SpotCheck = found.SpotCheck
    return check


def _theirs(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(SpotCheck, Case.case_no, Case.task_name, Case.dept_name, Case.decided_at, GuideVersion.version)
        .join(Case, Case.id == SpotCheck.case_id)
        .join(GuideVersion, GuideVersion.id == SpotCheck.guide_version_id)
        .where(visible_to(clerk))
    )


def _line(row: Row[*tuple[Any, ...]], own: set[int]) -> Line:
    check: SpotCheck = row.SpotCheck
    return Line(
        id=check.id,
        case_no=row.case_no,
        task_name=row.task_name,
        dept_name=row.dept_name,
        version=row.version,
        decided_at=row.decided_at,
        day=check.day,
        outcome=Outcome(check.outcome) if check.outcome else None,
        finding=check.finding,
        own=check.guide_version_id in own,
    )


def _finder(clerk: OnDuty) -> Finder:
    return Finder(clerk.clerk_id, clerk.name)


def _note(session: Session, clerk: OnDuty, action: str, *, check: SpotCheck, **details: str) -> None:
    case = session.get_one(Case, check.case_id)
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        citizen_id=case.citizen_id,
        details=details,
    )
