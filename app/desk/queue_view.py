"""What a clerk sees of the hall's queue (叫号台): names masked, as many as fit on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app import clock
from app.appointments.models import Appointment
from app.centres import queries as centres
from app.centres.errors import CentreNotFound
from app.centres.models import Centre
from app.desk import duties
from app.people.models import Citizen
from app.people.queries import masked_name
from app.queueing import order, queries, windows
from app.queueing.models import Priority, Ticket, TicketState, WindowSession
from app.queueing.queries import Announced, GroupCount
from app.queueing.states import PRIORITY_TEXTS, STATE_TEXTS
from app.staff.models import Clerk
from app.staff.sessions import OnDuty

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queued:
    """One number as a clerk sees it; `name` is masked, None for who has no phone with us.

    `note` is why it was sent here from other windows.
    """

    id: int
    number: str
    state: str
    state_text: str
    name: str | None
    task_name: str
    taken_at: datetime
    due_at: datetime | None
    priority_text: str | None
    calls: int
    put_back: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One window and who sits there today."""

    window: str
    clerk_name: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue of a hall from one clerk's window; `mine` and what hangs on it is None without a window."""

    hall: Centre
    mine: WindowSession | None
    group: GroupCount | None
    current: Queued | None
    waiting: list[Queued]
    passed: list[Queued]
    groups: list[GroupCount]
    seats: dict[str, list[Seat]]


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen of a hall shows: numbers and windows only (叫号屏)."""

    hall: Centre
    announced: list[Announced]
    groups: list[GroupCount]


def hall_of(session: Session, *, clerk: OnDuty, asked: str | None) -> str | None:
    """Which hall a clerk sees: their own, the one asked for, or that of their window; None when open.

    Raises CentreNotFound for another hall than the clerk's own.
    """
    if clerk.centre_id is not None:
        if asked not in {None, clerk.centre_id}:
            raise CentreNotFound
        return clerk.centre_id
    if asked is not None:
        return asked
    mine = windows.of_clerk(session, clerk_id=clerk.clerk_id)
    return None if mine is None else mine.centre_id


def look(session: Session, *, clerk: OnDuty, centre_id: str) -> Desk:
    """The queue as this clerk sees it; raises NotYourDuty, CentreNotFound."""
    duties.refuse_unless(clerk, duties.RECEIVING)
    hall = centres.centre(session, centre_id=centre_id)
    mine = windows.of_clerk(session, clerk_id=clerk.clerk_id)
    if mine is not None and mine.centre_id != hall.id:
        mine = None
    counts = queries.groups(session, centre_id=hall.id)
    here = (Ticket.centre_id == hall.id, Ticket.day == clock.today())
    passed = _queued(session, *here, Ticket.state == TicketState.PASSED, by=(Ticket.called_at.desc(),))
    return Desk(
        hall=hall,
        mine=mine,
        group=next((one for one in counts if mine and one.id == mine.window_group_id), None),
        current=_current(session, mine),
        waiting=_waiting(session, mine),
        passed=passed,
        groups=counts,
        seats=_seats(session, hall),
    )


def board(session: Session, *, clerk: OnDuty, centre_id: str) -> Board:
    """What the hall's screen shows; raises NotYourDuty, CentreNotFound."""
    duties.refuse_unless(clerk, duties.RECEIVING)
    hall = centres.centre(session, centre_id=centre_id)
    return Board(
        hall,
        queries.announced(session, centre_id=hall.id),
        [group for group in queries.groups(session, centre_id=hall.id) if group.waiting],
    )


def _current(session: Session, mine: WindowSession | None) -> Queued | None:
    if mine is None:
        return None
    found = _queued(session, Ticket.session_id == mine.id, by=(Ticket.id.asc(),))
    return found[0] if found else None


def _waiting(session: Session, mine: WindowSession | None) -> list[Queued]:
    """Those who wait for the window, next first."""
    if mine is None:
        return []
    return _queued(
        session,
        Ticket.window_group_id == mine.window_group_id,
        Ticket.day == clock.today(),
        Ticket.state == TicketState.WAITING,
        by=order.next_first(clock.now()),
    )


def _queued(session: Session, *which: ColumnElement[bool], by: Sequence[ColumnElement[Any]]) -> list[Queued]:
    rows = session.execute(
        select(Ticket, Citizen.name, Appointment.visitor)
        .outerjoin(Citizen, Citizen.id == Ticket.citizen_id)
        .outerjoin(Appointment, Appointment.id == Ticket.appointment_id)
        .where(*which)
        .order_by(*by)
        .limit(MOST_SHOWN)
        .execution_options(populate_existing=True)
    )
    return [
        Queued(
            id=ticket.id,
            number=ticket.number,
            state=ticket.state,
            state_text=STATE_TEXTS[TicketState(ticket.state)],
            name=masked_name(visitor or name),
            task_name=ticket.task_name,
            taken_at=ticket.taken_at,
            due_at=ticket.due_at,
            priority_text=PRIORITY_TEXTS[Priority(ticket.priority)] if ticket.priority else None,
            calls=ticket.calls,
            put_back=ticket.put_back,
            note=ticket.note,
        )
        for ticket, name, visitor in rows
    ]


def _seats(session: Session, hall: Centre) -> dict[str, list[Seat]]:
    """The windows of each group, with who sits there."""
    rows = session.execute(
        select(WindowSession.window, Clerk.name)
        .join(Clerk, Clerk.id == WindowSession.clerk_id)
        .where(
            WindowSession.centre_id == hall.id,
            WindowSession.day == clock.today(),
            WindowSession.closed_at.is_(None),
        )
    )
    names = {row.window: row.name for row in rows}
    return {
        group.name: [Seat(window, names.get(window)) for window in group.codes]
        for group in hall.groups
        if group.codes
    }
