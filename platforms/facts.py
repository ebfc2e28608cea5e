"""What a payment channel states about money: frozen facts, in fen and UTC, the same for every channel.

A None means that the channel did not say; it never means "as expected".
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class TradeState(StrEnum):
    """How a payment attempt stands at the channel (交易状态)."""

    NOT_FOUND = "not_found"
    UNPAID = "unpaid"
    PAID = "paid"
    CLOSED = "closed"
    REFUNDED = "refunded"  # paid, and given back in part (WeChat) or in whole


class RefundState(StrEnum):
    """How a refund stands at the channel (退款状态)."""

    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"
    ABNORMAL = "abnormal"  # the money cannot go back the way it came; a person must act
    NOT_FOUND = "not_found"  # not known there; sending the same number again is safe


@dataclass(frozen=True)
class TradeFact:
    """A verified statement about one payment attempt.

    `amount_fen` is the order's total, not what was paid after discounts; `payer` the platform's id of the
    person in this app; `merchant_id` the receiving merchant.
    """

    out_trade_no: str
    state: TradeState
    amount_fen: int | None = None
    transaction_id: str | None = None
    payer: str | None = None
    paid_at: datetime | None = None
    app_id: str | None = None
    merchant_id: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class RefundFact:
    """A verified statement about one refund; `amount_fen` is this one, not the sum of the order's refunds."""

    out_refund_no: str
    state: RefundState
    amount_fen: int | None = None
    refund_id: str | None = None
    finished_at: datetime | None = None
    out_trade_no: str | None = None
    merchant_id: str | None = None


@dataclass(frozen=True)
class Callback:
    """One verified callback (支付回调). `event_id` stays the same when the channel repeats itself."""

    event_id: str
    kind: Literal["trade", "refund"]
    fact: TradeFact | RefundFact
