"""Calling numbers at the desk (叫号): who may, at which window, and every step written down.

Each step locks the clerk's own window first and writes the audit log last.
"""

from app.audit import service as audit
from app.audit.chain import Word
from app.centres import queries as centres
from app.centres.errors import CentreNotFound
from app.db import Session
from app.desk import duties
from app.desk.errors import PriorityUnknown
from app.queueing import calling, service, windows
from app.queueing.models import Priority, Ticket, WindowSession
from app.staff.sessions import OnDuty


def sit_down(session: Session, *, clerk: OnDuty, centre_id: str, window: str) -> WindowSession:
    """Work at a window for today (选择窗口).

    Raises NotYourDuty, CentreNotFound for another hall than the clerk's own, WindowUnknown, WindowTaken,
    SomebodyThere.
    """
    duties.refuse_unless(clerk, duties.RECEIVING)
    if clerk.centre_id not in {None, centre_id}:
        raise CentreNotFound
    centres.exists(session, centre_id=centre_id)
    seat = windows.sit_down(session, clerk_id=clerk.clerk_id, centre_id=centre_id, window=window)
    audit.record(
        session,
        actor=clerk.actor,
        action="window_taken",
        subject=f"window:{seat.centre_id}/{seat.window}",
    )
    return seat


def leave(session: Session, *, clerk: OnDuty) -> None:
    """Leave the window (离开窗口); raises NotYourDuty, SomebodyThere."""
    duties.refuse_unless(clerk, duties.RECEIVING)
    seat = windows.of_clerk(session, clerk_id=clerk.clerk_id)
    if seat is None:
        return
    windows.leave(session, clerk_id=clerk.clerk_id)
    audit.record(
        session,
        actor=clerk.actor,
        action="window_left",
        subject=f"window:{seat.centre_id}/{seat.window}",
    )


def call_next(session: Session, *, clerk: OnDuty) -> Ticket:
    """Call the next one (叫下一位); raises NotYourDuty, NoWindow, SomebodyThere, NobodyWaits."""
    called = calling.call_next(session, at=_seat(session, clerk))
    return _noted(session, clerk, called, action="ticket_called", window=called.window or "")


def call_again(session: Session, *, clerk: OnDuty, ticket_id: int) -> Ticket:
    """Call once more (重呼); raises NotYourDuty, NoWindow, TicketNotFound, TicketMoved, CalledEnough."""
    called = calling.call_again(session, at=_seat(session, clerk), ticket_id=ticket_id)
    return _noted(session, clerk, called, action="ticket_called_again", calls=called.calls)


def pass_over(session: Session, *, clerk: OnDuty, ticket_id: int) -> Ticket:
    """Nobody came (过号); raises NotYourDuty, NoWindow, TicketNotFound, TicketMoved, CalledTooLittle."""
    passed = calling.pass_over(session, at=_seat(session, clerk), ticket_id=ticket_id)
    return _noted(session, clerk, passed, action="ticket_passed")


def serve(session: Session, *, clerk: OnDuty, ticket_id: int) -> Ticket:
    """The citizen is here (开始办理); raises NotYourDuty, NoWindow, TicketNotFound, TicketMoved."""
    served = calling.serve(session, at=_seat(session, clerk), ticket_id=ticket_id)
    return _noted(session, clerk, served, action="ticket_serving")


def finish(session: Session, *, clerk: OnDuty, ticket_id: int) -> Ticket:
    """Done (办结); raises NotYourDuty, NoWindow, TicketNotFound, TicketMoved."""
    finished = calling.finish(session, at=_seat(session, clerk), ticket_id=ticket_id)
    return _noted(session, clerk, finished, action="ticket_served")


def transfer(session: Session, *, clerk: OnDuty, ticket_id: int, window_group_id: int, reason: str) -> Ticket:
    """Send to other windows (转窗口); the next clerk reads the reason.

    Raises NotYourDuty, NoWindow, ReasonMissing, SameGroup, TicketNotFound, TicketMoved.
    """
    moved = calling.transfer(
        session,
        at=_seat(session, clerk),
        ticket_id=ticket_id,
        window_group_id=window_group_id,
        reason=reason,
    )
    return _noted(
        session,
        clerk,
        moved,
        action="ticket_transferred",
        window_group_id=window_group_id,
    )


def put_back(session: Session, *, clerk: OnDuty, ticket_id: int) -> Ticket:
    """Put a passed number of this hall back into the line, once (恢复过号).

    Raises NotYourDuty, NoWindow, TicketNotFound, TicketMoved, PutBackAlready, HasAnotherTicket.
    """
    seat = _seat(session, clerk)
    back = calling.put_back(session, centre_id=seat.centre_id, ticket_id=ticket_id)
    return _noted(session, clerk, back, action="ticket_put_back")


def hand_out(
    session: Session, *, clerk: OnDuty, centre_id: str, window_group_id: int, priority: str
) -> Ticket:
    """Give a number to somebody in the hall who has no phone with us (现场取号).

    Raises NotYourDuty, CentreNotFound, PriorityUnknown, NotHandledHere.
    """
    duties.refuse_unless(clerk, duties.RECEIVING)
    if clerk.centre_id not in {None, centre_id}:
        raise CentreNotFound
    centres.exists(session, centre_id=centre_id)
    try:
        first = Priority(priority) if priority else None
    except ValueError as error:
        raise PriorityUnknown from error
    given = service.hand_out(session, centre_id=centre_id, window_group_id=window_group_id, priority=first)
    return _noted(session, clerk, given, action="ticket_handed_out", priority=priority)


def _seat(session: Session, clerk: OnDuty) -> WindowSession:
    """The clerk's window of today, locked; one of a hall they no longer belong to is none."""
    duties.refuse_unless(clerk, duties.RECEIVING)
    seat = windows.needed(session, clerk_id=clerk.clerk_id)
    if clerk.centre_id not in {None, seat.centre_id}:
        raise CentreNotFound
    return seat


def _noted(session: Session, clerk: OnDuty, ticket: Ticket, *, action: str, **details: Word) -> Ticket:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"ticket:{ticket.id}",
        details={"number": ticket.number, **details},
        citizen_id=ticket.citizen_id,
    )
    return ticket
