"""What can be asked about centres (大厅查询)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app import clock
from app.centres import circle, working_days
from app.centres import hours as opening
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
    """A centre as seen at one moment; `distance_m` in metres, None when nobody said where from.

    `on_duty`: it is open, and a window for the field that was asked for works; without a field, that it is
    open. `closes_at` and `opens_next` are those of these windows.
    """

    centre: Centre
    hours: dict[str, Any]
    open_now: bool
    on_duty: bool
    closes_at: datetime | None
    opens_next: datetime | None
    follows_city: bool
    distance_m: int | None

    @property
    def walk_minutes(self) -> int | None:
        """How long the way takes on foot, as the crow flies."""
        return None if self.distance_m is None else circle.walking_minutes(self.distance_m)

    @property
    def last_ticket_at(self) -> datetime | None:
        """Until when numbers are given out before it closes."""
        if self.closes_at is None:
            return None
        return self.closes_at - timedelta(minutes=self.centre.last_ticket_before_minutes)


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


def see(session: Session, *, centre_id: str, field: str | None = None, at: datetime | None = None) -> Found:
    """One centre with hours and whether it is open at a moment, now by default; raises CentreNotFound."""
    look = _Look(at or clock.now(), working_days.calendar(session), rules(session), None, field)
    return look.at_centre(centre(session, centre_id=centre_id))


def find(
    session: Session,
    *,
    field: str | None = None,
    among: Sequence[str] | None = None,
    open_at: datetime | None = None,
    at: datetime | None = None,
    near: Point | None = None,
) -> list[Found]:
    """The centres, nearest first, else by their ids; as they are `at` a moment, now by default.

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
    look = _Look(at or clock.now(), calendar, rules(session), near, field)
    seen = [look.at_centre(found) for found in kept]
    if open_at is not None:
        seen = [found for found in seen if opening.is_open_at(found.hours, open_at, calendar)]
    return sorted(seen, key=lambda found: (found.distance_m or 0, found.centre.id))


def distance_m(one: Point, other: Point) -> int:
    """Metres between two places as the crow flies (haversine)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lng = (lat2 - lat1) / 2, math.radians(other.lng - one.lng) / 2
    square = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lng) ** 2
    return round(2 * _EARTH_M * math.asin(math.sqrt(min(1.0, square))))


@dataclass(frozen=True, slots=True)
class _Look:
    """From when and where the centres are looked at, and for what."""

    at: datetime
    calendar: WorkCalendar
    city: CityRules
    near: Point | None
    field: str | None

    def at_centre(self, found: Centre) -> Found:
        """The centre as it is seen."""
        hours = self.city.hours if found.hours is None else found.hours
        open_now = opening.is_open_at(hours, self.at, self.calendar)
        on_duty = open_now and self._works(found, clock.local(self.at).date())
        return Found(
            found,
            hours,
            open_now=open_now,
            on_duty=on_duty,
            closes_at=opening.closes_at(hours, self.at, self.calendar) if on_duty else None,
            opens_next=opening.opens_next(
                hours, self.at, calendar=self.calendar, works=lambda day: self._works(found, day)
            ),
            follows_city=found.hours is None,
            distance_m=None if self.near is None else distance_m(self.near, Point(found.lat, found.lng)),
        )

    def _works(self, found: Centre, day: date) -> bool:
        """Whether a window takes the field on this day; without a field every day is right."""
        if self.field is None:
            return True
        shift = opening.on_shift(day, self.calendar)
        return any(_serves(group, self.field, shift=shift) for group in found.groups)


def _serves(group: WindowGroup, field: str, *, shift: bool) -> bool:
    return bool(group.codes) and field in (group.weekend_serves if shift else group.serves)
