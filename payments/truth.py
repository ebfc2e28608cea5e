"""What a channel has proven becomes ours here, and nowhere else (入账).

Callback, active query and reconciliation all end in `apply_trade` and `apply_refund`. Both lock the attempt's
row first, so facts that arrive twice, late, in parallel or in the wrong order have one outcome:
paid dominates everything, and money for a bill that is already paid goes back by itself.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.events import publish
from app.fees import refunding
from app.fees import service as fees
from app.fees.events import MoneyReturned, RefundArrived
from payments import ledger
from payments.channels import PaymentChannel
from payments.events import PaymentNeedsAttention, RefundReserved
from payments.models import (
    LIVE_STATES,
    Attempt,
    AttemptBill,
    AttemptState,
    PaymentException,
    Refund,
    RefundState,
)
from platforms.facts import RefundFact, TradeFact, TradeState
from platforms.facts import RefundState as ChannelRefundState

log = logging.getLogger(__name__)


def locked_attempt(session: Session, *, out_trade_no: str) -> Attempt | None:
    """The attempt behind a channel's number, its row locked until the end of the transaction."""
    return session.scalar(
        select(Attempt)
        .where(Attempt.out_trade_no == out_trade_no)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def apply_trade(session: Session, *, channel: PaymentChannel, fact: TradeFact, source: str) -> Attempt | None:
    """Take a proven statement about a payment; `source` is callback or query.

    A statement about an order we do not know, another amount or another merchant changes nothing but is kept
    as an exception that a person sees.
    """
    attempt = locked_attempt(session, out_trade_no=fact.out_trade_no)
    evidence = _evidence(fact, source)
    if attempt is None:
        if fact.state in {TradeState.PAID, TradeState.REFUNDED}:
            record_exception(session, kind="orphan", reference=fact.out_trade_no, evidence=evidence)
        return None
    if fact.state in {TradeState.PAID, TradeState.REFUNDED}:
        _apply_paid(session, attempt, channel=channel, fact=fact, evidence=evidence)
    elif fact.state is TradeState.CLOSED and attempt.state in LIVE_STATES:
        close(attempt)
    return attempt


def close(attempt: Attempt) -> None:
    """The channel will take no money for this attempt any more: its bills are free again."""
    attempt.state = AttemptState.CLOSED
    attempt.closed_at = clock.now()
    _release(attempt)


def _apply_paid(
    session: Session,
    attempt: Attempt,
    *,
    channel: PaymentChannel,
    fact: TradeFact,
    evidence: Mapping[str, Any],
) -> None:
    number = attempt.out_trade_no
    note = partial(record_exception, session, attempt=attempt, evidence=evidence)
    mismatch = fact.amount_fen != attempt.amount_fen or not channel.ours(fact)
    if mismatch or fact.transaction_id is None:
        note(kind="mismatch", reference=number)
        return
    if attempt.state == AttemptState.PAID:
        if attempt.transaction_id != fact.transaction_id:
            note(kind="second_transaction", reference=f"{number}:{fact.transaction_id}")
        return
    if fact.state is TradeState.REFUNDED:
        # Given back before we ever knew of the payment, so not by us: nobody may take the bill for paid.
        note(kind="refunded_elsewhere", reference=number)
        return
    if _is_taken(session, attempt, transaction_id=fact.transaction_id):
        # One sum of money pays once: the order stays open until a person has looked at the channel.
        note(kind="transaction_reused", reference=f"{number}:{fact.transaction_id}")
        return
    if attempt.state == AttemptState.CLOSED:
        note(kind="paid_after_close", reference=number)
    attempt.state = AttemptState.PAID
    attempt.transaction_id = fact.transaction_id
    attempt.paid_at = fact.paid_at or clock.now()
    _book(session, attempt, paid_at=attempt.paid_at)
    _release(attempt)


def _is_taken(session: Session, attempt: Attempt, *, transaction_id: str) -> bool:
    """Whether another order of this channel was paid by the same trade."""
    found = select(Attempt.id).where(
        Attempt.channel == attempt.channel,
        Attempt.transaction_id == transaction_id,
        Attempt.id != attempt.id,
    )
    return session.scalar(found) is not None


def _book(session: Session, attempt: Attempt, *, paid_at: datetime) -> None:
    """Give each bill its money; what a bill does not need any more is on its way back."""
    sides: dict[tuple[str, int | None], int] = {(ledger.PAYER, None): -attempt.amount_fen}
    for part in sorted(attempt.bills, key=lambda found: found.bill_id):
        taken = fees.mark_paid(
            session,
            bill_id=part.bill_id,
            payment_no=attempt.payment_no,
            channel=attempt.channel,
            paid_at=paid_at,
        )
        sides[ledger.RECEIVED if taken else ledger.TO_RETURN, part.bill_id] = part.amount_fen
        if not taken:
            refund = Refund(
                refund_no=f"{attempt.out_trade_no}R{part.bill_id}",
                amount_fen=part.amount_fen,
                reason="这笔款项不需要缴纳，原路退回",
            )
            reserve(session, attempt, part=part, refund=refund)
    ledger.book(session, booking=f"pay:{attempt.payment_no}", sides=sides, at=paid_at)


def reserve(session: Session, attempt: Attempt, *, part: AttemptBill, refund: Refund) -> None:
    """Set money of a locked attempt aside and have it sent back; number, amount and reason are given.

    The database refuses to give back more than was paid, of the whole and of each bill.
    """
    now = clock.now()
    refund.attempt_id, refund.bill_id = attempt.id, part.bill_id
    refund.created_at = refund.next_check_at = now
    attempt.reserved_fen += refund.amount_fen
    part.reserved_fen += refund.amount_fen
    session.add(refund)
    session.flush()
    publish(session, RefundReserved(refund.id))


def apply_refund(session: Session, *, fact: RefundFact) -> Refund | None:
    """Take a proven statement about a refund; success dominates, an abnormal one is shown to a person."""
    number = select(Refund.attempt_id).where(Refund.refund_no == fact.out_refund_no)
    attempt = session.scalar(
        select(Attempt)
        .where(Attempt.id == number.scalar_subquery())
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    if attempt is None:
        record_exception(
            session, kind="orphan_refund", reference=fact.out_refund_no, evidence={"state": fact.state.value}
        )
        return None
    refund = session.scalars(
        select(Refund).where(Refund.refund_no == fact.out_refund_no).execution_options(populate_existing=True)
    ).one()
    success = fact.state is ChannelRefundState.SUCCEEDED
    if refund.state == RefundState.SUCCEEDED or (refund.state == RefundState.FAILED and not success):
        return refund
    if fact.amount_fen not in {None, refund.amount_fen}:
        evidence = {"stated_fen": fact.amount_fen, "ours_fen": refund.amount_fen}
        record_exception(
            session, kind="refund_mismatch", reference=refund.refund_no, attempt=attempt, evidence=evidence
        )
        return refund
    _apply_refund_state(session, attempt, refund=refund, fact=fact)
    return refund


def _apply_refund_state(session: Session, attempt: Attempt, *, refund: Refund, fact: RefundFact) -> None:
    refund.channel_refund_id = fact.refund_id or refund.channel_refund_id
    if fact.state is ChannelRefundState.SUCCEEDED:
        _returned(session, attempt, refund=refund, at=fact.finished_at or clock.now())
    elif fact.state in {ChannelRefundState.ABNORMAL, ChannelRefundState.CLOSED}:
        # The reservation stays: the money is still owed, and a person has to find another way for it.
        refund.state = RefundState.FAILED
        refund.finished_at = clock.now()
        if refund.requested:
            refunding.finish(session, refund_no=refund.refund_no, done=False, at=refund.finished_at)
        evidence = {"refund_no": refund.refund_no, "state": fact.state.value, "amount_fen": refund.amount_fen}
        record_exception(
            session, kind="refund_failed", reference=refund.refund_no, attempt=attempt, evidence=evidence
        )
    elif fact.state is ChannelRefundState.PROCESSING:
        refund.state = RefundState.PROCESSING


def _returned(session: Session, attempt: Attempt, *, refund: Refund, at: datetime) -> None:
    """The money is back with its payer: in the sums, the books and, when nothing is left, on the bill."""
    part = next(found for found in attempt.bills if found.bill_id == refund.bill_id)
    refund.state = RefundState.SUCCEEDED
    refund.finished_at = at
    for sums in (attempt, part):
        sums.reserved_fen -= refund.amount_fen
        sums.refunded_fen += refund.amount_fen
    sides: dict[tuple[str, int | None], int] = {
        (ledger.TO_RETURN, refund.bill_id): -refund.amount_fen,
        (ledger.PAYER, None): refund.amount_fen,
    }
    ledger.book(session, booking=f"refund:{refund.refund_no}", sides=sides, at=at)
    if not refund.requested:
        publish(session, MoneyReturned(refund.bill_id, refund.refund_no, refund.amount_fen))
        return
    if part.refunded_fen == part.amount_fen:
        fees.mark_refunded(session, bill_id=refund.bill_id)
    refunding.finish(session, refund_no=refund.refund_no, done=True, at=at)
    publish(session, RefundArrived(refund.refund_no))


def record_exception(
    session: Session,
    *,
    kind: str,
    reference: str,
    evidence: Mapping[str, Any],
    attempt: Attempt | None = None,
) -> None:
    """Keep something a person must see; the same finding is kept once."""
    found = session.scalar(
        insert(PaymentException)
        .values(
            kind=kind,
            reference=reference,
            attempt_id=attempt.id if attempt else None,
            evidence=dict(evidence),
            at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(PaymentException.id)
    )
    if found is not None:
        log.error("payment_exception", extra={"kind": kind, "reference": reference})
        publish(session, PaymentNeedsAttention(found))


def record_again(
    session: Session, *, kind: str, reference: str, evidence: Mapping[str, Any], attempt: Attempt
) -> None:
    """Keep a finding about something that we go on trying: after a person saw to it, it is a new one."""
    turns = PaymentException.reference.startswith(f"{reference}:", autoescape=True)
    seen_to = select(func.count()).where(
        PaymentException.kind == kind,
        PaymentException.attempt_id == attempt.id,
        or_(PaymentException.reference == reference, turns),
        PaymentException.resolved_at.is_not(None),
    )
    earlier = session.scalar(seen_to) or 0
    named = f"{reference}:{earlier + 1}" if earlier else reference
    record_exception(session, kind=kind, reference=named, evidence=evidence, attempt=attempt)


def _release(attempt: Attempt) -> None:
    for part in attempt.bills:
        part.live = False


def _evidence(fact: TradeFact, source: str) -> dict[str, Any]:
    return {
        "source": source,
        "out_trade_no": fact.out_trade_no,
        "state": fact.state.value,
        "amount_fen": fact.amount_fen,
        "transaction_id": fact.transaction_id,
        "app_id": fact.app_id,
        "merchant_id": fact.merchant_id,
        "currency": fact.currency,
    }
