"""What a citizen can do with a number in the queue (取号、签到取号、取消).

Whoever gives a number counts first, which locks the count of those windows, and looks at other numbers of the
person then: taking one and coming to an appointment at the same moment come one after the other.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.appointments import delegated
from app.appointments import service as appointments
from app.appointments.models import Slot, Visit
from app.centres.models import WindowGroup
from app.db import LARGEST_ID
from app.delegations import acting
from app.events import publish
from app.people import queries as people
from app.people.models import Assurance
from app.queueing import order, queries, reception
from app.queueing.errors import (
    AlreadyWaiting,
    NotElder,
    NotHandledHere,
    TicketNotFound,
    TicketOver,
    TooManyTickets,
)
from app.queueing.events import TicketCancelled
from app.queueing.models import LIVE_TICKET, Priority, Ticket, TicketState, TicketWarning

# 老年人权益保障法第二条: citizens of 60 years and older.
ELDER_FROM = 60
NEARLY = 3
# Taking and giving back over and over would run the numbers up for everybody.
MOST_A_DAY = 5
_BIRTHDAY = slice(6, 14)


def take(
    session: Session, *, citizen_id: int, centre_id: str, task_code: str, priority: Priority | None = None
) -> int:
    """Take a number for an item in a hall, from anywhere (取号); the ticket's id.

    Raises CentreNotFound, HallNotOpen, NotHandledHere, AlreadyWaiting, TooManyTickets, NotElder, and what the
    catalogue raises for the item.
    """
    hall = reception.hall(session, centre_id=centre_id)
    reception.check_hours(session, hall=hall)
    group, task_name = reception.group_for(session, hall=hall, task_code=task_code)
    number = reception.new_number(session, group=group)
    _check_others(session, citizen_id=citizen_id, centre_id=centre_id, task_code=task_code)
    ticket_id = _insert(
        session,
        group,
        number=number,
        citizen_id=citizen_id,
        task_code=task_code,
        task_name=task_name,
        priority=_priority(session, citizen_id=citizen_id, said=priority),
    )
    if ticket_id is None:
        raise AlreadyWaiting
    return ticket_id


def hand_out(
    session: Session, *, centre_id: str, window_group_id: int, priority: Priority | None = None
) -> Ticket:
    """Give a number to somebody without a phone or an account (现场取号); raises NotHandledHere.

    Nobody has to go online first (不得强制先线上预约), so this asks for nothing but the windows.
    """
    group = reception.group(session, centre_id=centre_id, window_group_id=window_group_id)
    if group is None:
        raise NotHandledHere
    number = reception.new_number(session, group=group)
    ticket_id = _insert(session, group, number=number, task_name=f"{group.name}业务", priority=priority)
    return session.get_one(Ticket, ticket_id)


def check_in(session: Session, *, code: str) -> Visit:
    """Note that somebody has come to an appointment and give them their number (签到取号).

    Repeating it changes nothing. Raises what checking in raises.
    """
    visit = appointments.check_in(session, code=code)
    give_number(session, visit)
    return visit


def give_number(session: Session, visit: Visit) -> None:
    """Give a checked-in appointment of today its number; a number taken for the same item goes back."""
    known = select(Ticket.id).where(Ticket.appointment_id == visit.id)
    slot = session.get_one(Slot, visit.slot_id)
    if slot.day != clock.today() or session.scalar(known) is not None:
        return
    group = session.get_one(WindowGroup, slot.window_group_id)
    number = reception.new_number(session, group=group)
    session.execute(
        update(Ticket)
        .where(
            Ticket.citizen_id == visit.citizen_id,
            Ticket.centre_id == visit.centre_id,
            Ticket.day == clock.today(),
            Ticket.task_code == visit.task_code,
            Ticket.state == TicketState.WAITING,
            Ticket.appointment_id.is_(None),
        )
        .values(state=TicketState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
    # A number for somebody else, such as a mother, says nothing about the age of who booked.
    own = visit.visitor is None
    _insert(
        session,
        group,
        number=number,
        citizen_id=visit.citizen_id,
        task_code=visit.task_code,
        task_name=visit.task_name,
        appointment_id=visit.id,
        due_at=slot.starts_at,
        priority=_priority(session, citizen_id=visit.citizen_id, said=None) if own else None,
    )


def cancel(session: Session, *, citizen_id: int, ticket_id: int) -> None:
    """Give a number back, also one that was just called (取消排队); repeating it changes nothing.

    Publishes TicketCancelled. Raises TicketNotFound, TicketOver, DelegationNotFound.
    """
    if not 0 < ticket_id <= LARGEST_ID:
        raise TicketNotFound
    delegated.hold(session)
    mine = (Ticket.id == ticket_id, Ticket.citizen_id == citizen_id, queries.seen())
    gone = session.execute(
        update(Ticket)
        .where(*mine, Ticket.state.in_((TicketState.WAITING, TicketState.CALLED)))
        .values(state=TicketState.CANCELLED, session_id=None)
        .returning(Ticket.appointment_id)
    ).one_or_none()
    if gone is not None:
        publish(session, TicketCancelled(ticket_id))
        visit = f"appointment:{gone.appointment_id}"
        acting.note(session, kind="left_queue", reference=visit, sentence="取消了排队")
        return
    state = session.scalar(select(Ticket.state).where(*mine))
    if state is None:
        raise TicketNotFound
    if state != TicketState.CANCELLED:
        raise TicketOver


def _insert(session: Session, group: WindowGroup, **columns: Any) -> int | None:
    """A new waiting ticket; None when the person or the appointment has one."""
    ticket_id = session.scalar(
        insert(Ticket)
        .values(
            centre_id=group.centre_id,
            window_group_id=group.id,
            day=clock.today(),
            state=TicketState.WAITING,
            taken_at=clock.now(),
            **columns,
        )
        .on_conflict_do_nothing()
        .returning(Ticket.id)
    )
    if ticket_id is not None:
        _note_if_near(session, ticket_id=ticket_id, window_group_id=group.id)
    return ticket_id


def _note_if_near(session: Session, *, ticket_id: int, window_group_id: int) -> None:
    """Whoever has few ahead from the start has just read so, and is not told again."""
    line = order.line(Ticket.window_group_id == window_group_id)
    ahead = session.scalar(select(line.c.ahead).where(line.c.id == ticket_id))
    if ahead is not None and ahead <= NEARLY:
        session.add(TicketWarning(ticket_id=ticket_id, round=1))
        session.flush()


def _check_others(session: Session, *, citizen_id: int, centre_id: str, task_code: str) -> None:
    """Raises AlreadyWaiting for who waits with an appointment for the same item, TooManyTickets."""
    today = session.execute(
        select(Ticket.task_code, Ticket.state, Ticket.appointment_id).where(
            Ticket.citizen_id == citizen_id, Ticket.centre_id == centre_id, Ticket.day == clock.today()
        )
    ).all()
    if any(
        one.appointment_id is not None and one.task_code == task_code and one.state in LIVE_TICKET
        for one in today
    ):
        raise AlreadyWaiting
    if sum(one.appointment_id is None for one in today) >= MOST_A_DAY:
        raise TooManyTickets


def _priority(session: Session, *, citizen_id: int, said: Priority | None) -> Priority | None:
    """What the person says, checked where we know better: who is known to be an elder need not say so."""
    citizen = people.citizen(session, citizen_id=citizen_id)
    if citizen.assurance < Assurance.REAL_NAME or citizen.id_number is None:
        return said
    elder = _age(citizen.id_number) >= ELDER_FROM
    if said is Priority.ELDER and not elder:
        raise NotElder
    return said or (Priority.ELDER if elder else None)


def _age(id_number: str) -> int:
    """Full years today, by the birth date in a citizen number."""
    born: date = datetime.strptime(id_number[_BIRTHDAY], "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    today = clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
