"""An earlier place wanted (候补): wishes in line, places held for ten minutes, taken or passed on.

A held place is counted in its slot (`booked`) like a booked one, so nobody can oversell it; the slot's row is
locked first, then offers and wishes, as everywhere (see app.appointments.places). Whoever gives a place back
through this module offers it on in the same transaction: it is never free for others in between. What comes
free by another way is offered by the job in `upkeep`, as long as nobody has booked it.

In line: whoever let fewer offers go by, then whoever asked first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.appointments import places
from app.appointments import queries as appointments
from app.appointments import service as appointment_service
from app.appointments.bookable import bookable
from app.appointments.errors import BookedElsewhereJustNow
from app.appointments.models import Slot, Visit
from app.centres import queries as centres
from app.db import LARGEST_ID
from app.events import publish
from app.queueing import wishes
from app.queueing.errors import (
    AlreadyOnWaitlist,
    BeforeInvalid,
    NothingOffered,
    OfferOver,
    PlaceIsFree,
    TooManyWishes,
    WaitNotFound,
    WaitOver,
)
from app.queueing.events import PlaceOffered
from app.queueing.models import LIVE_WISH, OfferState, WaitlistEntry, WaitlistOffer, WishState

HELD_FOR = timedelta(minutes=10)
MOST_WISHES = 3
FARTHEST_DAYS = 31
# How often whoever leaves looks again when a place is offered to them meanwhile.
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A place that is held for a wish."""

    offer_id: int
    entry_id: int
    slot_id: int


def join(session: Session, *, citizen_id: int, centre_id: str, task_code: str, before: datetime) -> int:
    """Ask for a place before a moment (候补登记); the wish's id.

    Raises CentreNotFound, NotBookable, NotAtThisCentre, BeforeInvalid, PlaceIsFree, TooManyWishes,
    AlreadyOnWaitlist, and what the catalogue raises for the item.
    """
    item = bookable(session, task_code=task_code)
    centres.exists(session, centre_id=centre_id)
    item.check(centre_id=centre_id)
    earliest = clock.now() + wishes.lead(session)
    if not earliest < before <= clock.now() + timedelta(days=FARTHEST_DAYS + 1):
        raise BeforeInvalid(days=FARTHEST_DAYS)
    free_at = wishes.free_place(
        session, citizen_id=citizen_id, centre_id=centre_id, item=item, between=(earliest, before)
    )
    if free_at is not None:
        raise PlaceIsFree(when=f"{clock.local(free_at):%m月%d日%H:%M}")
    _check_count(session, citizen_id=citizen_id)
    entry_id: int | None = session.scalar(
        insert(WaitlistEntry)
        .values(
            citizen_id=citizen_id,
            centre_id=centre_id,
            task_code=item.task_code,
            task_name=item.task_name,
            field=item.field,
            before=before,
            state=WishState.WAITING,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(WaitlistEntry.id)
    )
    if entry_id is None:
        raise AlreadyOnWaitlist
    return entry_id


def leave(session: Session, *, citizen_id: int, entry_id: int) -> None:
    """Wait no longer (取消候补): a held place goes to the next in line. Repeating it changes nothing.

    A wish ends only while nothing is held for it: what is offered in this very moment is looked at again.
    Raises WaitNotFound, BookedElsewhereJustNow when it goes on being offered.
    """
    _mine(session, citizen_id=citizen_id, entry_id=entry_id)
    for _ in range(_LOOKS):
        held = _held(session, WaitlistOffer.entry_id == entry_id)
        if held is not None:
            places.lock(session, [held.slot_id])
            _let_go(session, held, state=OfferState.DECLINED)
        if _end_waiting(session, entry_id=entry_id):
            break
    else:
        raise BookedElsewhereJustNow(retry_after=1)
    if held is not None:
        offer(session, slot_id=held.slot_id)


def accept(session: Session, *, citizen_id: int, entry_id: int) -> Visit:
    """Take the held place (接受候补): a later appointment for the same item moves there, else it is booked.

    Repeating it answers the same appointment. Raises WaitNotFound, NothingOffered, OfferOver, WaitOver, and
    what booking and moving raise.
    """
    entry = _mine(session, citizen_id=citizen_id, entry_id=entry_id)
    if entry.appointment_id is not None:
        return appointments.visit(session, citizen_id=citizen_id, appointment_id=entry.appointment_id)
    held = _held(session, WaitlistOffer.entry_id == entry_id)
    if held is None:
        return _without_place(session, entry)
    slot = session.get_one(Slot, held.slot_id)
    later = wishes.later_appointment(session, entry, than=slot.starts_at)
    places.lock(session, {held.slot_id} | ({later.slot_id} if later else set()))
    if not _end_offer(session, held, state=OfferState.ACCEPTED, unexpired=True):
        return _without_place(session, entry)
    places.count(session, slot_id=held.slot_id, by=-1)
    if later is None:
        visit = appointment_service.book(
            session,
            citizen_id=citizen_id,
            centre_id=entry.centre_id,
            slot_id=held.slot_id,
            task_code=entry.task_code,
        )
    else:
        visit = reschedule(session, citizen_id=citizen_id, appointment_id=later.id, slot_id=held.slot_id)
    session.execute(
        update(WaitlistEntry)
        .where(WaitlistEntry.id == entry_id)
        .values(state=WishState.ACCEPTED, appointment_id=visit.id)
    )
    return visit


def cancel(session: Session, *, citizen_id: int, appointment_id: int) -> Visit:
    """Cancel an appointment and offer its place on at once; raises what cancelling raises."""
    visit = appointment_service.cancel(session, citizen_id=citizen_id, appointment_id=appointment_id)
    _offer_if_lockable(session, slot_id=visit.slot_id)
    return visit


def reschedule(session: Session, *, citizen_id: int, appointment_id: int, slot_id: int) -> Visit:
    """Move an appointment and offer its old place on at once; raises what moving raises."""
    old = appointments.visit(session, citizen_id=citizen_id, appointment_id=appointment_id).slot_id
    visit = appointment_service.reschedule(
        session, citizen_id=citizen_id, appointment_id=appointment_id, slot_id=slot_id
    )
    if old != visit.slot_id:
        _offer_if_lockable(session, slot_id=old)
    return visit


def offer(session: Session, *, slot_id: int) -> int:
    """Hold the free places of a slot, which the caller has locked, for those first in line; how many."""
    offered = 0
    while (entry_id := wishes.first_in_line(session, slot_id=slot_id, held_for=HELD_FOR)) is not None:
        now = clock.now()
        offer_id = session.scalar(
            insert(WaitlistOffer)
            .values(
                entry_id=entry_id,
                slot_id=slot_id,
                state=OfferState.OPEN,
                offered_at=now,
                expires_at=now + HELD_FOR,
            )
            .returning(WaitlistOffer.id)
        )
        session.execute(
            update(WaitlistEntry).where(WaitlistEntry.id == entry_id).values(state=WishState.OFFERED)
        )
        places.count(session, slot_id=slot_id, by=1)
        publish(session, PlaceOffered(offer_id or 0))
        session.flush()
        offered += 1
    return offered


def lapse(session: Session, held: Held) -> bool:
    """Pass a place on whose ten minutes are over; False when somebody else has decided about it."""
    places.lock(session, [held.slot_id])
    if not _let_go(session, held, state=OfferState.LAPSED):
        return False
    offer(session, slot_id=held.slot_id)
    return True


def _without_place(session: Session, entry: WaitlistEntry) -> Visit:
    """What another tap of the same citizen has just taken; else raises why there is no place to take."""
    session.refresh(entry)
    if entry.appointment_id is not None:
        return appointments.visit(session, citizen_id=entry.citizen_id, appointment_id=entry.appointment_id)
    if entry.state not in LIVE_WISH:
        raise WaitOver
    raise OfferOver if entry.lapses or entry.state == WishState.OFFERED else NothingOffered


def _offer_if_lockable(session: Session, *, slot_id: int) -> None:
    """Offer a place that this transaction has given back; else leave it to the job, and wait for nobody.

    The slot is locked already when the place came from here; asking for it otherwise could deadlock.
    """
    ours = select(Slot.id).where(Slot.id == slot_id).with_for_update(key_share=True, skip_locked=True)
    if session.scalar(ours) is not None:
        offer(session, slot_id=slot_id)


def _let_go(session: Session, held: Held, *, state: OfferState) -> bool:
    """End an offer that was not taken, under its slot's lock: the place is free, the wish waits on."""
    if not _end_offer(session, held, state=state):
        return False
    places.count(session, slot_id=held.slot_id, by=-1)
    session.execute(
        update(WaitlistEntry)
        .where(WaitlistEntry.id == held.entry_id, WaitlistEntry.state == WishState.OFFERED)
        .values(state=WishState.WAITING, lapses=WaitlistEntry.lapses + 1)
        .execution_options(synchronize_session=False)
    )
    return True


def _end_waiting(session: Session, *, entry_id: int) -> bool:
    """Cancel a wish for which nothing is held; False when a place is held for it after all."""
    session.execute(
        update(WaitlistEntry)
        .where(WaitlistEntry.id == entry_id, WaitlistEntry.state == WishState.WAITING)
        .values(state=WishState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
    return (
        session.scalar(select(WaitlistEntry.state).where(WaitlistEntry.id == entry_id)) != WishState.OFFERED
    )


def _end_offer(session: Session, held: Held, *, state: OfferState, unexpired: bool = False) -> bool:
    ending = update(WaitlistOffer).where(
        WaitlistOffer.id == held.offer_id, WaitlistOffer.state == OfferState.OPEN
    )
    if unexpired:
        ending = ending.where(WaitlistOffer.expires_at > clock.now())
    return session.scalar(ending.values(state=state).returning(WaitlistOffer.id)) is not None


def _held(session: Session, *which: object) -> Held | None:
    row = session.execute(
        select(WaitlistOffer.id, WaitlistOffer.entry_id, WaitlistOffer.slot_id).where(
            WaitlistOffer.state == OfferState.OPEN,
            *which,  # type: ignore[arg-type]
        )
    ).one_or_none()
    return None if row is None else Held(*row)


def _mine(session: Session, *, citizen_id: int, entry_id: int) -> WaitlistEntry:
    found = None
    if 0 < entry_id <= LARGEST_ID:
        found = session.scalar(
            select(WaitlistEntry).where(WaitlistEntry.id == entry_id, WaitlistEntry.citizen_id == citizen_id)
        )
    if found is None:
        raise WaitNotFound
    return found


def _check_count(session: Session, *, citizen_id: int) -> None:
    """Raises TooManyWishes; taps of one citizen come one after the other, so that none is missed."""
    one_at_a_time = func.pg_advisory_xact_lock(func.hashtextextended(f"waitlist\n{citizen_id}", 0))
    session.execute(select(one_at_a_time))
    live = select(func.count()).where(
        WaitlistEntry.citizen_id == citizen_id, WaitlistEntry.state.in_(LIVE_WISH)
    )
    if (session.scalar(live) or 0) >= MOST_WISHES:
        raise TooManyWishes(most=MOST_WISHES)
