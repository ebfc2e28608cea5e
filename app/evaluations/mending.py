"""How a bad rating is mended (差评整改): answered in time, called back about, opened again if need be.

Limits differ from place to place; five working days for the answer and fifteen for what is complex are the
ones that most public rules name. Each change of state is a conditional UPDATE, so of two clerks one acts.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases.officers import Officer
from app.centres import working_days
from app.evaluations.errors import (
    ExtendedBefore,
    OwnMending,
    TicketMoved,
    TicketNotFound,
    TooLateToExtend,
)
from app.evaluations.events import BadRatingAnswered
from app.evaluations.models import MendingStep, MendingTicket, StepKind, TicketState
from app.evaluations.words import worded
from app.events import publish

ANSWER_DAYS = 5
COMPLEX_DAYS = 15


class CallBack(StrEnum):
    """What came of calling a citizen back; `unreached` also stands for a rating without a name."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"
    UNREACHED = "unreached"


CALL_BACK_TEXTS = {
    CallBack.SATISFIED: "回访：满意",
    CallBack.UNSATISFIED: "回访：不满意，重新整改",
    CallBack.UNREACHED: "无法回访（匿名或联系不上）",
}


@dataclass(frozen=True, slots=True)
class Who:
    """Who did a step, as its history names them."""

    name: str
    clerk_id: int | None = None


CITIZEN = Who("评价人")
SYSTEM = Who("系统")


def open_for(session: Session, *, evaluation_id: int) -> MendingTicket:
    """Open the ticket of a bad rating (差评建单), in the rating's own transaction."""
    ticket = MendingTicket(
        evaluation_id=evaluation_id,
        opened_at=clock.now(),
        due_on=_due(session, start=clock.today(), days=ANSWER_DAYS),
    )
    session.add(ticket)
    session.flush()
    text = f"收到差评，请在{ticket.due_on:%Y年%m月%d日}前整改并答复"
    note(session, ticket_id=ticket.id, kind=StepKind.OPENED, who=SYSTEM, text=text)
    return ticket


def mend(session: Session, *, ticket_id: int, officer: Officer, text: str) -> None:
    """Say what was done (整改到位); the citizen is told. Raises WordsMissing, TicketMoved."""
    _answer(session, ticket_id, officer=officer, kind=StepKind.MENDED, text=text)


def dismiss(session: Session, *, ticket_id: int, officer: Officer, text: str) -> None:
    """Say why nothing is to be mended (核实不属实); the citizen is told the reason. Raises as `mend` does."""
    _answer(session, ticket_id, officer=officer, kind=StepKind.UNFOUNDED, text=text)


def extend(session: Session, *, ticket_id: int, officer: Officer, text: str) -> date:
    """Give a complex ticket its longer limit, once and before it is late (延长时限); the new last day.

    Raises WordsMissing, TicketMoved, ExtendedBefore, TooLateToExtend.
    """
    said = worded(text)
    ticket = _held(session, ticket_id)
    if ticket.extended:
        raise ExtendedBefore
    if ticket.due_on < clock.today():
        raise TooLateToExtend
    due_on = _due(session, start=ticket.due_on, days=COMPLEX_DAYS - ANSWER_DAYS)
    _move(session, ticket_id, source=TicketState.OPEN, values={"extended": True, "due_on": due_on})
    text = f"延长至{due_on:%Y年%m月%d日}：{said}"
    _noted(session, ticket_id, officer=officer, kind=StepKind.EXTENDED, text=text)
    return due_on


def call_back(session: Session, *, ticket_id: int, officer: Officer, result: CallBack, text: str) -> None:
    """Write down what the citizen said of the mending (回访); a no opens the ticket again.

    Whoever mended it does not call back. Raises OwnMending, TicketMoved, WordsMissing.
    """
    said = worded(text)
    ticket = _held(session, ticket_id)
    if ticket.answered_by == officer.clerk_id:
        raise OwnMending
    _move(session, ticket_id, source=TicketState.MENDED, values={"state": TicketState.CLOSED.value})
    text = f"{CALL_BACK_TEXTS[result]}。{said}"
    _noted(session, ticket_id, officer=officer, kind=StepKind.CALLED_BACK, text=text)
    if result is CallBack.UNSATISFIED:
        who = Who(officer.name, officer.clerk_id)
        reopen(session, ticket_id=ticket_id, who=who, text="市民对整改不满意，重新整改")


def reopen(session: Session, *, ticket_id: int, who: Who, text: str) -> None:
    """Have a ticket mended once more, with a limit of its own (重新整改)."""
    due_on = _due(session, start=clock.today(), days=ANSWER_DAYS)
    values = {"state": TicketState.OPEN.value, "due_on": due_on, "escalated_at": None}
    _move(session, ticket_id, source=TicketState.CLOSED, values=values)
    note(session, ticket_id=ticket_id, kind=StepKind.REOPENED, who=who, text=text)


def escalate(session: Session, *, limit: int = 200) -> int:
    """Mark what is past its limit for the supervisor (超期督办), a batch at a time; how many."""
    late = (
        MendingTicket.state == TicketState.OPEN.value,
        MendingTicket.due_on < clock.today(),
        MendingTicket.escalated_at.is_(None),
    )
    first = select(MendingTicket.id).where(*late).order_by(MendingTicket.due_on, MendingTicket.id)
    # As a CTE it is read once; a subquery may be read again and take more.
    waiting = first.limit(limit).with_for_update(skip_locked=True).cte()
    marked = (
        update(MendingTicket)
        .where(MendingTicket.id.in_(select(waiting.c.id)), *late)
        .values(escalated_at=clock.now())
        .returning(MendingTicket.id)
        .execution_options(synchronize_session=False)
    )
    found = session.scalars(marked).all()
    for ticket_id in found:
        note(session, ticket_id=ticket_id, kind=StepKind.ESCALATED, who=SYSTEM, text="超期未答复，已转督导")
    return len(found)


def note(session: Session, *, ticket_id: int, kind: StepKind, who: Who, text: str) -> MendingStep:
    """Write one line of a ticket's history."""
    step = MendingStep(
        ticket_id=ticket_id,
        kind=kind.value,
        at=clock.now(),
        clerk_id=who.clerk_id,
        actor_name=who.name,
        text=text,
    )
    session.add(step)
    session.flush()
    return step


def _answer(session: Session, ticket_id: int, *, officer: Officer, kind: StepKind, text: str) -> None:
    said = worded(text)
    now = clock.now()
    values = {
        "state": TicketState(kind.value).value,
        # The first answer is the one that was in time or late.
        "answered_at": func.coalesce(MendingTicket.answered_at, now),
        "in_time": func.coalesce(MendingTicket.in_time, MendingTicket.due_on >= clock.today()),
        "answered_by": officer.clerk_id,
    }
    _move(session, ticket_id, source=TicketState.OPEN, values=values)
    step = _noted(session, ticket_id, officer=officer, kind=kind, text=said)
    publish(session, BadRatingAnswered(step.id))


def _noted(session: Session, ticket_id: int, *, officer: Officer, kind: StepKind, text: str) -> MendingStep:
    who = Who(officer.name, officer.clerk_id)
    return note(session, ticket_id=ticket_id, kind=kind, who=who, text=text)


def _move(session: Session, ticket_id: int, *, source: TicketState, values: dict[str, Any]) -> None:
    """Change a ticket that is still where it was; raises TicketMoved."""
    moved = session.scalar(
        update(MendingTicket)
        .where(MendingTicket.id == ticket_id, MendingTicket.state == source.value)
        .values(**values)
        .returning(MendingTicket.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise TicketMoved


def _held(session: Session, ticket_id: int) -> MendingTicket:
    """The ticket, locked until the unit of work ends; raises TicketNotFound."""
    found = session.scalar(
        select(MendingTicket)
        .where(MendingTicket.id == ticket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise TicketNotFound
    return found


def _due(session: Session, *, start: date, days: int) -> date:
    return working_days.due_date(session, start=start, days=days, unit="WORKDAY")
