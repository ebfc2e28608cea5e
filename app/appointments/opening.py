"""Opening slots (放号): which half hours there are, and bringing the table into step with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from app import clock
from app.appointments.models import Slot
from app.centres import hours as opening_hours
from app.centres.models import Centre, CityRules, WindowGroup
from app.centres.working_days import WorkCalendar

_ONE_AT_A_TIME = 7_119_023_006
_DAY = timedelta(days=1)
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Horizon:
    """From now to the end of the last day that can be booked."""

    now: datetime
    days: Sequence[date]


def horizon(calendar: WorkCalendar, *, working: int) -> Horizon:
    """Today and the following days up to the n-th working day, weekends between them included."""
    now = clock.now()
    today = clock.local(now).date()
    last = today
    for count, day in enumerate(calendar.working_days_from(today), 1):
        last = day
        if count >= working:
            break
    return Horizon(now, [today + _DAY * ahead for ahead in range((last - today).days + 1)])


def open_slots(session: Session, *, within: Horizon, city: CityRules, calendar: WorkCalendar) -> int:
    """Make the table say what the hours say; returns how many slots were new or changed.

    Slots nobody opens any more lose their free places; whoever has booked one keeps it.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    centres = session.scalars(select(Centre).order_by(Centre.id).options(selectinload(Centre.groups)))
    wanted = {
        (row["window_group_id"], row["starts_at"]): row
        for centre in centres
        for row in _slots_of(centre, within=within, city=city, calendar=calendar)
    }
    existing = session.execute(
        select(Slot.id, Slot.window_group_id, Slot.starts_at, Slot.capacity, Slot.walk_in, Slot.booked)
        .where(Slot.starts_at > within.now, Slot.day <= within.days[-1])
        .order_by(Slot.id)
    ).all()
    known = {(slot.window_group_id, slot.starts_at) for slot in existing}
    differing = [
        slot.id for slot in existing if not _same(slot, wanted.get((slot.window_group_id, slot.starts_at)))
    ]
    changed = _adjust(session, differing, wanted)
    missing = [row for key, row in wanted.items() if key not in known]
    if missing:
        session.execute(insert(Slot).on_conflict_do_nothing(), missing)
    return len(missing) + changed


def places(group: WindowGroup, city: CityRules) -> tuple[int, int]:
    """How many places may be booked and how many are kept for walking in, rounded in their favour."""
    walk_in = -(-group.places * city.walk_in_percent // _PERCENT)
    return group.places - walk_in, walk_in


def _slots_of(
    centre: Centre, *, within: Horizon, city: CityRules, calendar: WorkCalendar
) -> Iterator[dict[str, Any]]:
    hours = city.hours if centre.hours is None else centre.hours
    length = timedelta(minutes=city.slot_minutes)
    for day in within.days:
        shift = opening_hours.on_shift(day, calendar)
        groups = [group for group in centre.groups if (group.weekend_serves if shift else group.serves)]
        for starts_at in _starts(opening_hours.openings(hours, day, calendar), length):
            for group in groups:
                capacity, walk_in = places(group, city)
                if capacity and starts_at > within.now:
                    yield {
                        "centre_id": centre.id,
                        "window_group_id": group.id,
                        "day": day,
                        "starts_at": starts_at,
                        "ends_at": starts_at + length,
                        "shift": shift,
                        "capacity": capacity,
                        "walk_in": walk_in,
                    }


def _starts(stretches: Sequence[opening_hours.Opening], length: timedelta) -> Iterator[datetime]:
    """Where slots begin: one after another, each ending before the hall closes."""
    for opens, closes in stretches:
        count = (closes - opens) // length
        yield from (opens + length * position for position in range(count))


def _same(slot: Any, row: dict[str, Any] | None) -> bool:
    if row is None:
        return bool(slot.capacity == slot.booked)
    return bool(slot.capacity == max(row["capacity"], slot.booked) and slot.walk_in == row["walk_in"])


def _adjust(session: Session, ids: Sequence[int], wanted: dict[tuple[int, datetime], dict[str, Any]]) -> int:
    """Set the places of slots that differ, locked in the order of their ids as everywhere."""
    locked = session.scalars(
        select(Slot)
        .where(Slot.id.in_(ids))
        .order_by(Slot.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for slot in locked:
        row = wanted.get((slot.window_group_id, slot.starts_at))
        slot.capacity = slot.booked if row is None else max(row["capacity"], slot.booked)
        slot.walk_in = slot.walk_in if row is None else row["walk_in"]
    session.flush()
    return len(locked)
