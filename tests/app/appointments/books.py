"""Looking into the books (对账): what the tests of booking and of races ask the tables directly."""

from sqlalchemy import func, select

from app.appointments import service
from app.appointments.models import LIVE, Appointment, Slot, Visit
from app.db import unit_of_work
from app.events import OutboxRow
from tests.city_fixtures import CENTRE


def book(citizen_id: int, slot_id: int, task_code: str, *, centre_id: str = CENTRE) -> Visit:
    """Book in a unit of work of its own."""
    with unit_of_work() as session:
        return service.book(
            session, citizen_id=citizen_id, centre_id=centre_id, slot_id=slot_id, task_code=task_code
        )


def booked(slot_id: int) -> int:
    """What the slot's own counter says."""
    with unit_of_work() as session:
        return session.get_one(Slot, slot_id).booked


def live(slot_id: int) -> int:
    """How many live appointments the slot really has."""
    count = select(func.count()).where(Appointment.slot_id == slot_id, Appointment.status.in_(LIVE))
    with unit_of_work() as session:
        return session.scalar(count) or 0


def heard(name: str) -> list[int]:
    """The appointments of which the outbox tells this."""
    rows = select(OutboxRow.payload).where(OutboxRow.name == name).order_by(OutboxRow.id)
    with unit_of_work() as session:
        return [payload["appointment_id"] for payload in session.scalars(rows)]


def every_slot_is_right() -> bool:
    """Whether each slot has counted exactly its live appointments and no more than it holds."""
    rows = (
        select(Slot.booked, Slot.capacity, func.count(Appointment.id))
        .outerjoin(Appointment, (Appointment.slot_id == Slot.id) & Appointment.status.in_(LIVE))
        .group_by(Slot.id)
    )
    with unit_of_work() as session:
        return all(counted == found <= capacity for counted, capacity, found in session.execute(rows))
