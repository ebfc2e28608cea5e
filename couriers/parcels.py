"""Ordering parcels, asking where they are, calling them off (下单、查询、撤单).

Each step is: claim a row and commit → ask the courier → write the outcome in a second unit of work. A parcel
that was ordered before is asked about first: when only the acknowledgement was lost, nothing is sent again.
"""

import logging

from app import batches
from app.db import Session, unit_of_work
from app.deliveries import parcels, tracing
from app.deliveries.models import Parcel, ParcelState
from couriers import news
from platforms import directory, failures
from platforms.courier import Courier, Waybill
from platforms.errors import PlatformError, Refused

log = logging.getLogger(__name__)

_BATCH = 50


def follow() -> int:
    """Order, ask about and call off every parcel whose moment has come (job); how many. Safe to repeat."""
    client = directory.current().courier
    if client is None:
        return 0
    return batches.one_by_one(_claim, lambda found: _settle(client, found), kind="parcel", at_most=_BATCH)


def _claim(session: Session) -> int | None:
    return parcels.claim(session)


def _settle(client: Courier, parcel_id: int) -> bool:
    """Whether the courier answered; what it answered is written down."""
    with unit_of_work() as session:
        parcel = session.get_one(Parcel, parcel_id)
    try:
        if parcel.state == ParcelState.CANCELLING:
            return _call_off(client, parcel)
        known = parcel.state != ParcelState.ORDERING or parcel.checks > 1
        waybill = client.ask(parcel.reference) if known else None
        if waybill is None:
            if parcel.state != ParcelState.ORDERING:
                # It has its number already: a courier who forgot it is no reason to order another.
                log.warning("parcel_forgotten", extra={"parcel": parcel.id})
                return True
            waybill = client.order(parcel.reference, parcels.label(parcel))
    except Refused as error:
        failures.note(error)
        with unit_of_work() as session:
            parcels.note_refused(session, parcel_id=parcel.id, reason=error.platform_code)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    _write_down(parcel, waybill)
    return True


def _call_off(client: Courier, parcel: Parcel) -> bool:
    """What was collected meanwhile cannot be called off: it goes on, as the courier says."""
    waybill: Waybill | None = None
    try:
        client.cancel(parcel.reference)
    except Refused as error:
        failures.note(error)
        waybill = client.ask(parcel.reference)
    with unit_of_work() as session:
        if waybill is None:
            parcels.note_cancelled(session, parcel_id=parcel.id)
            return True
        for one in waybill.news:
            tracing.take(session, news.told(one))
        parcels.note_collected(session, parcel_id=parcel.id, waybill=waybill.number)
        tracing.catch_up(session, parcel_id=parcel.id)
    return True


def _write_down(parcel: Parcel, waybill: Waybill) -> None:
    with unit_of_work() as session:
        parcels.note_ordered(session, parcel_id=parcel.id, waybill=waybill.number)
        for one in waybill.news:
            tracing.take(session, news.told(one))
