"""What the machine decides and where it is stopped, at the desk (秒批)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import machine_stops
from app.cases.models import Case
from app.cases.review_models import CaseReview, MachineStop
from app.catalogue.errors import GuideNotFound
from app.catalogue.instant import INSTANT
from app.catalogue.models import GuideVersion, ItemState, ServiceItem
from app.desk import duties
from app.desk.duties import Duty
from app.review_points.points import Source, read
from app.staff.models import Role
from app.staff.sessions import OnDuty

READING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
STOPPING: Duty = frozenset({Role.SUPERVISOR})
PAGE = 20
_LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """One instant item; `by_machine` and `by_person` count what was handed in within 30 days.

    `for_people`: how many of its points no machine can tell. `stop`: who stopped the machine for it, and why.
    """

    id: int
    task_code: str
    name: str
    dept_name: str
    points: int
    for_people: int
    by_machine: int
    by_person: int
    stop: MachineStop | None


def page(
    session: Session, *, clerk: OnDuty, after: int | None = None
) -> tuple[list[Line], int | None, MachineStop | None]:
    """The department's instant items, where the next page begins, and the stop of the whole city.

    Three statements. Raises NotYourDuty.
    """
    duties.refuse_unless(clerk, READING)
    asked = (
        select(
            ServiceItem.id,
            ServiceItem.task_code,
            ServiceItem.name,
            GuideVersion.body["dept_name"].as_string().label("dept_name"),
            GuideVersion.body["review_points"].label("points"),
        )
        .join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
        .where(*_instant_of(clerk))
    )
    if after is not None:
        asked = asked.where(ServiceItem.id > after)
    rows = session.execute(asked.order_by(ServiceItem.id).limit(PAGE + 1)).all()
    stops = machine_stops.stops(session)
    counted = _counted(session, [row.task_code for row in rows[:PAGE]])
    lines = [_line(row, counted.get(row.task_code, (0, 0)), stops.get(row.task_code)) for row in rows[:PAGE]]
    following = lines[-1].id if len(rows) > PAGE else None
    return lines, following, stops.get(machine_stops.EVERYWHERE)


def stop(session: Session, *, clerk: OnDuty, task_code: str, reason: str) -> None:
    """Stop the machine for an item, or EVERYWHERE (停用).

    Raises NotYourDuty, GuideNotFound, StopReasonMissing.
    """
    _refuse_unknown(session, clerk, task_code)
    stopped = machine_stops.stop(
        session, task_code=task_code, reason=reason, clerk_id=clerk.clerk_id, clerk_name=clerk.name
    )
    if stopped:
        _note(session, clerk, "machine_stopped", task_code=task_code, reason=reason)


def go_on(session: Session, *, clerk: OnDuty, task_code: str) -> None:
    """Let the machine decide again (恢复); raises as `stop` does."""
    _refuse_unknown(session, clerk, task_code)
    if machine_stops.go_on(session, task_code=task_code):
        _note(session, clerk, "machine_restarted", task_code=task_code)


def stopped(session: Session, *, clerk: OnDuty) -> int | None:
    """How many stops there are, for supervisors, who may let the machine go on; None for others."""
    return len(machine_stops.stops(session)) if clerk.roles & STOPPING else None


def _refuse_unknown(session: Session, clerk: OnDuty, task_code: str) -> None:
    """A supervisor is every department's, so that only what is no instant item is refused."""
    duties.refuse_unless(clerk, STOPPING)
    if task_code == machine_stops.EVERYWHERE:
        return
    theirs = select(ServiceItem.id).join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
    found = session.scalar(theirs.where(*_instant_of(clerk), ServiceItem.task_code == task_code))
    if found is None:
        raise GuideNotFound(task_code=task_code)


def _instant_of(clerk: OnDuty) -> Sequence[ColumnElement[bool]]:
    body = GuideVersion.body
    theirs: ColumnElement[bool] = true()
    if clerk.department is not None:
        theirs = or_(
            body["dept_code"].as_string() == clerk.department,
            body["dept_name"].as_string() == clerk.department,
        )
    return (
        GuideVersion.effective_to.is_(None),
        ServiceItem.state == ItemState.IN_USE.value,
        ServiceItem.secret.is_(False),
        body["project_type"].as_string() == INSTANT,
        theirs,
    )


def _counted(session: Session, task_codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many cases the machine passed, and how many it left to a person, by item."""
    passed = func.bool_and(CaseReview.passed)
    looked = (
        select(Case.task_code, passed.label("passed"))
        .join(CaseReview, CaseReview.case_id == Case.id)
        .where(Case.task_code.in_(task_codes), CaseReview.at >= clock.now() - _LOOKS_BACK)
        .group_by(Case.id)
        .subquery()
    )
    counted = select(
        looked.c.task_code,
        func.count().filter(looked.c.passed).label("by_machine"),
        func.count().filter(~looked.c.passed).label("by_person"),
    ).group_by(looked.c.task_code)
    return {row.task_code: (row.by_machine, row.by_person) for row in session.execute(counted)}


def _line(row: Row[*tuple[Any, ...]], counted: tuple[int, int], stopped: MachineStop | None) -> Line:
    points = read({"review_points": row.points})
    return Line(
        id=row.id,
        task_code=row.task_code,
        name=row.name,
        dept_name=row.dept_name,
        points=len(points),
        for_people=sum(point.source is Source.PERSON for point in points),
        by_machine=counted[0],
        by_person=counted[1],
        stop=stopped,
    )


def _note(session: Session, clerk: OnDuty, action: str, *, task_code: str, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"item:{task_code}" if task_code else "machine:city",
        details=details,
    )
