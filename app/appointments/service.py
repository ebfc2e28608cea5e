"""What can be done with slots and appointments (放号、预约、取消、改约、签到)."""

from sqlalchemy import Update, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.appointments import delegated, opening, places, queries, right_hall
from app.appointments.bookable import bookable
from app.appointments.errors import (
    AppointmentOver,
    BookedElsewhereJustNow,
    SlotNotFound,
    TooEarlyToCheckIn,
    TooLateToChange,
    TooLateToCheckIn,
)
from app.appointments.events import AppointmentCancelled, AppointmentCheckedIn, AppointmentRescheduled
from app.appointments.models import Appointment, AppointmentStatus, Slot, Visit
from app.centres import queries as centres
from app.centres import working_days
from app.events import publish

# How often a tap looks again when another tap of the same citizen has moved something meanwhile.
_LOOKS = 3


def open_slots(session: Session, *, days: int | None = None) -> int:
    """Open the slots from now to the end of the n-th working day (by default the city's own number).

    Makes what is missing, follows changed hours and windows, and may be repeated at any time; returns how
    many slots were new or changed. Raises CityNotLoaded.
    """
    city = centres.rules(session)
    calendar = working_days.calendar(session)
    within = opening.horizon(calendar, working=city.advance_workdays if days is None else days)
    return opening.open_slots(session, within=within, city=city, calendar=calendar)


def book(
    session: Session,
    *,
    citizen_id: int,
    centre_id: str,
    slot_id: int,
    task_code: str,
    visitor: str | None = None,
    note: str | None = None,
    district: str | None = None,
) -> Visit:
    """Take one place in a slot for an item (预约); `district` is the applicant's, as far as told now.

    What only the own district handles is checked by it, or by the district that the citizen told before.

    The place is taken and counted by one statement under the slot's lock, so two citizens cannot share the
    last one. Publishes AppointmentBooked. Raises what right_hall.check raises, SlotNotFound, SlotFull,
    TooLateToBook, AlreadyBookedThatDay, TooManyThatDay, what the catalogue raises for the item, and for an
    agent as `delegations.acting.refuse_item` does.
    """
    item = bookable(session, task_code=task_code)
    delegated.begin(session, task_code=task_code)
    lives_in = None
    if item.own_district:
        lives_in = right_hall.district_of(session, citizen_id=citizen_id, visitor=visitor, told=district)
    right_hall.check(session, item, centre_id=centre_id, district=lives_in)
    wish = places.Wish(citizen_id, slot_id, centre_id, item, visitor, note)
    for _ in range(_LOOKS):
        (visit,) = places.take(session, [wish])
        if visit is not None:
            delegated.made(session, visit)
            return visit
        _explain(session, wish)
    raise BookedElsewhereJustNow(retry_after=1)


def cancel(session: Session, *, citizen_id: int, appointment_id: int) -> Visit:
    """Give the place back (取消); repeating it changes nothing.

    Publishes AppointmentCancelled. Raises AppointmentNotFound, AppointmentOver, TooLateToChange.
    """
    delegated.hold(session)
    for _ in range(_LOOKS):
        visit = queries.visit(session, citizen_id=citizen_id, appointment_id=appointment_id)
        if visit.status == AppointmentStatus.CANCELLED:
            return visit
        _check_changeable(visit)
        places.lock(session, [visit.slot_id])
        gone = session.scalar(
            _still_booked(visit)
            .values(status=AppointmentStatus.CANCELLED, cancelled_at=clock.now())
            .returning(Appointment.id)
        )
        if gone is not None:
            places.count(session, slot_id=visit.slot_id, by=-1)
            publish(session, AppointmentCancelled(visit.id))
            delegated.note(session, visit, kind="cancelled", sentence="取消了预约")
            return queries.visit(session, citizen_id=citizen_id, appointment_id=appointment_id)
    raise BookedElsewhereJustNow(retry_after=1)


def reschedule(session: Session, *, citizen_id: int, appointment_id: int, slot_id: int) -> Visit:
    """Move to another slot, also of another centre (改约): the old place goes when the new one is sure.

    Moving to where it is already changes nothing. Publishes AppointmentRescheduled. Raises what `book` and
    `cancel` raise.
    """
    delegated.hold(session)
    for _ in range(_LOOKS):
        visit = queries.visit(session, citizen_id=citizen_id, appointment_id=appointment_id)
        _check_changeable(visit)
        if visit.slot_id == slot_id or _move(session, visit, slot_id=slot_id):
            return queries.visit(session, citizen_id=citizen_id, appointment_id=appointment_id)
    raise BookedElsewhereJustNow(retry_after=1)


def check_in(session: Session, *, code: str) -> Visit:
    """Note that the citizen has come, or who comes for them (签到); repeating it changes nothing.

    Publishes AppointmentCheckedIn, from which the queue makes its ticket. Raises AppointmentNotFound,
    AppointmentOver when it was cancelled, TooEarlyToCheckIn before the day, TooLateToCheckIn after the grace.
    """
    delegated.hold(session)
    for _ in range(_LOOKS):
        visit = queries.by_code(session, code=code)
        if visit.status == AppointmentStatus.CHECKED_IN:
            return visit
        _check_may_come(visit)
        came = session.scalar(
            _still_booked(visit)
            .values(status=AppointmentStatus.CHECKED_IN, checked_in_at=clock.now())
            .returning(Appointment.id)
        )
        if came is not None:
            publish(session, AppointmentCheckedIn(visit.id))
            delegated.note(session, visit, kind="checked_in", sentence="到大厅签到取号")
            return queries.by_code(session, code=code)
    raise BookedElsewhereJustNow(retry_after=1)


def _still_booked(visit: Visit) -> Update:
    return update(Appointment).where(
        Appointment.id == visit.id,
        Appointment.slot_id == visit.slot_id,
        Appointment.status == AppointmentStatus.BOOKED,
    )


def _check_changeable(visit: Visit) -> None:
    if visit.status != AppointmentStatus.BOOKED:
        raise AppointmentOver
    if not visit.may_change(at=clock.now()):
        raise TooLateToChange


def _check_may_come(visit: Visit) -> None:
    now = clock.now()
    if visit.status != AppointmentStatus.BOOKED:
        raise AppointmentOver
    if clock.local(now).date() < clock.local(visit.starts_at).date():
        raise TooEarlyToCheckIn
    if now > visit.check_in_until:
        raise TooLateToCheckIn


def _move(session: Session, visit: Visit, *, slot_id: int) -> bool:
    """Move the appointment; False when another tap has moved it meanwhile."""
    item = bookable(session, task_code=visit.task_code)
    city = centres.rules(session)
    new = places.lock(session, {visit.slot_id, slot_id}).get(slot_id)
    if new is None:
        raise SlotNotFound
    lives_in = None
    if item.own_district:
        lives_in = right_hall.district_of(
            session, citizen_id=visit.citizen_id, visitor=visit.visitor, told=None
        )
    right_hall.check(session, item, centre_id=new.centre_id, district=lives_in)
    wish = places.Wish(visit.citizen_id, slot_id, new.centre_id, item, None, None)
    places.check_slot(session, new, wish, city=city)
    nth = places.check_day(session, wish, new, city=city, moving=visit.id)
    moving = _still_booked(visit).values(slot_id=slot_id, day=new.day, starts_at=new.starts_at, nth=nth)
    try:
        moved = session.scalar(moving.returning(Appointment.id))
    except IntegrityError as twin:
        raise BookedElsewhereJustNow(retry_after=1) from twin
    if moved is None:
        return False
    places.count(session, slot_id=slot_id, by=1)
    places.count(session, slot_id=visit.slot_id, by=-1)
    publish(session, AppointmentRescheduled(visit.id))
    delegated.note(session, visit, kind="rescheduled", sentence="改了预约时间")
    return True


def _explain(session: Session, wish: places.Wish) -> None:
    """Raise what is in the way of a place; return when it has gone meanwhile."""
    slot = session.scalar(
        select(Slot).where(Slot.id == wish.slot_id).execution_options(populate_existing=True)
    )
    if slot is None:
        raise SlotNotFound
    city = centres.rules(session)
    places.check_slot(session, slot, wish, city=city)
    places.check_day(session, wish, slot, city=city)
