"""Taking a place in a slot (占号): one statement, so that nobody can come between its parts.

Locks are always taken in this order: slots by their ids, then appointments. Whoever keeps to it cannot
deadlock with anybody else who does.
"""

import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, text, update
from sqlalchemy.orm import Session

from app import events
from app.appointments.bookable import Bookable
from app.appointments.errors import (
    AlreadyBookedThatDay,
    NotAtThisCentre,
    SlotFull,
    TooLateToBook,
    TooManyThatDay,
)
from app.appointments.events import AppointmentBooked
from app.appointments.models import (
    CODE_LENGTH,
    LIVE,
    NOTE_PURPOSE,
    VISITOR_PURPOSE,
    Appointment,
    AppointmentStatus,
    Slot,
    Visit,
)
from app.centres.models import CityRules, WindowGroup
from app.crypto import EncryptedText

_BASE62 = string.digits + string.ascii_letters

# `place` counts the slot up while there is room, which also locks it; `number` finds the citizen's first free
# number of the day; `made` yields to a twin that another tap has just committed; `told` is the outbox row.
_TAKE = text("""
WITH place AS (
  UPDATE slots SET booked = booked + 1
  WHERE id = :slot_id AND booked < capacity AND centre_id = :centre_id
    AND starts_at >= :now + make_interval(mins => (SELECT min_lead_minutes FROM city_rules)::int)
    AND EXISTS (
      SELECT FROM window_groups g WHERE g.id = window_group_id
      AND (CASE WHEN shift THEN g.weekend_serves ELSE g.serves END) ? :field)
  RETURNING id, window_group_id, centre_id, day, starts_at, ends_at
), number AS (
  SELECT min(n) AS nth FROM place, city_rules, generate_series(1, per_person_per_day) AS n
  WHERE NOT EXISTS (
    SELECT FROM appointments a WHERE a.citizen_id = :citizen_id AND a.day = place.day AND a.nth = n
    AND a.status IN ('booked', 'checked_in'))
), made AS (
  INSERT INTO appointments
    (citizen_id, slot_id, task_code, task_name, day, starts_at, nth, status, code, visitor, note, created_at)
  SELECT :citizen_id, place.id, :task_code, :task_name, place.day, place.starts_at, number.nth, 'booked',
    :code, :visitor, :note, :now
  FROM place, number WHERE number.nth IS NOT NULL
  ON CONFLICT DO NOTHING
  RETURNING id
), told AS (
  INSERT INTO outbox (name, payload, created_at, next_attempt_at)
  SELECT :event, jsonb_build_object('appointment_id', made.id), :now, :now FROM made
)
SELECT made.id, place.starts_at, place.ends_at, g.name AS window_group,
  c.name AS centre_name, c.address, c.lat, c.lng, c.provenance,
  r.cancel_before_minutes, r.late_grace_minutes
FROM place JOIN centres c ON c.id = place.centre_id JOIN window_groups g ON g.id = place.window_group_id
  CROSS JOIN city_rules r LEFT JOIN made ON true
""").bindparams(
    bindparam("visitor", type_=EncryptedText(VISITOR_PURPOSE)),
    bindparam("note", type_=EncryptedText(NOTE_PURPOSE)),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen wants to book."""

    citizen_id: int
    slot_id: int
    centre_id: str
    item: Bookable
    visitor: str | None
    note: str | None
    now: datetime


def new_code() -> str:
    """A code nobody can guess: 22 characters of base 62, 131 bits (预约码)."""
    number = int.from_bytes(secrets.token_bytes(2 * CODE_LENGTH))
    characters = []
    for _ in range(CODE_LENGTH):
        number, position = divmod(number, len(_BASE62))
        characters.append(_BASE62[position])
    return "".join(characters)


def take(session: Session, wish: Wish, code: str) -> Row[*tuple[Any, ...]] | None:
    """Take the place; None when there is none.

    A row without an id took the place but made no appointment: the citizen has one too many that day, and the
    caller gives the place back.
    """
    values = {
        "slot_id": wish.slot_id,
        "centre_id": wish.centre_id,
        "citizen_id": wish.citizen_id,
        "task_code": wish.item.task_code,
        "task_name": wish.item.task_name,
        "field": wish.item.field,
        "visitor": wish.visitor,
        "note": wish.note,
        "code": code,
        "now": wish.now,
        "event": AppointmentBooked.__name__,
    }
    row: Row[*tuple[Any, ...]] | None = session.execute(_TAKE, values).one_or_none()
    if row is not None and row.id is not None:
        events.announce()
    return row


def visit(wish: Wish, row: Row[*tuple[Any, ...]], code: str) -> Visit:
    """The appointment that `take` has made."""
    return Visit(
        id=row.id,
        citizen_id=wish.citizen_id,
        code=code,
        status=AppointmentStatus.BOOKED,
        task_code=wish.item.task_code,
        task_name=wish.item.task_name,
        visitor=wish.visitor,
        note=wish.note,
        slot_id=wish.slot_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        window_group=row.window_group,
        centre_id=wish.centre_id,
        centre_name=row.centre_name,
        address=row.address,
        lat=row.lat,
        lng=row.lng,
        provenance=row.provenance,
        cancel_before_minutes=row.cancel_before_minutes,
        late_grace_minutes=row.late_grace_minutes,
    )


def count(session: Session, *, slot_id: int, by: int) -> None:
    """Count a locked slot's places up or down."""
    session.execute(update(Slot).where(Slot.id == slot_id).values(booked=Slot.booked + by))


def lock(session: Session, ids: Collection[int]) -> dict[int, Slot]:
    """The slots, locked in the order of their ids until the transaction ends."""
    found = session.scalars(
        select(Slot)
        .where(Slot.id.in_(ids))
        .order_by(Slot.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {slot.id: slot for slot in found}


def check_slot(session: Session, slot: Slot, wish: Wish, *, city: CityRules) -> None:
    """Say why there is no place; raises NotAtThisCentre, TooLateToBook or SlotFull.

    Returns when there is one after all.
    """
    group = session.get_one(WindowGroup, slot.window_group_id)
    serves = group.weekend_serves if slot.shift else group.serves
    if slot.centre_id != wish.centre_id or wish.item.field not in serves:
        raise NotAtThisCentre
    if (slot.starts_at - wish.now).total_seconds() < city.min_lead_minutes * 60:
        raise TooLateToBook
    if slot.booked >= slot.capacity:
        raise SlotFull


def check_day(session: Session, wish: Wish, slot: Slot, *, city: CityRules, moving: int | None = None) -> int:
    """The first free number of the citizen on the slot's day; `moving` is an appointment that leaves its own.

    Raises AlreadyBookedThatDay or TooManyThatDay.
    """
    statement = select(Appointment.task_code, Appointment.nth).where(
        Appointment.citizen_id == wish.citizen_id, Appointment.day == slot.day, Appointment.status.in_(LIVE)
    )
    if moving is not None:
        statement = statement.where(Appointment.id != moving)
    live = session.execute(statement).all()
    if any(task_code == wish.item.task_code for task_code, _ in live):
        raise AlreadyBookedThatDay
    free = set(range(1, city.per_person_per_day + 1)) - {nth for _, nth in live}
    if not free:
        raise TooManyThatDay
    return min(free)
