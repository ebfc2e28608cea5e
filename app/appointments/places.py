"""Taking a place in a slot (占号): one statement, so that nobody can come between its parts.

Locks are always taken in this order: slots by their ids, then appointments by their citizens. Whoever keeps
to it cannot deadlock with anybody else who does.
"""

import secrets
import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app import clock, events
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
from app.crypto import cipher

_BASE62 = string.digits + string.ascii_letters

# Ready to send, because building it anew would cost more than the booking.
# `place` locks the slots that have room, in the order of their ids; `able` gives those who may book here
# their turn in each slot; `made` takes each citizen's first free number of the day, in the order of citizens,
# and yields to a twin that another tap has just committed; `told` are the outbox rows; `counted` counts what
# was made, under the locks of `place`. Sorting by citizen also means that no row is made before every lock
# is taken.
_TAKE = """
WITH wish AS (
  SELECT * FROM unnest(%(citizens)s::bigint[], %(slots)s::bigint[], %(centres)s::varchar[],
    %(tasks)s::varchar[], %(names)s::varchar[], %(fields)s::varchar[], %(codes)s::varchar[],
    %(visitors)s::bytea[], %(notes)s::bytea[]) WITH ORDINALITY
  AS w (citizen_id, slot_id, centre_id, task_code, task_name, field, code, visitor, note, turn)
), place AS (
  SELECT id, window_group_id, centre_id, day, starts_at, ends_at, shift, capacity - booked AS free
  FROM slots WHERE id = ANY(%(slots)s::bigint[]) AND booked < capacity
    AND starts_at >= %(now)s + make_interval(mins => (SELECT min_lead_minutes FROM city_rules)::int)
  ORDER BY id FOR NO KEY UPDATE
), able AS (
  SELECT wish.*, place.day, place.starts_at, place.free,
    row_number() OVER (PARTITION BY place.id ORDER BY wish.turn) AS rank
  FROM wish JOIN place ON place.id = wish.slot_id AND place.centre_id = wish.centre_id
  JOIN window_groups g ON g.id = place.window_group_id
    AND (CASE WHEN place.shift THEN g.weekend_serves ELSE g.serves END) ? wish.field
), made AS (
  INSERT INTO appointments
    (citizen_id, slot_id, task_code, task_name, day, starts_at, nth, status, code, visitor, note, created_at)
  SELECT able.citizen_id, able.slot_id, able.task_code, able.task_name, able.day, able.starts_at, number.nth,
    'booked', able.code, able.visitor, able.note, %(now)s
  FROM able, LATERAL (
    SELECT min(n) AS nth FROM city_rules, generate_series(1, per_person_per_day) AS n
    WHERE NOT EXISTS (
      SELECT FROM appointments a WHERE a.citizen_id = able.citizen_id AND a.day = able.day AND a.nth = n
      AND a.status IN ('booked', 'checked_in'))) AS number
  WHERE able.rank <= able.free AND number.nth IS NOT NULL
  ORDER BY able.citizen_id
  ON CONFLICT DO NOTHING
  RETURNING id, slot_id, code
), told AS (
  INSERT INTO outbox (name, payload, created_at, next_attempt_at)
  SELECT %(event)s, jsonb_build_object('appointment_id', made.id), %(now)s, %(now)s FROM made
), counted AS (
  UPDATE slots SET booked = booked + taken.places
  FROM (SELECT slot_id, count(*) AS places FROM made GROUP BY slot_id) AS taken WHERE id = taken.slot_id
)
SELECT made.code, made.id, place.starts_at, place.ends_at, g.name AS window_group,
  c.name AS centre_name, c.address, c.lat, c.lng, c.provenance,
  r.cancel_before_minutes, r.late_grace_minutes
FROM made JOIN place ON place.id = made.slot_id JOIN centres c ON c.id = place.centre_id
  JOIN window_groups g ON g.id = place.window_group_id CROSS JOIN city_rules r
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen wants to book."""

    citizen_id: int
    slot_id: int
    centre_id: str
    item: Bookable
    visitor: str | None
    note: str | None


def new_code() -> str:
    """A code nobody can guess: 22 characters of base 62, 131 bits (预约码)."""
    number = int.from_bytes(secrets.token_bytes(2 * CODE_LENGTH))
    characters = []
    for _ in range(CODE_LENGTH):
        number, position = divmod(number, len(_BASE62))
        characters.append(_BASE62[position])
    return "".join(characters)


def take(session: Session, wishes: Sequence[Wish]) -> list[Visit | None]:
    """Take a place for each wish, of different citizens; None where there is none or the citizen may not.

    One statement for all of them: they share its locks, and none sees the others half done.
    """
    codes = [new_code() for _ in wishes]
    values = {
        "citizens": [wish.citizen_id for wish in wishes],
        "slots": [wish.slot_id for wish in wishes],
        "centres": [wish.centre_id for wish in wishes],
        "tasks": [wish.item.task_code for wish in wishes],
        "names": [wish.item.task_name for wish in wishes],
        "fields": [wish.item.field for wish in wishes],
        "codes": codes,
        "visitors": [_sealed(wish.visitor, purpose=VISITOR_PURPOSE) for wish in wishes],
        "notes": [_sealed(wish.note, purpose=NOTE_PURPOSE) for wish in wishes],
        "now": clock.now(),
        "event": AppointmentBooked.__name__,
    }
    made = {row.code: row for row in session.connection().exec_driver_sql(_TAKE, values)}
    if made:
        events.announce()
    return [
        _visit(wish, made[code]) if code in made else None for wish, code in zip(wishes, codes, strict=True)
    ]


def _sealed(value: str | None, *, purpose: str) -> bytes | None:
    return None if value is None else cipher().seal(value.encode(), purpose=purpose)


def _visit(wish: Wish, row: Row[*tuple[Any, ...]]) -> Visit:
    return Visit(
        id=row.id,
        citizen_id=wish.citizen_id,
        code=row.code,
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
    if slot.starts_at - clock.now() < timedelta(minutes=city.min_lead_minutes):
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
