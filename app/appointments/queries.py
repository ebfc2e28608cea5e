"""What can be asked about slots and appointments (号源查询、我的预约)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, select, tuple_
from sqlalchemy.orm import Session

from app import clock
from app.appointments import delegated
from app.appointments.bookable import bookable
from app.appointments.errors import AppointmentNotFound, DaysInvalid
from app.appointments.models import Appointment, Slot, Visit
from app.centres import queries as centres
from app.centres.models import Centre, CityRules, WindowGroup
from app.db import LARGEST_ID

MOST_DAYS = 31
_SUGGESTIONS = 3
_PERCENT = 100
_LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """One slot as a citizen chooses it; `load` is in percent of the places that can be booked."""

    id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    window_group: str
    capacity: int
    free: int

    @property
    def load(self) -> int:
        """How full it is, 0 to 100."""
        return _PERCENT - self.free * _PERCENT // self.capacity if self.capacity else _PERCENT


@dataclass(frozen=True, slots=True)
class Choice:
    """The slots of some days, and the quieter ones among them (错峰)."""

    slots: list[OpenSlot]
    quieter: list[OpenSlot]


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """What a message about an appointment may say."""

    citizen_id: int
    task_code: str
    task_name: str
    centre_name: str
    starts_at: datetime
    code: str
    status: str


def slots(
    session: Session,
    *,
    centre_id: str,
    task_code: str,
    first: date | None = None,
    last: date | None = None,
) -> Choice:
    """The slots of a centre in which an item can be booked, from today or later; both days inside.

    Raises NotBookable, NotAtThisCentre, CentreNotFound, DaysInvalid, and what the catalogue raises.
    """
    first = first or clock.today()
    last = last or first + _LOOK_AHEAD
    if not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
        raise DaysInvalid
    item = bookable(session, task_code=task_code)
    centres.exists(session, centre_id=centre_id)
    item.check(centre_id=centre_id)
    earliest = clock.now() + timedelta(minutes=centres.rules(session).min_lead_minutes)
    within = (max(earliest, _midnight(first)), _midnight(last + timedelta(days=1)))
    found = _open_between(session, centre_id=centre_id, field=item.field, within=within)
    return Choice(found, quieter(found))


def _open_between(
    session: Session, *, centre_id: str, field: str | None, within: tuple[datetime, datetime]
) -> list[OpenSlot]:
    free = Slot.capacity - Slot.booked
    rows = session.execute(
        select(Slot.id, Slot.day, Slot.starts_at, Slot.ends_at, WindowGroup.name, Slot.capacity, free)
        .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .where(
            WindowGroup.centre_id == centre_id,
            _serving().has_key(field),
            Slot.starts_at >= within[0],
            Slot.starts_at < within[1],
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    return [OpenSlot(*row) for row in rows]


def quieter(found: Sequence[OpenSlot]) -> list[OpenSlot]:
    """The least loaded slots, soonest first among equals, and only those below the average load."""
    if not found:
        return []
    average = sum(slot.load for slot in found) / len(found)
    below = [slot for slot in found if slot.load < average]
    return sorted(below, key=lambda slot: (slot.load, slot.starts_at))[:_SUGGESTIONS]


def visit(session: Session, *, citizen_id: int, appointment_id: int) -> Visit:
    """One appointment of this citizen; raises AppointmentNotFound, also when it is somebody else's.

    An agent (代办人) sees what they booked themselves.
    """
    if appointment_id > LARGEST_ID:
        raise AppointmentNotFound
    row = session.execute(
        _visits().where(
            Appointment.id == appointment_id, Appointment.citizen_id == citizen_id, delegated.seen()
        )
    ).one_or_none()
    return _visit(row)


def by_code(session: Session, *, code: str) -> Visit:
    """The appointment of a code; raises AppointmentNotFound."""
    return _visit(session.execute(_visits().where(Appointment.code == code)).one_or_none())


def by_id(session: Session, *, appointment_id: int) -> Visit:
    """An appointment whoever's it is, for callers that hold another proof; raises AppointmentNotFound."""
    return _visit(session.execute(_visits().where(Appointment.id == appointment_id)).one_or_none())


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int = 20
) -> list[Visit]:
    """Up to `limit` of the citizen's appointments, latest visit first, going on behind `before_id`."""
    statement = _visits().where(Appointment.citizen_id == citizen_id, delegated.seen())
    if before_id is not None:
        last = select(Appointment.starts_at, Appointment.id).where(
            Appointment.id == before_id, Appointment.citizen_id == citizen_id
        )
        statement = statement.where(tuple_(Appointment.starts_at, Appointment.id) < last.scalar_subquery())
    statement = statement.order_by(Appointment.starts_at.desc(), Appointment.id.desc()).limit(limit)
    return [Visit(*row) for row in session.execute(statement)]


def facts(session: Session, *, appointment_id: int) -> AppointmentFacts:
    """What a message may say; raises AppointmentNotFound."""
    found = by_id(session, appointment_id=appointment_id)
    return AppointmentFacts(
        found.citizen_id,
        found.task_code,
        found.task_name,
        found.centre_name,
        starts_at=found.starts_at,
        code=found.code,
        status=found.status,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


def _serving() -> Any:
    """The fields that a slot's windows take at the slot's time."""
    return case((Slot.shift, WindowGroup.weekend_serves), else_=WindowGroup.serves)


def _visits() -> Select[*tuple[Any, ...]]:
    """Every column of a Visit, in its order, in one statement."""
    return (
        select(
            Appointment.id,
            Appointment.citizen_id,
            Appointment.code,
            Appointment.status,
            Appointment.task_code,
            Appointment.task_name,
            Appointment.visitor,
            Appointment.note,
            Appointment.slot_id,
            Slot.starts_at,
            Slot.ends_at,
            WindowGroup.name,
            Centre.id,
            Centre.name,
            Centre.address,
            Centre.lat,
            Centre.lng,
            Centre.provenance,
            CityRules.cancel_before_minutes,
            CityRules.late_grace_minutes,
        )
        .join(Slot, Slot.id == Appointment.slot_id)
        .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .join(Centre, Centre.id == Slot.centre_id)
        .join(CityRules, CityRules.id == 1)
    )


def _visit(row: Row[*tuple[Any, ...]] | None) -> Visit:
    if row is None:
        raise AppointmentNotFound
    return Visit(*row)
