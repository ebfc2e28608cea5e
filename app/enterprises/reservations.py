"""Reserving a name (名称自主申报): the intent, and how the registry's answer is written down.

The registry decides who gets a name and how long it is kept (《企业名称登记管理规定》第十八条). Here a
citizen asks for one name once, whatever taps and answers get lost: the intent is a row before anything is
sent, and whoever sends it, or asks what became of it, does so under the row's own reference.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Update, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import batches, clock, idempotency, tries
from app.enterprises import queries
from app.enterprises.errors import NameCheckedTooOften, RegistryNumberTaken, TooManyNames
from app.enterprises.events import NameRefused, NameReserved
from app.enterprises.models import LIVE_NAME, NameCheckCount, NameReservation, NameState
from app.events import publish

MOST_NAMES = 3
CHECKS, WINDOW = 30, timedelta(minutes=10)
# How long the request that made a row has it to itself before the job asks.
_HEAD_START = timedelta(seconds=30)
# Minutes between two questions about an outcome that is not known.
_LADDER_MIN = (1, 1, 5, 15, 30, 60)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the registry answered: its number and the last day."""

    number: str
    expires_on: date


def count_check(session: Session, *, citizen_id: int) -> None:
    """Count one look at a name; raises NameCheckedTooOften after thirty in ten minutes."""
    if tries.count(session, NameCheckCount, window=WINDOW, citizen_id=citizen_id) > CHECKS:
        raise NameCheckedTooOften(retry_after=int(WINDOW.total_seconds()))


def intend(session: Session, *, citizen_id: int, name: str, claim: idempotency.Claim) -> NameReservation:
    """The citizen's row for this name: that of the same tap, the live one, or a new one.

    Raises TooManyNames.
    """
    kept = idempotency.begin(session, claim)
    if kept is not None:
        return queries.of_citizen(session, citizen_id=citizen_id, reservation_id=int(kept.body))
    reservation = _live(session, citizen_id=citizen_id, name=name) or _new(
        session, citizen_id=citizen_id, name=name
    )
    idempotency.keep(session, claim, idempotency.Answer(201, str(reservation.id).encode()))
    return reservation


def keep(session: Session, *, reservation_id: int, kept: Kept) -> bool:
    """Write down that the registry keeps the name; False when that was known. Raises RegistryNumberTaken."""
    reserved = (
        _still_unknown(reservation_id)
        .values(
            state=NameState.RESERVED,
            registry_no=kept.number,
            expires_on=kept.expires_on,
            reserved_at=clock.now(),
        )
        .returning(NameReservation.id)
    )
    try:
        with session.begin_nested():
            written = session.scalar(reserved)
    except IntegrityError as taken:
        raise RegistryNumberTaken from taken
    if written is not None:
        publish(session, NameReserved(written))
    return written is not None


def refuse(session: Session, *, reservation_id: int, reason: str, tell: bool) -> bool:
    """Write down that the name is not to be had; False when the outcome was known.

    `tell`: nobody is waiting for the answer, so that it needs a message.
    """
    written = session.scalar(
        _still_unknown(reservation_id)
        .values(state=NameState.REFUSED, refusal=reason[:64])
        .returning(NameReservation.id)
    )
    if written is not None and tell:
        publish(session, NameRefused(written))
    return written is not None


def use(session: Session, *, name: str) -> None:
    """Note that an enterprise was registered under a name: it is kept for nobody any more (已使用)."""
    session.execute(
        update(NameReservation)
        .where(NameReservation.name == name, NameReservation.state == NameState.RESERVED.value)
        .values(state=NameState.USED)
    )


def claim_unknown(session: Session) -> NameReservation | None:
    """The row that waits longest of those whose moment to be asked about has come; the next is later."""
    now = clock.now()
    due = (
        select(NameReservation)
        .where(NameReservation.state == NameState.SENDING.value, NameReservation.next_check_at <= now)
        .order_by(NameReservation.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.scalar(due)
    if found is not None:
        found.next_check_at = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
        found.checks += 1
    return found


def _still_unknown(reservation_id: int) -> Update:
    return update(NameReservation).where(
        NameReservation.id == reservation_id, NameReservation.state == NameState.SENDING.value
    )


def _live(session: Session, *, citizen_id: int, name: str) -> NameReservation | None:
    """The citizen's own live row for a name; taps of one citizen come one after the other."""
    one_at_a_time = func.pg_advisory_xact_lock(func.hashtextextended(f"names\n{citizen_id}", 0))
    session.execute(select(one_at_a_time))
    return queries.live(session, citizen_id=citizen_id, name=name)


def _new(session: Session, *, citizen_id: int, name: str) -> NameReservation:
    """Raises TooManyNames."""
    live = select(func.count()).where(
        NameReservation.citizen_id == citizen_id, NameReservation.state.in_(LIVE_NAME)
    )
    if (session.scalar(live) or 0) >= MOST_NAMES:
        raise TooManyNames(most=MOST_NAMES)
    now = clock.now()
    reservation = NameReservation(
        citizen_id=citizen_id,
        reference=f"YM{clock.local(now):%Y%m%d}-{secrets.token_hex(12)}",
        name=name,
        created_at=now,
        next_check_at=now + _HEAD_START,
    )
    session.add(reservation)
    session.flush()
    return reservation
