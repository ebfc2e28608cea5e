"""Who is expected in a hall today (今日预约)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from app import clock
from app.appointments.models import Appointment, AppointmentStatus, Slot
from app.centres.models import Centre, WindowGroup
from app.people.models import Citizen
from app.people.queries import masked_name

_SHOWN = (AppointmentStatus.BOOKED.value, AppointmentStatus.CHECKED_IN.value)


@dataclass(frozen=True, slots=True)
class Expected:
    """One appointment of today; `visitor` is masked, `came_at` None while nobody has come."""

    id: int
    starts_at: datetime
    ends_at: datetime
    window: str
    centre_id: str
    centre_name: str
    task_code: str
    task_name: str
    visitor: str
    status: str
    came_at: datetime | None
    # Somebody else booked it for them, and comes (代办).
    by_agent: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the list goes on."""

    starts_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Today:
    """How many are expected in a hall today and how many of them have come."""

    expected: int
    came: int


def page(
    session: Session, *, centre_id: str, after: Mark | None = None, limit: int = 50
) -> tuple[list[Expected], Mark | None]:
    """Up to `limit` of a hall's appointments of today by time, and where the next page begins."""
    asked = _today().where(Slot.centre_id == centre_id).order_by(Appointment.starts_at, Appointment.id)
    if after is not None:
        asked = asked.where(tuple_(Appointment.starts_at, Appointment.id) > (after.starts_at, after.id))
    found = [_expected(row) for row in session.execute(asked.limit(limit + 1))]
    shown = found[:limit]
    more = len(found) > limit
    return shown, Mark(shown[-1].starts_at, shown[-1].id) if more else None


def of_citizen(session: Session, *, citizen_id: int) -> list[Expected]:
    """A citizen's appointments of today, wherever they are."""
    asked = _today().where(Appointment.citizen_id == citizen_id)
    return [_expected(row) for row in session.execute(asked.order_by(Appointment.starts_at, Appointment.id))]


def counts(session: Session, *, centre_id: str, day: date | None = None) -> Today:
    """How many are expected in a hall and how many came, by default today."""
    came = Appointment.status == AppointmentStatus.CHECKED_IN.value
    row = session.execute(
        select(func.count(), func.count().filter(came))
        .select_from(Slot)
        .join(Appointment, Appointment.slot_id == Slot.id)
        .where(
            Slot.centre_id == centre_id, Slot.day == (day or clock.today()), Appointment.status.in_(_SHOWN)
        )
    ).one()
    return Today(*row)


def _today() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Appointment.id,
            Appointment.starts_at,
            Slot.ends_at,
            WindowGroup.name.label("window"),
            Centre.id.label("centre_id"),
            Centre.name.label("centre_name"),
            Appointment.task_code,
            Appointment.task_name,
            Appointment.visitor,
            Citizen.name.label("citizen_name"),
            Appointment.status,
            Appointment.checked_in_at,
            Appointment.delegation_id,
        )
        .join(Slot, Slot.id == Appointment.slot_id)
        .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .join(Centre, Centre.id == Slot.centre_id)
        .join(Citizen, Citizen.id == Appointment.citizen_id)
        .where(Slot.day == clock.today(), Appointment.status.in_(_SHOWN))
    )


def _expected(row: Any) -> Expected:
    return Expected(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        window=row.window,
        centre_id=row.centre_id,
        centre_name=row.centre_name,
        task_code=row.task_code,
        task_name=row.task_name,
        visitor=masked_name(row.visitor or row.citizen_name) or "未登记姓名",
        status=row.status,
        came_at=row.checked_in_at,
        by_agent=row.delegation_id is not None,
    )
