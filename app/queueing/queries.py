"""What can be asked about the queue (我的排队、叫号屏、候补)."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from app import clock, on_behalf
from app.appointments.models import Appointment
from app.centres.models import Centre, WindowGroup
from app.db import LARGEST_ID
from app.queueing import order
from app.queueing.errors import TicketNotFound
from app.queueing.models import AT_A_WINDOW, Ticket, TicketState, WindowSession

_OF_LATE = timedelta(hours=2)
_FEWEST_SERVED = 3
_MINUTE_S = 60
_ON_THE_BOARD = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket with its place, as its owner and a clerk see it.

    `people_ahead` is None unless it waits; `expected_wait_minutes` None also when nobody can know.
    """

    ticket: Ticket
    centre_name: str
    window_group: str
    people_ahead: int | None
    expected_wait_minutes: int | None


@dataclass(frozen=True, slots=True)
class Announced:
    """One line of the board: a number and where to go."""

    number: str
    window: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How it stands with some windows today: R126, waiting = issued minus everything else."""

    id: int
    name: str
    windows: list[str]
    issued: int
    waiting: int
    served: int
    passed: int
    at_work: int
    next_numbers: list[str]


def of_citizen(session: Session, *, citizen_id: int) -> list[Shown]:
    """A citizen's numbers of today, newest first."""
    return _shown(session, Ticket.citizen_id == citizen_id, seen(), Ticket.day == clock.today())


def mine(session: Session, *, citizen_id: int, ticket_id: int) -> Shown:
    """One of a citizen's numbers, of any day; raises TicketNotFound."""
    if not 0 < ticket_id <= LARGEST_ID:
        raise TicketNotFound
    found = _shown(session, Ticket.citizen_id == citizen_id, seen(), Ticket.id == ticket_id)
    if not found:
        raise TicketNotFound
    return found[0]


def seen() -> ColumnElement[bool]:
    """Which numbers of the citizen an agent sees (代办人): those of the appointments they made."""
    agent = on_behalf.agent()
    if agent is None:
        return true()
    made = select(Appointment.id).where(Appointment.delegation_id == agent.delegation_id)
    return Ticket.appointment_id.in_(made)


def by_id(session: Session, *, ticket_id: int) -> Shown:
    """A number whoever's it is, for callers that hold another proof; raises TicketNotFound."""
    found = _shown(session, Ticket.id == ticket_id)
    if not found:
        raise TicketNotFound
    return found[0]


def of_appointments(session: Session, *, appointment_ids: Sequence[int]) -> dict[int, int]:
    """The ticket of each appointment that has one."""
    if not appointment_ids:
        return {}
    rows = session.execute(
        select(Ticket.appointment_id, Ticket.id).where(Ticket.appointment_id.in_(appointment_ids))
    )
    return {appointment_id: ticket_id for appointment_id, ticket_id in rows if appointment_id is not None}


def waiting(session: Session, *, centre_ids: Sequence[str]) -> dict[str, int]:
    """How many wait in each of these halls now (R126 现场排队人数)."""
    rows = session.execute(
        select(Ticket.centre_id, func.count())
        .where(
            Ticket.centre_id.in_(centre_ids),
            Ticket.day == clock.today(),
            Ticket.state == TicketState.WAITING,
        )
        .group_by(Ticket.centre_id)
    )
    return dict.fromkeys(centre_ids, 0) | {row[0]: row[1] for row in rows}


def near(session: Session, *, window_group_id: int, most_ahead: int) -> list[Ticket]:
    """Who waits for these windows with at most so many ahead, next first."""
    line = order.line(Ticket.window_group_id == window_group_id)
    found = session.scalars(
        select(Ticket)
        .join(line, line.c.id == Ticket.id)
        .where(line.c.ahead <= most_ahead)
        .order_by(line.c.ahead)
    )
    return list(found)


def announced(session: Session, *, centre_id: str, limit: int = _ON_THE_BOARD) -> list[Announced]:
    """What the hall's screen calls, last called first: numbers and windows, nothing personal (叫号屏)."""
    rows = session.execute(
        select(Ticket.number, Ticket.window)
        .where(
            Ticket.centre_id == centre_id,
            Ticket.day == clock.today(),
            Ticket.state.in_(AT_A_WINDOW),
            Ticket.window.is_not(None),
        )
        .order_by(Ticket.called_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return [Announced(number, window or "") for number, window in rows]


def groups(session: Session, *, centre_id: str, next_up: int = 5) -> list[GroupCount]:
    """The hall's window groups with today's counts and the next numbers of each."""
    counts = {row.id: row for row in session.execute(_counts(centre_id))}
    at_work = _windows_at_work(session, WindowSession.centre_id == centre_id)
    upcoming = _next_numbers(session, centre_id=centre_id, most=next_up)
    found = session.scalars(
        select(WindowGroup).where(WindowGroup.centre_id == centre_id).order_by(WindowGroup.id)
    )
    return [
        GroupCount(
            id=group.id,
            name=group.name,
            windows=list(group.codes),
            issued=row.issued if (row := counts.get(group.id)) else 0,
            waiting=row.waiting if row else 0,
            served=row.served if row else 0,
            passed=row.passed if row else 0,
            at_work=at_work.get(group.id, 0),
            next_numbers=upcoming.get(group.id, []),
        )
        for group in found
        if group.codes or group.id in counts
    ]


def _counts(centre_id: str) -> Any:
    def in_state(state: TicketState) -> ColumnElement[int]:
        return func.count().filter(Ticket.state == state)

    return (
        select(
            Ticket.window_group_id.label("id"),
            func.count().label("issued"),
            in_state(TicketState.WAITING).label("waiting"),
            in_state(TicketState.SERVED).label("served"),
            in_state(TicketState.PASSED).label("passed"),
        )
        .where(Ticket.centre_id == centre_id, Ticket.day == clock.today())
        .group_by(Ticket.window_group_id)
    )


def _next_numbers(session: Session, *, centre_id: str, most: int) -> dict[int, list[str]]:
    of_hall = select(WindowGroup.id).where(WindowGroup.centre_id == centre_id)
    line = order.line(Ticket.window_group_id.in_(of_hall))
    rows = session.execute(
        select(Ticket.window_group_id, Ticket.number)
        .join(line, line.c.id == Ticket.id)
        .where(line.c.ahead < most)
        .order_by(line.c.ahead)
    )
    numbers: dict[int, list[str]] = {}
    for group_id, number in rows:
        numbers.setdefault(group_id, []).append(number)
    return numbers


def _shown(session: Session, *which: ColumnElement[bool]) -> list[Shown]:
    """Tickets with their places, newest first: one statement, and two more when somebody waits."""
    line = order.line(Ticket.window_group_id.in_(select(Ticket.window_group_id).where(*which)))
    rows = session.execute(
        select(Ticket, Centre.name, WindowGroup.name, line.c.ahead)
        .join(Centre, Centre.id == Ticket.centre_id)
        .join(WindowGroup, WindowGroup.id == Ticket.window_group_id)
        .outerjoin(line, line.c.id == Ticket.id)
        .where(*which)
        .order_by(Ticket.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    waiting_for = {ticket.window_group_id for ticket, _, _, ahead in rows if ahead is not None}
    turn = _seconds_a_turn(session, waiting_for) if waiting_for else {}
    return [
        Shown(
            ticket,
            centre_name,
            group_name,
            people_ahead=ahead,
            expected_wait_minutes=_minutes(turn.get(ticket.window_group_id), ahead),
        )
        for ticket, centre_name, group_name, ahead in rows
    ]


def _minutes(seconds_a_turn: float | None, ahead: int | None) -> int | None:
    if seconds_a_turn is None or ahead is None:
        return None
    return math.ceil(seconds_a_turn * (ahead + 1) / _MINUTE_S)


def _seconds_a_turn(session: Session, group_ids: Collection[int]) -> dict[int, float]:
    """How often somebody's turn comes at these windows: time at the window, of late, over windows at work.

    Windows at which nobody works or too few were served of late are left out: nobody can know.
    """
    at_work = _windows_at_work(session, WindowSession.window_group_id.in_(group_ids))
    since: datetime = clock.now() - _OF_LATE
    served = session.execute(
        select(
            Ticket.window_group_id,
            func.avg(func.extract("epoch", Ticket.served_at - Ticket.serving_at)),
        )
        .where(
            Ticket.window_group_id.in_(group_ids),
            Ticket.state == TicketState.SERVED,
            Ticket.served_at >= since,
            Ticket.serving_at.is_not(None),
        )
        .group_by(Ticket.window_group_id)
        .having(func.count() >= _FEWEST_SERVED)
    )
    return {
        group_id: float(seconds) / at_work[group_id] for group_id, seconds in served if at_work.get(group_id)
    }


def _windows_at_work(session: Session, which: ColumnElement[bool]) -> dict[int, int]:
    rows = session.execute(
        select(WindowSession.window_group_id, func.count())
        .where(which, WindowSession.day == clock.today(), WindowSession.closed_at.is_(None))
        .group_by(WindowSession.window_group_id)
    )
    return {row[0]: row[1] for row in rows}
