"""Who of the waiting list may have which place (候补次序), asked in one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app import clock
from app.appointments.bookable import Bookable
from app.appointments.models import LIVE, Appointment, AppointmentStatus, Slot
from app.centres import queries as centres
from app.centres.models import Centre, CityRules, WindowGroup
from app.queueing.models import OfferState, WaitlistEntry, WaitlistOffer, WishState

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish as its owner sees it, with the place that is held for it; `entry` holds the rest."""

    entry: WaitlistEntry
    centre_name: str
    offer: WaitlistOffer | None
    slot: Slot | None
    window_group: str | None


def lead(session: Session) -> timedelta:
    """How long before its slot a place must be booked."""
    return timedelta(minutes=centres.rules(session).min_lead_minutes)


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int = 20
) -> list[Wish]:
    """A citizen's wishes, newest first, going on behind `before_id`; ended ones too."""
    which = [WaitlistEntry.citizen_id == citizen_id]
    if before_id is not None:
        which.append(WaitlistEntry.id < before_id)
    return _wishes(session, *which, limit=limit)


def by_id(session: Session, *, entry_id: int) -> Wish:
    """One wish that is known to exist."""
    (found,) = _wishes(session, WaitlistEntry.id == entry_id, limit=1)
    return found


def of_offer(session: Session, *, offer_id: int) -> Wish | None:
    """The wish for which a place is held by this offer; None when that is over."""
    open_offer = select(WaitlistOffer.entry_id).where(
        WaitlistOffer.id == offer_id, WaitlistOffer.state == OfferState.OPEN
    )
    found = _wishes(session, WaitlistEntry.id == open_offer.scalar_subquery(), limit=1)
    return found[0] if found else None


def first_in_line(session: Session, *, slot_id: int, held_for: timedelta) -> int | None:
    """Who is next for a free place of a slot, locked; None when the slot is full or nobody may have it.

    A wish that another transaction holds is stepped over: it is just being offered another place.
    """
    city = centres.rules(session)
    return session.scalar(
        _matches(city, held_for=held_for)
        .with_only_columns(WaitlistEntry.id)
        .where(Slot.id == slot_id)
        .order_by(WaitlistEntry.lapses, WaitlistEntry.id)
        .limit(1)
        .with_for_update(of=WaitlistEntry, skip_locked=True)
    )


def slots_to_offer(session: Session, *, held_for: timedelta, limit: int) -> Sequence[int]:
    """Slots with a free place that somebody waits for, soonest first.

    First which slots are free for what anybody at all waits for, which are few; then who may have them.
    """
    city = centres.rules(session)
    wanted = (
        select(WaitlistEntry.centre_id, WaitlistEntry.field, func.max(WaitlistEntry.before).label("before"))
        .where(WaitlistEntry.state == WishState.WAITING)
        .group_by(WaitlistEntry.centre_id, WaitlistEntry.field)
        .cte("wanted")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    free = (
        select(Slot.id)
        .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .join(wanted, wanted.c.centre_id == Slot.centre_id)
        .where(
            Slot.booked < Slot.capacity,
            Slot.day >= clock.today(),  # says nothing new, but days that are over need not be read
            Slot.starts_at >= clock.now(),
            Slot.starts_at < wanted.c.before,
            _serving().has_key(wanted.c.field),
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(_AT_ONCE)
    )
    slot_ids = session.scalars(free).all()
    if not slot_ids:
        return []
    matches = _matches(city, held_for=held_for).with_only_columns(Slot.id, Slot.starts_at).distinct()
    matches = matches.where(Slot.id.in_(slot_ids))
    rows = session.execute(matches.order_by(Slot.starts_at, Slot.id).limit(limit))
    return [row.id for row in rows]


def free_place(
    session: Session,
    *,
    citizen_id: int,
    centre_id: str,
    item: Bookable,
    between: tuple[datetime, datetime],
) -> datetime | None:
    """When the first free place begins that the citizen could book just now; None when there is none."""
    same_day = aliased(Appointment)
    booked_that_day = exists().where(
        same_day.citizen_id == citizen_id,
        same_day.day == Slot.day,
        same_day.task_code == item.task_code,
        same_day.status.in_(LIVE),
    )
    return session.scalar(
        select(func.min(Slot.starts_at))
        .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .where(
            Slot.centre_id == centre_id,
            _serving().has_key(item.field),
            Slot.booked < Slot.capacity,
            Slot.day >= clock.local(between[0]).date(),
            Slot.starts_at >= between[0],
            Slot.starts_at < between[1],
            ~booked_that_day,
        )
    )


def later_appointment(session: Session, entry: WaitlistEntry, *, than: datetime) -> Appointment | None:
    """The citizen's next appointment for the same item behind a moment that may still be moved."""
    city = centres.rules(session)
    changeable_from = clock.now() + timedelta(minutes=city.cancel_before_minutes)
    return session.scalar(
        select(Appointment)
        .where(
            Appointment.citizen_id == entry.citizen_id,
            Appointment.task_code == entry.task_code,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > than,
            Appointment.starts_at >= changeable_from,
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(1)
    )


def expire(session: Session) -> int:
    """End the wishes whose time is too near for any place; how many."""
    gone = session.scalars(
        update(WaitlistEntry)
        .where(WaitlistEntry.state == WishState.WAITING, WaitlistEntry.before <= clock.now() + lead(session))
        .values(state=WishState.EXPIRED)
        .returning(WaitlistEntry.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _serving() -> Any:
    """The fields that a slot's windows take at the slot's time."""
    return case((Slot.shift, WindowGroup.weekend_serves), else_=WindowGroup.serves)


def _matches(city: CityRules, *, held_for: timedelta) -> Select[*tuple[Any, ...]]:
    """Waiting wishes beside the free places that their owners may have and were not offered yet."""
    earliest = clock.now() + held_for + timedelta(minutes=city.min_lead_minutes)
    offered = exists().where(WaitlistOffer.entry_id == WaitlistEntry.id, WaitlistOffer.slot_id == Slot.id)
    return (
        select(WaitlistEntry.id)
        .join(Slot, Slot.centre_id == WaitlistEntry.centre_id)
        .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .where(
            WaitlistEntry.state == WishState.WAITING,
            Slot.booked < Slot.capacity,
            Slot.starts_at >= earliest,
            Slot.starts_at < WaitlistEntry.before,
            _serving().has_key(WaitlistEntry.field),
            ~offered,
            ~_in_the_way(city),
            _others_that_day() < city.per_person_per_day,
        )
    )


def _in_the_way(city: CityRules) -> ColumnElement[bool]:
    """Whether the place would be no gain, or meets an appointment of its day that can no longer be moved."""
    mine, now = aliased(Appointment), clock.now()
    unmovable = or_(
        mine.starts_at <= Slot.starts_at,
        mine.status != AppointmentStatus.BOOKED,
        mine.starts_at < now + timedelta(minutes=city.cancel_before_minutes),
    )
    return exists().where(
        mine.citizen_id == WaitlistEntry.citizen_id,
        mine.task_code == WaitlistEntry.task_code,
        mine.status.in_(LIVE),
        or_(
            and_(mine.starts_at > now, mine.starts_at <= Slot.starts_at),
            and_(mine.day == Slot.day, unmovable),
        ),
    )


def _others_that_day() -> ColumnElement[int]:
    """How many appointments for other items the person has on the slot's day."""
    other = aliased(Appointment)
    return (
        select(func.count(other.id))
        .where(
            other.citizen_id == WaitlistEntry.citizen_id,
            other.day == Slot.day,
            other.status.in_(LIVE),
            other.task_code != WaitlistEntry.task_code,
        )
        .correlate(WaitlistEntry, Slot)
        .scalar_subquery()
    )


def _wishes(session: Session, *which: ColumnElement[bool], limit: int) -> list[Wish]:
    rows = session.execute(
        select(WaitlistEntry, Centre.name, WaitlistOffer, Slot, WindowGroup.name)
        .join(Centre, Centre.id == WaitlistEntry.centre_id)
        .outerjoin(
            WaitlistOffer,
            and_(
                WaitlistOffer.entry_id == WaitlistEntry.id,
                WaitlistOffer.state == OfferState.OPEN,
            ),
        )
        .outerjoin(Slot, Slot.id == WaitlistOffer.slot_id)
        .outerjoin(WindowGroup, WindowGroup.id == Slot.window_group_id)
        .where(*which)
        .order_by(WaitlistEntry.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [Wish(*row) for row in rows]
