"""What is done about money with nobody waiting (支付后台任务). Jobs may run twice, late and in parallel.

A row is claimed by moving its next moment forward in one statement; a killed worker therefore only delays it.
"""

import contextlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import clock, queues
from app.db import after_commit, unit_of_work
from app.fees.events import BillVoided
from payments import truth
from payments.channels import MoneyBack, PaymentChannel, callback_url, channel
from payments.events import RefundReserved
from payments.models import LIVE_STATES, Attempt, AttemptBill, ChannelNotice, Refund, RefundState
from payments.polling import next_check
from payments.service import settle
from platforms.errors import PlatformError, Refused
from platforms.facts import RefundFact
from platforms.facts import RefundState as ChannelRefundState

log = logging.getLogger(__name__)

BATCH = 50
# WeChat repeats a callback for a day, Alipay for twenty-five hours.
_NOTICES_KEPT_FOR = timedelta(days=90)
# A refund that the channel has not taken after so many, some fifty minutes, is shown to a person.
_PATIENT_CHECKS = 7
_OPEN_REFUNDS = (RefundState.RESERVED, RefundState.SENDING, RefundState.PROCESSING)


def check_open_payments() -> int:
    """Ask the channels about attempts whose moment has come (job); returns how many were asked about."""
    queues.nudge_taken(check_open_payments)
    with unit_of_work() as session:
        due = _claim_attempts(session, clock.now())
    for attempt in due:
        with _alone("attempt", attempt.out_trade_no):
            settle(attempt)
    return len(due)


@contextlib.contextmanager
def _alone(kind: str, number: str) -> Iterator[None]:
    """What the database refuses about one row is logged and tried again; the others of the batch go on."""
    try:
        yield
    except SQLAlchemyError:
        log.exception("payment_check_failed", extra={"kind": kind, "reference": number})


def _claim_attempts(session: Session, now: datetime) -> list[Attempt]:
    due = (
        select(Attempt)
        .where(Attempt.state.in_(LIVE_STATES), Attempt.next_check_at <= now)
        .order_by(Attempt.next_check_at)
        .limit(BATCH)
        .with_for_update(of=Attempt, skip_locked=True)
    )
    found = list(session.scalars(due))
    for attempt in found:
        attempt.checks += 1
        attempt.next_check_at = next_check(attempt.checks, now)
    return found


def stop_paying_for(session: Session, event: BillVoided) -> None:
    """Have an order for a bill that became void closed at its channel soon (subscriber)."""
    now = clock.now()
    holding = select(AttemptBill.attempt_id).where(AttemptBill.bill_id == event.bill_id, AttemptBill.live)
    session.execute(
        update(Attempt)
        .where(Attempt.id.in_(holding), Attempt.state.in_(LIVE_STATES))
        .values(expires_at=now, next_check_at=now)
    )
    after_commit(_nudge_checks)


def _nudge_checks() -> None:
    queues.nudge(queues.Queue.PAYMENTS, check_open_payments)


def hurry_refunds(session: Session, event: RefundReserved) -> None:
    """Send a reserved refund soon (subscriber)."""
    del session, event
    after_commit(_nudge_refunds)


def _nudge_refunds() -> None:
    queues.nudge(queues.Queue.PAYMENTS, send_refunds)


def send_refunds() -> int:
    """Send what is reserved and ask about what is on its way (job); returns how many were handled."""
    queues.nudge_taken(send_refunds)
    with unit_of_work() as session:
        due = _claim_refunds(session, clock.now())
    for refund, attempt, first in due:
        with _alone("refund", refund.refund_no):
            _advance(refund, attempt, first=first)
    return len(due)


def _claim_refunds(session: Session, now: datetime) -> list[tuple[Refund, Attempt, bool]]:
    due = (
        select(Refund, Attempt)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .where(Refund.state.in_(_OPEN_REFUNDS), Refund.next_check_at <= now)
        .order_by(Refund.next_check_at)
        .limit(BATCH)
        .with_for_update(of=Refund, skip_locked=True)
    )
    claimed: list[tuple[Refund, Attempt, bool]] = []
    for refund, attempt in session.execute(due):
        first = refund.state == RefundState.RESERVED
        refund.checks += 1
        refund.next_check_at = next_check(refund.checks, now)
        if first:
            refund.state = RefundState.SENDING
        claimed.append((refund, attempt, first))
    return claimed


def _advance(refund: Refund, attempt: Attempt, *, first: bool) -> None:
    through = channel(attempt.channel)
    back = MoneyBack(
        out_trade_no=attempt.out_trade_no,
        refund_no=refund.refund_no,
        amount_fen=refund.amount_fen,
        total_fen=attempt.amount_fen,
        reason=refund.reason,
        callback_url=callback_url(through.refund_callback_path),
    )
    try:
        fact = through.refund(back) if first else _ask_or_send(back, through)
    except Refused as error:
        # Still owed and asked again on the ladder, but the channel may well never take it.
        _show(refund, attempt, kind="refund_refused", error=error)
        return
    except PlatformError as error:
        log.warning("refund_outcome_unknown", extra={"refund_no": refund.refund_no})
        # Not enough money at the merchant, for one: it may pass by itself, or never.
        if refund.state == RefundState.SENDING and refund.checks >= _PATIENT_CHECKS:
            _show(refund, attempt, kind="refund_delayed", error=error)
        return
    with unit_of_work() as session:
        truth.apply_refund(session, fact=fact)


def _show(refund: Refund, attempt: Attempt, *, kind: str, error: PlatformError) -> None:
    evidence = {"refund_no": refund.refund_no, "channel_code": error.platform_code}
    with unit_of_work() as session:
        truth.record_again(session, kind=kind, reference=refund.refund_no, evidence=evidence, attempt=attempt)


def _ask_or_send(back: MoneyBack, through: PaymentChannel) -> RefundFact:
    """Ask first; only what the channel does not know is sent again, under the same number."""
    fact = through.query_refund(back)
    return through.refund(back) if fact.state is ChannelRefundState.NOT_FOUND else fact


def forget_old_notices() -> int:
    """Drop callbacks no channel repeats any more (job); how many. What they proved stays."""
    with unit_of_work() as session:
        gone = delete(ChannelNotice).where(ChannelNotice.received_at < clock.now() - _NOTICES_KEPT_FOR)
        return len(session.scalars(gone.returning(ChannelNotice.id)).all())
