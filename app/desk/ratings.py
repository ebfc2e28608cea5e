"""Bad ratings at the desk (差评整改): the department answers, a supervisor calls back; all is written down.

Whoever rates is protected: nobody sees a name, an anonymous rating shows no case, and a case is not shown to
a clerk who has worked on it. A telephone number is shown for a call-back alone, and that is written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, true, tuple_
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases.models import Case, CaseEvent
from app.db import LARGEST_ID
from app.desk import duties
from app.desk.duties import Duty
from app.desk.work import counted_to
from app.evaluations import levels, mending
from app.evaluations.errors import CallBackUnsaid, TicketNotFound
from app.evaluations.levels import Level
from app.evaluations.mending import CallBack
from app.evaluations.models import Evaluation, MendingStep, MendingTicket, TicketState
from app.people import queries as people
from app.staff.models import Role
from app.staff.sessions import OnDuty

MENDING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
REVIEWING: Duty = frozenset({Role.SUPERVISOR})


class View(StrEnum):
    """The parts of the list."""

    OPEN = "open"
    MENDED = "mended"
    DONE = "done"


class Action(StrEnum):
    """What may be done with a ticket."""

    MEND = "mend"
    DISMISS = "dismiss"
    EXTEND = "extend"
    CALL_BACK = "call_back"


STATE_TEXTS = {
    TicketState.OPEN: "待整改",
    TicketState.MENDED: "待回访",
    TicketState.UNFOUNDED: "核实不属实",
    TicketState.CLOSED: "已办结",
}
_STATES = {
    View.OPEN: (TicketState.OPEN.value,),
    View.MENDED: (TicketState.MENDED.value,),
    View.DONE: (TicketState.CLOSED.value, TicketState.UNFOUNDED.value),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket in the list; `due_in` in days, negative is over, None when nothing is due.

    `case_no` is None for a visit, for an anonymous rating, and for a clerk who has worked on the case.
    """

    id: int
    task_name: str
    dept_name: str
    level: Level
    tags: list[str]
    comment: str
    rated_on: date
    anonymous: bool
    case_no: str | None
    of_case: bool
    state: str
    state_text: str
    due_on: date
    due_in: int | None
    extended: bool
    escalated_at: datetime | None
    satisfied: bool | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One ticket with its history and what this clerk may do."""

    line: Line
    steps: Sequence[MendingStep]
    actions: frozenset[Action]


def page(
    session: Session, *, clerk: OnDuty, view: View, after: int | None = None, limit: int = 20
) -> tuple[list[Line], int | None]:
    """Up to `limit` tickets, the first due first, what is over newest first; the next page's mark."""
    asked = _rows(clerk).where(MendingTicket.state.in_(_STATES[view]))
    if view is View.DONE:
        asked = asked.order_by(MendingTicket.id.desc())
        asked = asked if after is None else asked.where(MendingTicket.id < after)
    else:
        key = tuple_(MendingTicket.due_on, MendingTicket.id)
        asked = asked.order_by(MendingTicket.due_on, MendingTicket.id)
        if after is not None:
            last = select(MendingTicket.due_on, MendingTicket.id).where(MendingTicket.id == after)
            asked = asked.where(key > last.scalar_subquery())
    rows = session.execute(asked.limit(limit + 1)).all()
    lines = [_line(row) for row in rows[:limit]]
    audit.record(session, actor=clerk.actor, action="ratings_listed", subject=f"ratings:{view.value}")
    return lines, lines[-1].id if len(rows) > limit else None


def counts(session: Session, *, clerk: OnDuty) -> dict[str, int]:
    """How many tickets wait to be mended, are late, and wait to be called back about; one statement."""
    is_open = MendingTicket.state == TicketState.OPEN.value
    wanted = {
        "open": is_open,
        "late": and_(is_open, MendingTicket.due_on < clock.today()),
        "mended": MendingTicket.state == TicketState.MENDED.value,
    }
    counted = [
        counted_to(
            select(MendingTicket.id)
            .join(Evaluation, Evaluation.id == MendingTicket.evaluation_id)
            .where(condition, visible_to(clerk))
        )
        for condition in wanted.values()
    ]
    return dict(zip(wanted, session.execute(select(*counted)).one(), strict=True))


def look_at(session: Session, *, clerk: OnDuty, ticket_id: int) -> Seen:
    """A ticket with its history (查看差评); raises TicketNotFound, also for a foreign one."""
    row = _one(session, clerk, ticket_id)
    steps = session.scalars(
        select(MendingStep).where(MendingStep.ticket_id == ticket_id).order_by(MendingStep.id)
    ).all()
    seen = Seen(_line(row), steps, _actions(row.MendingTicket, clerk))
    _note(session, clerk, row, action="rating_viewed")
    return seen


def telephone(session: Session, *, clerk: OnDuty, ticket_id: int) -> str:
    """The number to call back, which is written down (回访电话); "" when there is none to be shown.

    Only while a mending waits for its call-back, and never of an anonymous rating. Raises TicketNotFound.
    """
    duties.refuse_unless(clerk, REVIEWING)
    row = _one(session, clerk, ticket_id)
    if Action.CALL_BACK not in _actions(row.MendingTicket, clerk) or row.Evaluation.anonymous:
        return ""
    number = people.phone(session, citizen_id=row.Evaluation.citizen_id) or ""
    _note(session, clerk, row, action="rating_telephone_viewed")
    return number


def mend(session: Session, *, clerk: OnDuty, ticket_id: int, text: str) -> None:
    """Say what was done (整改到位); raises TicketNotFound and what mending raises."""
    duties.refuse_unless(clerk, MENDING)
    row = _one(session, clerk, ticket_id)
    mending.mend(session, ticket_id=ticket_id, officer=duties.officer(clerk), text=text)
    _note(session, clerk, row, action="rating_mended")


def dismiss(session: Session, *, clerk: OnDuty, ticket_id: int, text: str) -> None:
    """Say why nothing is to be mended (不属实); a supervisor alone. Raises as `mend` does."""
    duties.refuse_unless(clerk, REVIEWING)
    row = _one(session, clerk, ticket_id)
    mending.dismiss(session, ticket_id=ticket_id, officer=duties.officer(clerk), text=text)
    _note(session, clerk, row, action="rating_dismissed")


def extend(session: Session, *, clerk: OnDuty, ticket_id: int, text: str) -> None:
    """Give a complex ticket its longer limit (延长时限); a supervisor alone. Raises as `mend` does."""
    duties.refuse_unless(clerk, REVIEWING)
    row = _one(session, clerk, ticket_id)
    mending.extend(session, ticket_id=ticket_id, officer=duties.officer(clerk), text=text)
    _note(session, clerk, row, action="rating_extended")


def call_back(session: Session, *, clerk: OnDuty, ticket_id: int, result: CallBack, text: str) -> None:
    """Write down a call-back (回访); a supervisor alone, and not whoever mended. Raises as `mend` does.

    Nobody knows whom to call about an anonymous rating: CallBackUnsaid for every result but that.
    """
    duties.refuse_unless(clerk, REVIEWING)
    row = _one(session, clerk, ticket_id)
    if row.Evaluation.anonymous and result is not CallBack.UNREACHED:
        raise CallBackUnsaid
    mending.call_back(session, ticket_id=ticket_id, officer=duties.officer(clerk), result=result, text=text)
    _note(session, clerk, row, action="rating_called_back", result=result.value)


def visible_to(clerk: OnDuty) -> ColumnElement[bool]:
    """The tickets of the clerk's department, and of visits to the clerk's hall alone."""
    department: ColumnElement[bool] = true()
    if clerk.department is not None:
        department = or_(Evaluation.dept_code == clerk.department, Evaluation.dept_name == clerk.department)
    if clerk.centre_id is None:
        return department
    return and_(department, or_(Evaluation.centre_id.is_(None), Evaluation.centre_id == clerk.centre_id))


def worked_on(clerk: OnDuty, case_id: Any) -> ColumnElement[bool]:
    """Whether the clerk has taken a step in a case."""
    return exists().where(CaseEvent.case_id == case_id, CaseEvent.clerk_id == clerk.clerk_id)


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(
            MendingTicket,
            Evaluation,
            Case.case_no,
            worked_on(clerk, Evaluation.case_id).label("worked_on"),
        )
        .join(Evaluation, Evaluation.id == MendingTicket.evaluation_id)
        .outerjoin(Case, Case.id == Evaluation.case_id)
        .where(visible_to(clerk))
        .execution_options(populate_existing=True)
    )


def _one(session: Session, clerk: OnDuty, ticket_id: int) -> Row[*tuple[Any, ...]]:
    found = None
    if ticket_id <= LARGEST_ID:
        found = session.execute(_rows(clerk).where(MendingTicket.id == ticket_id)).one_or_none()
    if found is None:
        raise TicketNotFound
    return found


def _actions(ticket: MendingTicket, clerk: OnDuty) -> frozenset[Action]:
    found: set[Action] = set()
    if ticket.state == TicketState.OPEN:
        if clerk.roles & MENDING:
            found.add(Action.MEND)
        if clerk.roles & REVIEWING:
            found.add(Action.DISMISS)
            if not ticket.extended and ticket.due_on >= clock.today():
                found.add(Action.EXTEND)
    waits = ticket.state == TicketState.MENDED and ticket.answered_by != clerk.clerk_id
    if waits and clerk.roles & REVIEWING:
        found.add(Action.CALL_BACK)
    return frozenset(found)


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    ticket, rated = row.MendingTicket, row.Evaluation
    state = TicketState(ticket.state)
    return Line(
        id=ticket.id,
        task_name=rated.task_name,
        dept_name=rated.dept_name,
        level=levels.LEVELS[rated.level],
        tags=[levels.TAGS[key].text for key in rated.tags if key in levels.TAGS],
        comment=rated.comment or "",
        rated_on=clock.local(rated.created_at).date(),
        anonymous=rated.anonymous,
        case_no=None if rated.anonymous or row.worked_on else row.case_no,
        of_case=rated.case_id is not None,
        state=state.value,
        state_text=STATE_TEXTS[state],
        due_on=ticket.due_on,
        due_in=(ticket.due_on - clock.today()).days if state is TicketState.OPEN else None,
        extended=ticket.extended,
        escalated_at=ticket.escalated_at,
        satisfied=ticket.satisfied,
    )


def _note(
    session: Session, clerk: OnDuty, row: Row[*tuple[Any, ...]], *, action: str, **details: str
) -> None:
    """Write it down; of an anonymous rating the log does not know whose it is either."""
    rated = row.Evaluation
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"rating:{row.MendingTicket.id}",
        details=details,
        citizen_id=None if rated.anonymous else rated.citizen_id,
    )
