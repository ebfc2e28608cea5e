"""Paying (一键支付): one or many bills, one tap, one channel.

Each step is: write the intent and commit → talk to the channel → write the outcome in a second unit of work.
Every half may be repeated; what a channel did not answer stays `sending` until a query tells.
"""

import contextlib
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock, idempotency
from app.db import unit_of_work
from app.fees.errors import BillNotFound, BillNotPayable
from app.fees.models import Bill, BillState
from app.organisations import queries as organisations
from app.people import queries as people
from payments import truth
from payments.channels import Order, PaymentChannel, callback_url, channel
from payments.errors import AlreadyPaid, ChannelAway, ChannelNeedsLogin, ChannelRefused, PaymentRunning
from payments.models import LIVE_STATES, Attempt, AttemptBill, AttemptState
from payments.polling import next_check
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.facts import TradeState

PAYABLE_FOR = timedelta(minutes=30)
# An order about to expire is not handed out again: the payer may need a while for the password.
_TIME_TO_PAY = timedelta(minutes=2)
_ASK_AGAIN_AFTER = timedelta(seconds=1)
# Of the sixteen threads of a web process these many may wait for a channel on behalf of those who look.
_asking = threading.BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the payer tapped: which bills, through which channel, with which key, and for which company."""

    citizen_id: int
    bill_nos: tuple[str, ...]
    channel: str
    claim: idempotency.Claim
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A payment the phone can show; `invoke` is what the platform's payment call takes, None once paid."""

    attempt: Attempt
    invoke: dict[str, Any] | None


def start(wish: Wish) -> Started:
    """Open a payment, or find the one that the same tap opened before.

    Raises BillNotFound, AlreadyPaid, PaymentRunning, ChannelNeedsLogin, ChannelAway, ChannelRefused.
    """
    through = channel(wish.channel)
    with unit_of_work() as session:
        attempt, in_the_way = _intend(session, wish, through)
    if in_the_way is not None:
        _clear_the_way(in_the_way)
        with unit_of_work() as session:
            attempt, in_the_way = _intend(session, wish, through)
    if attempt is None or in_the_way is not None:
        raise PaymentRunning(retry_after=3)
    return _open(attempt, through)


def _intend(
    session: Session, wish: Wish, through: PaymentChannel
) -> tuple[Attempt, None] | tuple[None, Attempt]:
    """Our attempt for this tap, or the other attempt that must be closed first."""
    kept = idempotency.begin(session, wish.claim)
    if kept is not None:
        opened = session.scalars(select(Attempt).where(Attempt.payment_no == kept.body.decode())).one()
        if opened.state in LIVE_STATES:
            _bills(session, wish)  # refused when a bill has become void since the first tap
        return opened, None
    bills = _bills(session, wish)
    live = _live_attempts(session, bills)
    for other in live:
        if not _can_go_on(other, wish, bills):
            return None, other
    attempt = live[0] if live else _new_attempt(session, wish, bills=bills, through=through)
    idempotency.keep(session, wish.claim, idempotency.Answer(201, attempt.payment_no.encode()))
    return attempt, None


def _bills(session: Session, wish: Wish) -> list[Bill]:
    """The payer's bills, or their company's, locked in one order: two taps never wait for each other."""
    mine = organisations.owned(
        session, Bill, citizen_id=wish.citizen_id, organisation_id=wish.organisation_id, hold=True
    )
    wanted = select(Bill).where(Bill.bill_no.in_(wish.bill_nos), mine)
    bills = list(session.scalars(wanted.order_by(Bill.id).with_for_update(of=Bill)))
    if len(bills) != len(set(wish.bill_nos)):
        raise BillNotFound
    for bill in bills:
        if bill.state == BillState.PAID:
            raise AlreadyPaid(bill=bill.bill_no)
        if bill.state != BillState.UNPAID:
            raise BillNotPayable(bill=bill.bill_no)
    return bills


def _live_attempts(session: Session, bills: Sequence[Bill]) -> list[Attempt]:
    holding = select(AttemptBill.attempt_id).where(
        AttemptBill.bill_id.in_([bill.id for bill in bills]), AttemptBill.live
    )
    return list(session.scalars(select(Attempt).where(Attempt.id.in_(holding)).order_by(Attempt.id)))


def _can_go_on(other: Attempt, wish: Wish, bills: Sequence[Bill]) -> bool:
    """Whether a live attempt is just what this tap asks for."""
    return (
        other.citizen_id == wish.citizen_id
        and other.channel == wish.channel
        and {part.bill_id for part in other.bills} == {bill.id for bill in bills}
        and other.state in {AttemptState.SENDING, AttemptState.WAITING}
        and other.expires_at > clock.now() + _TIME_TO_PAY
    )


def _new_attempt(session: Session, wish: Wish, *, bills: Sequence[Bill], through: PaymentChannel) -> Attempt:
    payer_id = people.open_id(session, citizen_id=wish.citizen_id, platform=through.platform)
    if payer_id is None:
        raise ChannelNeedsLogin(channel_name=through.name)
    now = clock.now()
    number = f"{clock.local(now):%Y%m%d%H%M%S}{secrets.randbelow(10**12):012d}"
    attempt = Attempt(
        payment_no=f"P{number}",
        out_trade_no=f"Y{number}",
        channel=wish.channel,
        citizen_id=wish.citizen_id,
        payer_id=payer_id,
        amount_fen=sum(bill.amount_fen for bill in bills),
        description=_description(bills),
        state=AttemptState.SENDING,
        created_at=now,
        asked_at=now,
        expires_at=now + PAYABLE_FOR,
        next_check_at=next_check(0, now),
        bills=[AttemptBill(bill_id=bill.id, amount_fen=bill.amount_fen) for bill in bills],
    )
    try:
        with session.begin_nested():
            session.add(attempt)
            session.flush()
    except IntegrityError as error:
        # The bills are locked, so this only guards against a path that forgot to lock them.
        raise PaymentRunning(retry_after=3) from error
    return attempt


def _description(bills: Sequence[Bill]) -> str:
    first = bills[0].title[:30]
    return first if len(bills) == 1 else f"{first}等{len(bills)}项"


def _clear_the_way(other: Attempt) -> None:
    """Close an attempt at its channel so that its bills are free; what it paid in the meantime counts."""
    if not settle(other, closing=True):
        raise PaymentRunning(retry_after=3)


def _open(attempt: Attempt, through: PaymentChannel) -> Started:
    if attempt.state in LIVE_STATES and attempt.expires_at <= clock.now():
        settle(attempt)
        attempt = _again(attempt)
    if attempt.state not in {AttemptState.SENDING, AttemptState.WAITING}:
        return Started(attempt, None)
    prepay_id = attempt.prepay_id
    if prepay_id is None:
        prepay_id = _prepay(attempt, through)
        with unit_of_work() as session:
            found = truth.locked_attempt(session, out_trade_no=attempt.out_trade_no)
            if found is None:
                raise PaymentRunning(retry_after=3)
            found.prepay_id = prepay_id
            if found.state == AttemptState.SENDING:
                found.state = AttemptState.WAITING
            attempt = found
    return Started(attempt, through.invoke(prepay_id) if attempt.state == AttemptState.WAITING else None)


def _again(attempt: Attempt) -> Attempt:
    with unit_of_work() as session:
        return session.get_one(Attempt, attempt.id)


def _prepay(attempt: Attempt, through: PaymentChannel) -> str:
    order = Order(
        out_trade_no=attempt.out_trade_no,
        amount_fen=attempt.amount_fen,
        description=attempt.description,
        payer_id=attempt.payer_id,
        expires_at=attempt.expires_at,
        callback_url=callback_url(through.callback_path),
    )
    try:
        return through.open(order)
    except (Busy, Unknown) as error:
        # The same tap repeats the same order number; nobody can pay before it is opened.
        raise ChannelAway(retry_after=5) from error
    except Refused as error:
        # The payer's other phone may have opened it meanwhile, and even paid it.
        opened_meanwhile = _again(attempt).prepay_id
        settle(attempt, closing=opened_meanwhile is None)
        if opened_meanwhile is not None:
            return opened_meanwhile
        raise ChannelRefused(reason=error.platform_code) from error


def refresh(attempt: Attempt) -> None:
    """Ask the channel about an attempt that is not decided, at most once a second for all who look.

    On the day a channel hangs only a few threads wait for it; whoever else looks is shown what we know.
    """
    if attempt.state not in LIVE_STATES or not _asking.acquire(blocking=False):
        return
    try:
        _ask_if_due(attempt)
    finally:
        _asking.release()


def _ask_if_due(attempt: Attempt) -> None:
    with unit_of_work() as session:
        asked = session.scalar(
            update(Attempt)
            .where(Attempt.id == attempt.id, Attempt.asked_at < clock.now() - _ASK_AGAIN_AFTER)
            .values(asked_at=clock.now())
            .returning(Attempt.id)
        )
    if asked is not None:
        settle(attempt)


def settle(attempt: Attempt, *, closing: bool = False) -> bool:
    """Ask the channel how an attempt stands and take its word; True once the attempt holds no bill any more.

    With `closing`, once closing has begun, or after its time, an unpaid order is closed at the channel first:
    we never call an order closed before the channel does.
    """
    through = channel(attempt.channel)
    try:
        fact = through.query(attempt.out_trade_no)
    except PlatformError:
        return False
    with unit_of_work() as session:
        found = truth.apply_trade(session, channel=through, fact=fact, source="query")
        if found is None or found.state not in LIVE_STATES:
            return True
        if not closing and found.state != AttemptState.CLOSING and found.expires_at > clock.now():
            return False
        found.state = AttemptState.CLOSING
    return _close(attempt, through)


def _close(attempt: Attempt, through: PaymentChannel) -> bool:
    """Close at the channel, then look again: somebody may have paid in between."""
    try:
        with contextlib.suppress(Refused):  # paid meanwhile, or never opened: the query tells which
            through.close(attempt.out_trade_no)
        fact = through.query(attempt.out_trade_no)
    except PlatformError:
        return False
    with unit_of_work() as session:
        found = truth.apply_trade(session, channel=through, fact=fact, source="query")
        if found is None or found.state not in LIVE_STATES:
            return True
        if fact.state is not TradeState.NOT_FOUND:
            return False
        if found.prepay_id is not None:
            _tell_if_lost(session, found)
            return False
        # The order never reached the channel and its prepay id was never handed out: nobody can pay it.
        truth.close(found)
        return True


def _tell_if_lost(session: Session, attempt: Attempt) -> None:
    """An order that was opened and that the channel does not know after its time is a person's to judge."""
    if attempt.expires_at > clock.now():
        return
    evidence = {"out_trade_no": attempt.out_trade_no, "expired_at": attempt.expires_at.isoformat()}
    truth.record_exception(
        session, kind="lost_at_channel", reference=attempt.out_trade_no, evidence=evidence, attempt=attempt
    )
