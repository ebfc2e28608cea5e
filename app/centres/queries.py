"""What can be asked about centres (大厅查询)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app import clock
from app.centres import hours as opening
from app.centres import working_days
from app.centres.errors import CentreNotFound, CityNotLoaded
from app.centres.models import Centre, CityRules, WindowGroup
from app.centres.working_days import WorkCalendar

_EARTH_M = 6_371_000


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, GCJ-02 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Found:
    """A centre as seen at one moment; `distance_m` in metres, None when nobody said where from."""

    centre: Centre
    hours: dict[str, Any]
    open_now: bool
    follows_city: bool
    distance_m: int | None


def rules(session: Session) -> CityRules:
    """The city's rules; raises CityNotLoaded."""
    found = session.get(CityRules, 1)
    if found is None:
        raise CityNotLoaded
    return found


def centre(session: Session, *, centre_id: str) -> Centre:
    """One centre with its windows; raises CentreNotFound."""
    exists(session, centre_id=centre_id)
    return session.scalars(
        select(Centre).where(Centre.id == centre_id).options(selectinload(Centre.groups))
    ).one()


def exists(session: Session, *, centre_id: str) -> None:
    """Raises CentreNotFound when there is no such centre."""
    known = select(Centre.id).where(Centre.id == centre_id)
    if not centre_id.isalnum() or session.scalar(known) is None:  # PostgreSQL takes no NUL
        raise CentreNotFound


def see(session: Session, *, centre_id: str) -> Found:
    """One centre with hours and whether it is open now; raises CentreNotFound."""
    return _seen(session, [centre(session, centre_id=centre_id)], near=None)[0]


def find(
    session: Session,
    *,
    field: str | None = None,
    among: Sequence[str] | None = None,
    open_at: datetime | None = None,
    near: Point | None = None,
) -> list[Found]:
    """The centres, nearest first, else by their ids.

    `field` keeps those with a window for it (at `open_at`, one on duty then), `among` those of these ids,
    `open_at` those open at that moment.
    """
    statement = select(Centre).order_by(Centre.id).options(selectinload(Centre.groups))
    if among is not None:
        statement = statement.where(Centre.id.in_(among))
    calendar = working_days.calendar(session)
    shift = open_at is not None and opening.on_shift(clock.local(open_at).date(), calendar)
    kept = [
        found
        for found in session.scalars(statement)
        if field is None or any(_serves(group, field, shift=shift) for group in found.groups)
    ]
    seen = _seen(session, kept, near=near)
    if open_at is not None:
        seen = [found for found in seen if opening.is_open_at(found.hours, open_at, calendar)]
    return sorted(seen, key=lambda found: (found.distance_m or 0, found.centre.id))


def distance_m(one: Point, other: Point) -> int:
    """Metres between two places as the crow flies (haversine)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lng = (lat2 - lat1) / 2, math.radians(other.lng - one.lng) / 2
    square = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lng) ** 2
    return round(2 * _EARTH_M * math.asin(math.sqrt(min(1.0, square))))


def _seen(session: Session, centres: Sequence[Centre], *, near: Point | None) -> list[Found]:
    calendar, city = working_days.calendar(session), rules(session)
    return [_look(found, city, calendar=calendar, near=near) for found in centres]


def _look(found: Centre, city: CityRules, *, calendar: WorkCalendar, near: Point | None) -> Found:
    hours = city.hours if found.hours is None else found.hours
    return Found(
        found,
        hours,
        open_now=opening.is_open_at(hours, clock.now(), calendar),
        follows_city=found.hours is None,
        distance_m=None if near is None else distance_m(near, Point(found.lat, found.lng)),
    )


def _serves(group: WindowGroup, field: str, *, shift: bool) -> bool:
    return bool(group.codes) and field in (group.weekend_serves if shift else group.serves)
