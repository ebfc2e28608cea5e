"""What a window does with numbers (叫号): call, call again, pass over, put back, serve, finish, transfer.

Every step is one conditional UPDATE, so that a citizen who cancels and a clerk who calls cannot both succeed.
The window's own row is locked first: two clicks of one clerk come one after the other.
"""

from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.db import LARGEST_ID
from app.events import publish
from app.queueing import order, reception
from app.queueing.errors import (
    CalledEnough,
    CalledTooLittle,
    HasAnotherTicket,
    NobodyWaits,
    PutBackAlready,
    ReasonMissing,
    SameGroup,
    SomebodyThere,
    TicketMoved,
    TicketNotFound,
)
from app.queueing.events import TicketCalled, TicketPassed
from app.queueing.models import AT_A_WINDOW, LIVE_TICKET, Ticket, TicketState, WindowSession
from app.queueing.states import STATE_TEXTS

MOST_CALLS = 3
LONGEST_REASON = 100


def call_next(session: Session, *, at: WindowSession) -> Ticket:
    """Call whoever is next for this window (叫下一位).

    One statement finds, locks and takes the number; a number that another window takes at this moment is
    stepped over. Publishes TicketCalled. Raises SomebodyThere, NobodyWaits.
    """
    there = in_front(session, at=at)
    if there is not None:
        raise SomebodyThere(number=there.number)
    now = clock.now()
    first = (
        select(Ticket.id)
        .where(
            Ticket.window_group_id == at.window_group_id,
            Ticket.day == clock.today(),
            Ticket.state == TicketState.WAITING,
        )
        .order_by(*order.next_first(now))
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )
    called = _taken(
        session,
        update(Ticket)
        .where(Ticket.id == first.scalar_subquery())
        .values(state=TicketState.CALLED, session_id=at.id, window=at.window, calls=1, called_at=now),
    )
    if called is None:
        raise NobodyWaits
    publish(session, TicketCalled(called.id, called.round))
    return called


def call_again(session: Session, *, at: WindowSession, ticket_id: int) -> Ticket:
    """Call the same number once more (重呼); raises TicketNotFound, TicketMoved, CalledEnough."""
    ticket = _here(session, at=at, ticket_id=ticket_id)
    if ticket.state == TicketState.CALLED and ticket.calls >= MOST_CALLS:
        raise CalledEnough(number=ticket.number, most=MOST_CALLS)
    return _step(session, ticket, (TicketState.CALLED,), calls=Ticket.calls + 1, called_at=clock.now())


def pass_over(session: Session, *, at: WindowSession, ticket_id: int) -> Ticket:
    """Nobody came after three calls (过号). Publishes TicketPassed.

    Raises TicketNotFound, TicketMoved, CalledTooLittle.
    """
    ticket = _here(session, at=at, ticket_id=ticket_id)
    if ticket.state == TicketState.CALLED and ticket.calls < MOST_CALLS:
        raise CalledTooLittle(number=ticket.number, calls=ticket.calls, most=MOST_CALLS)
    passed = _step(session, ticket, (TicketState.CALLED,), state=TicketState.PASSED, session_id=None)
    publish(session, TicketPassed(passed.id, passed.round))
    return passed


def put_back(session: Session, *, centre_id: str, ticket_id: int) -> Ticket:
    """Somebody whose number was passed over has come after all (恢复过号): back into the line, once.

    It keeps the moment at which it was taken, so it is called soon. Raises TicketNotFound for a number of
    another hall or day, TicketMoved, PutBackAlready, HasAnotherTicket.
    """
    if not 0 < ticket_id <= LARGEST_ID:
        raise TicketNotFound
    ticket = session.scalar(
        select(Ticket).where(
            Ticket.id == ticket_id, Ticket.centre_id == centre_id, Ticket.day == clock.today()
        )
    )
    if ticket is None:
        raise TicketNotFound
    if ticket.put_back:
        raise PutBackAlready(number=ticket.number)
    if _has_another(session, ticket):
        raise HasAnotherTicket(number=ticket.number)
    try:
        return _step(session, ticket, (TicketState.PASSED,), put_back=True, **_INTO_THE_LINE)
    except IntegrityError as taken_meanwhile:
        raise HasAnotherTicket(number=ticket.number) from taken_meanwhile


def serve(session: Session, *, at: WindowSession, ticket_id: int) -> Ticket:
    """The citizen is here (开始办理); raises TicketNotFound, TicketMoved."""
    ticket = _here(session, at=at, ticket_id=ticket_id)
    return _step(session, ticket, (TicketState.CALLED,), state=TicketState.SERVING, serving_at=clock.now())


def finish(session: Session, *, at: WindowSession, ticket_id: int) -> Ticket:
    """The citizen's matter is done (办结); raises TicketNotFound, TicketMoved."""
    ticket = _here(session, at=at, ticket_id=ticket_id)
    return _step(
        session,
        ticket,
        (TicketState.SERVING,),
        state=TicketState.SERVED,
        served_at=clock.now(),
        session_id=None,
    )


def transfer(
    session: Session, *, at: WindowSession, ticket_id: int, window_group_id: int, reason: str
) -> Ticket:
    """Send the citizen to other windows of the hall without queueing anew (转窗口).

    Raises ReasonMissing, SameGroup, TicketNotFound, TicketMoved.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing
    ticket = _here(session, at=at, ticket_id=ticket_id)
    group = reception.group(session, centre_id=at.centre_id, window_group_id=window_group_id)
    if group is None or group.id == ticket.window_group_id:
        raise SameGroup
    return _step(
        session, ticket, AT_A_WINDOW, window_group_id=group.id, note=reason.strip(), **_INTO_THE_LINE
    )


def in_front(session: Session, *, at: WindowSession) -> Ticket | None:
    """Who was called to a window or is being served there."""
    return session.scalar(select(Ticket).where(Ticket.session_id == at.id))


_INTO_THE_LINE: dict[str, Any] = {
    "state": TicketState.WAITING,
    "session_id": None,
    "round": Ticket.round + 1,
    "calls": 0,
    "window": None,
    "called_at": None,
    "serving_at": None,
}


def _here(session: Session, *, at: WindowSession, ticket_id: int) -> Ticket:
    """A number that this window called; it may be over meanwhile. Raises TicketNotFound."""
    if not 0 < ticket_id <= LARGEST_ID:
        raise TicketNotFound
    ticket = session.scalar(
        select(Ticket)
        .where(
            Ticket.id == ticket_id,
            Ticket.centre_id == at.centre_id,
            Ticket.window == at.window,
            Ticket.day == at.day,
        )
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        raise TicketNotFound
    return ticket


def _step(session: Session, ticket: Ticket, states: tuple[TicketState, ...], **values: Any) -> Ticket:
    """Take a step from one of these states; raises TicketMoved when the number is in another."""
    moved = _taken(
        session,
        update(Ticket).where(Ticket.id == ticket.id, Ticket.state.in_(states)).values(**values),
    )
    if moved is None:
        session.refresh(ticket)
        raise TicketMoved(number=ticket.number, state=STATE_TEXTS[TicketState(ticket.state)])
    return moved


def _taken(session: Session, statement: Update) -> Ticket | None:
    return session.scalar(
        statement.returning(Ticket).execution_options(synchronize_session=False, populate_existing=True)
    )


def _has_another(session: Session, ticket: Ticket) -> bool:
    """Whether the person has taken a new number in this hall; an appointment's number is one of its own."""
    if ticket.citizen_id is None or ticket.appointment_id is not None:
        return False
    other = select(Ticket.id).where(
        Ticket.citizen_id == ticket.citizen_id,
        Ticket.centre_id == ticket.centre_id,
        Ticket.day == ticket.day,
        Ticket.appointment_id.is_(None),
        Ticket.state.in_(LIVE_TICKET),
    )
    return session.scalar(other) is not None
