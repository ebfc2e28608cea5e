"""What is done for the queue and the waiting list while nobody asks (候补顺延、清理昨日排队号)."""

import contextlib
import logging
from collections.abc import Iterator

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.appointments import places
from app.centres.errors import CityNotLoaded
from app.db import unit_of_work
from app.queueing import waitlist, wishes
from app.queueing.models import (
    LIVE_TICKET,
    OfferState,
    Ticket,
    TicketState,
    WaitlistOffer,
)
from app.queueing.waitlist import Held

log = logging.getLogger(__name__)

_AT_ONCE = 200


def keep_waitlist() -> None:
    """Pass on what was held too long, offer what is free, end what is too late (job).

    Safe to repeat, to run late and to run twice at once: each place is decided in a transaction of its own
    under its slot's lock.
    """
    try:
        passed_on, offered = _pass_on(), _offer_free()
        with unit_of_work() as session:
            expired = wishes.expire(session)
    except CityNotLoaded:
        return
    if passed_on or offered or expired:
        log.info("waitlist_kept", extra={"passed_on": passed_on, "offered": offered, "expired": expired})


def end_days() -> None:
    """Close what is left of earlier days (job): who waited was passed over, who was served is done."""
    with unit_of_work() as session:
        for states, ended in (
            ((TicketState.SERVING,), TicketState.SERVED),
            (tuple(state for state in LIVE_TICKET if state != TicketState.SERVING), TicketState.PASSED),
        ):
            session.execute(
                update(Ticket)
                .where(Ticket.day < clock.today(), Ticket.state.in_(states))
                .values(state=ended, session_id=None)
                .execution_options(synchronize_session=False)
            )


def _pass_on() -> int:
    with unit_of_work() as session:
        lapsed = session.execute(
            select(WaitlistOffer.id, WaitlistOffer.entry_id, WaitlistOffer.slot_id)
            .where(WaitlistOffer.state == OfferState.OPEN, WaitlistOffer.expires_at <= clock.now())
            .order_by(WaitlistOffer.expires_at)
            .limit(_AT_ONCE)
        ).all()
    passed_on = 0
    for row in lapsed:
        with _alone(row.slot_id), unit_of_work() as session:
            passed_on += waitlist.lapse(session, Held(*row))
    return passed_on


def _offer_free() -> int:
    with unit_of_work() as session:
        slot_ids = wishes.slots_to_offer(session, held_for=waitlist.HELD_FOR, limit=_AT_ONCE)
    offered = 0
    for slot_id in slot_ids:
        with _alone(slot_id), unit_of_work() as session:
            places.lock(session, [slot_id])
            offered += waitlist.offer(session, slot_id=slot_id)
    return offered


@contextlib.contextmanager
def _alone(slot_id: int) -> Iterator[None]:
    """What the database refuses about one slot is logged and tried again; the others go on."""
    try:
        yield
    except SQLAlchemyError:
        log.exception("waitlist_slot_failed", extra={"slot_id": slot_id})
