"""The waiting list for an earlier place (候补夹具)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import clock
from app.appointments import service as appointments
from app.appointments.models import LIVE, Appointment, Slot, Visit
from app.db import unit_of_work
from app.queueing import waitlist, wishes
from app.queueing.models import OfferState, WaitlistEntry, WaitlistOffer
from app.queueing.wishes import Wish
from tests.city_fixtures import CENTRE, MONDAY, make_slot
from tests.people_fixtures import make_citizen

TUESDAY_10 = MONDAY + timedelta(days=1, hours=2)
FRIDAY = MONDAY + timedelta(days=4)


def book(task_code: str, slot_id: int, *, citizen_id: int | None = None) -> Visit:
    """Book a place."""
    owner = citizen_id or make_citizen()
    with unit_of_work() as session:
        return appointments.book(
            session, citizen_id=owner, centre_id=CENTRE, slot_id=slot_id, task_code=task_code
        )


def full_slot(task_code: str, *, at: datetime = TUESDAY_10, capacity: int = 1) -> tuple[int, list[Visit]]:
    """A slot with every place booked."""
    slot_id = make_slot(at=at, capacity=capacity)
    return slot_id, [book(task_code, slot_id) for _ in range(capacity)]


def join(task_code: str, *, citizen_id: int | None = None, before: datetime = FRIDAY) -> tuple[int, int]:
    """Wait for a place before Friday; the citizen and the wish."""
    owner = citizen_id or make_citizen()
    with unit_of_work() as session:
        return owner, waitlist.join(
            session, citizen_id=owner, centre_id=CENTRE, task_code=task_code, before=before
        )


def cancel(visit: Visit) -> Visit:
    """Give an appointment's place back."""
    with unit_of_work() as session:
        return waitlist.cancel(session, citizen_id=visit.citizen_id, appointment_id=visit.id)


def move(visit: Visit, slot_id: int) -> Visit:
    """Move an appointment."""
    with unit_of_work() as session:
        return waitlist.reschedule(
            session, citizen_id=visit.citizen_id, appointment_id=visit.id, slot_id=slot_id
        )


def accept(owner: int, entry_id: int) -> Visit:
    """Take the held place."""
    with unit_of_work() as session:
        return waitlist.accept(session, citizen_id=owner, entry_id=entry_id)


def leave(owner: int, entry_id: int) -> None:
    """Wait no longer."""
    with unit_of_work() as session:
        waitlist.leave(session, citizen_id=owner, entry_id=entry_id)


def wish(entry_id: int) -> Wish:
    """A wish as its owner sees it."""
    with unit_of_work() as session:
        return wishes.by_id(session, entry_id=entry_id)


def state(entry_id: int) -> str:
    """Where a wish stands."""
    with unit_of_work() as session:
        return session.get_one(WaitlistEntry, entry_id).state


def booked(slot_id: int) -> int:
    """What the slot's counter says."""
    with unit_of_work() as session:
        return session.get_one(Slot, slot_id).booked


def every_slot_is_right() -> bool:
    """Whether each slot counts exactly its live appointments and held places, and no more than it holds."""
    live = (
        select(func.count(Appointment.id))
        .where(Appointment.slot_id == Slot.id, Appointment.status.in_(LIVE))
        .scalar_subquery()
    )
    held = (
        select(func.count(WaitlistOffer.id))
        .where(WaitlistOffer.slot_id == Slot.id, WaitlistOffer.state == OfferState.OPEN)
        .scalar_subquery()
    )
    with unit_of_work() as session:
        rows = session.execute(select(Slot.booked, Slot.capacity, live, held)).all()
    return all(counted == real + kept <= capacity for counted, capacity, real, kept in rows)


def in_minutes(minutes: int) -> datetime:
    """Some minutes from now."""
    return clock.now() + timedelta(minutes=minutes)
