"""Complaints at the desk (热线工单): the department answers, a supervisor passes on; all is written down.

Nobody sees who complains. A complaint (投诉) about a case is not shown to a clerk who has worked on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, not_, or_, select, true, tuple_
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.complaints import joint, numbers, queries, service
from app.complaints.errors import ComplaintNotFound, PartAnswered
from app.complaints.kinds import RULES, Kind
from app.complaints.models import Complaint, ComplaintAnswer, ComplaintPart, ComplaintState
from app.complaints.queries import Handler
from app.desk import duties
from app.desk.duties import Duty
from app.desk.errors import NotTheLead
from app.desk.ratings import worked_on
from app.desk.work import counted_to
from app.staff.models import Role
from app.staff.sessions import OnDuty

ANSWERING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
PASSING_ON: Duty = frozenset({Role.SUPERVISOR})


class View(StrEnum):
    """The parts of the list."""

    OPEN = "open"
    ANSWERED = "answered"


_STATES = {View.OPEN: ComplaintState.RECEIVED.value, View.ANSWERED: ComplaintState.ANSWERED.value}


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint in the list; `due_in` in days, negative is over, None when it is answered.

    `dept_name` None: the supervisors answer it, or pass it on. `case_no` is there for whoever may read it.
    """

    id: int
    complaint_no: str
    kind: str
    kind_text: str
    organisation: str | None
    text: str
    case_no: str | None
    task_name: str | None
    dept_name: str | None
    state: str
    state_text: str
    filed_at: datetime
    due_on: date
    due_in: int | None
    escalated_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One complaint with its answers; `departments` are there for whoever may pass it on.

    `answers_for` are the departments that were asked and for which this clerk may say something.
    """

    line: Line
    answers: Sequence[ComplaintAnswer]
    handlers: list[Handler]
    may_answer: bool
    may_ask: bool
    answers_for: list[Handler]
    departments: list[str]


def page(
    session: Session, *, clerk: OnDuty, view: View, after: int | None = None, limit: int = 20
) -> tuple[list[Line], int | None]:
    """Up to `limit` complaints, the first due first, the answered ones newest first; the next page's mark."""
    asked = _rows(clerk).where(Complaint.state == _STATES[view])
    if view is View.ANSWERED:
        asked = asked.order_by(Complaint.id.desc())
        asked = asked if after is None else asked.where(Complaint.id < after)
    else:
        asked = asked.order_by(Complaint.due_on, Complaint.id)
        if after is not None:
            last = select(Complaint.due_on, Complaint.id).where(Complaint.id == after)
            asked = asked.where(tuple_(Complaint.due_on, Complaint.id) > last.scalar_subquery())
    rows = session.execute(asked.limit(limit + 1)).all()
    lines = [_line(row, clerk) for row in rows[:limit]]
    audit.record(session, actor=clerk.actor, action="complaints_listed", subject=f"complaints:{view.value}")
    return lines, lines[-1].id if len(rows) > limit else None


def counts(session: Session, *, clerk: OnDuty) -> dict[str, int]:
    """How many complaints wait, and how many of them are late; one statement."""
    is_open = Complaint.state == ComplaintState.RECEIVED.value
    wanted = {"open": is_open, "late": and_(is_open, Complaint.due_on < clock.today())}
    counted = [
        counted_to(select(Complaint.id).where(condition, visible_to(clerk))) for condition in wanted.values()
    ]
    return dict(zip(wanted, session.execute(select(*counted)).one(), strict=True))


def look_at(session: Session, *, clerk: OnDuty, complaint_no: str) -> Seen:
    """A complaint with its answers (查看工单); raises ComplaintNotFound, also for a foreign one."""
    row = _one(session, clerk, complaint_no)
    complaint = row.Complaint
    is_open = complaint.state == ComplaintState.RECEIVED
    handlers = queries.handlers(
        complaint, queries.parts_of(session, complaint_ids=[complaint.id])[complaint.id]
    )
    departments: list[str] = []
    if is_open and clerk.roles & PASSING_ON:
        departments = [count.name for count in catalogue.departments(session)]
    seen = Seen(
        line=_line(row, clerk),
        answers=queries.answers_of(session, complaint_ids=[complaint.id])[complaint.id],
        handlers=handlers,
        may_answer=is_open and _replies(clerk, complaint),
        may_ask=is_open and RULES[Kind(complaint.kind)].joint and bool(clerk.roles & PASSING_ON),
        answers_for=[one for one in handlers if is_open and _speaks_for(clerk, one)],
        departments=departments,
    )
    _note(session, clerk, complaint, action="complaint_viewed")
    return seen


def answer(session: Session, *, clerk: OnDuty, complaint_no: str, text: str, final: bool) -> None:
    """Answer for good, or tell how it goes on (答复); raises ComplaintNotFound and what answering raises."""
    duties.refuse_unless(clerk, ANSWERING)
    complaint = _one(session, clerk, complaint_no).Complaint
    if not _replies(clerk, complaint):
        raise NotTheLead
    service.answer(session, complaint_id=complaint.id, officer=duties.officer(clerk), text=text, final=final)
    _note(session, clerk, complaint, action="complaint_answered", final=final)


def pass_on(session: Session, *, clerk: OnDuty, complaint_no: str, department: str) -> None:
    """Have a department answer (转办); a supervisor alone. Raises ComplaintNotFound, DepartmentUnknown."""
    duties.refuse_unless(clerk, PASSING_ON)
    complaint = _one(session, clerk, complaint_no).Complaint
    service.pass_on(session, complaint_id=complaint.id, department=department)
    _note(session, clerk, complaint, action="complaint_passed_on", department=department)


def ask(session: Session, *, clerk: OnDuty, complaint_no: str, lead: str, others: Sequence[str]) -> None:
    """Name who replies to a company and ask other departments (交办、会办); a supervisor alone.

    Raises NotYourDuty, ComplaintNotFound and what joint.ask raises.
    """
    duties.refuse_unless(clerk, PASSING_ON)
    complaint = _one(session, clerk, complaint_no).Complaint
    joint.ask(session, complaint_id=complaint.id, lead=lead, others=others)
    _note(session, clerk, complaint, action="complaint_asked", department="、".join([lead, *others]))


def answer_part(session: Session, *, clerk: OnDuty, complaint_no: str, dept_code: str, text: str) -> None:
    """Say what one's department says (会办意见). Raises NotYourDuty, ComplaintNotFound, PartAnswered."""
    duties.refuse_unless(clerk, ANSWERING)
    complaint = _one(session, clerk, complaint_no).Complaint
    handlers = queries.handlers(
        complaint, queries.parts_of(session, complaint_ids=[complaint.id])[complaint.id]
    )
    if not any(one.dept_code == dept_code and _speaks_for(clerk, one) for one in handlers):
        raise PartAnswered
    joint.answer_part(
        session,
        complaint_id=complaint.id,
        dept_code=dept_code,
        officer=duties.officer(clerk),
        text=text,
    )
    _note(session, clerk, complaint, action="complaint_part_answered")


def _replies(clerk: OnDuty, complaint: Complaint) -> bool:
    """Whether the clerk's department is the one that replies; whoever sees all departments does for each."""
    own = clerk.department is None or clerk.department in {complaint.dept_code, complaint.dept_name}
    return own and bool(clerk.roles & ANSWERING)


def _speaks_for(clerk: OnDuty, asked: Handler) -> bool:
    own = clerk.department is None or clerk.department in {asked.dept_code, asked.dept_name}
    return own and not asked.lead and asked.answered_at is None and bool(clerk.roles & ANSWERING)


def visible_to(clerk: OnDuty) -> ColumnElement[bool]:
    """What the clerk's department answers, without complaints about what the clerk has worked on."""
    about_them = and_(Complaint.kind == Kind.COMPLAINT.value, worked_on(clerk, Complaint.case_id))
    department: ColumnElement[bool] = true()
    if clerk.department is not None:
        asked = exists().where(
            ComplaintPart.complaint_id == Complaint.id,
            or_(ComplaintPart.dept_code == clerk.department, ComplaintPart.dept_name == clerk.department),
        )
        department = or_(
            Complaint.dept_code == clerk.department, Complaint.dept_name == clerk.department, asked
        )
    return and_(department, not_(about_them))


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(Complaint, Case.case_no, Case.task_name, Case.dept_code, Case.dept_name)
        .outerjoin(Case, Case.id == Complaint.case_id)
        .where(visible_to(clerk))
        .execution_options(populate_existing=True)
    )


def _one(session: Session, clerk: OnDuty, typed: str) -> Row[*tuple[Any, ...]]:
    number = numbers.complaint_no(typed) or ""
    found = session.execute(_rows(clerk).where(Complaint.complaint_no == number)).one_or_none()
    if found is None:
        raise ComplaintNotFound
    return found


def _line(row: Row[*tuple[Any, ...]], clerk: OnDuty) -> Line:
    complaint = row.Complaint
    state = ComplaintState(complaint.state)
    readable = clerk.department is None or clerk.department in {row.dept_code, row.dept_name}
    return Line(
        id=complaint.id,
        complaint_no=complaint.complaint_no,
        kind=complaint.kind,
        kind_text=RULES[Kind(complaint.kind)].text,
        organisation=complaint.organisation,
        text=complaint.text,
        case_no=row.case_no if readable else None,
        task_name=row.task_name,
        dept_name=complaint.dept_name,
        state=state.value,
        state_text=queries.STATE_TEXTS[state],
        filed_at=complaint.created_at,
        due_on=complaint.due_on,
        due_in=(complaint.due_on - clock.today()).days if state is ComplaintState.RECEIVED else None,
        escalated_at=complaint.escalated_at,
        answered_at=complaint.answered_at,
    )


def _note(
    session: Session, clerk: OnDuty, complaint: Complaint, *, action: str, **details: str | bool
) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"complaint:{complaint.complaint_no}",
        details=details,
        citizen_id=complaint.citizen_id,
    )
