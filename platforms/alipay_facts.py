"""What Alipay writes about trades and refunds, as facts; yuan and Shanghai time end here."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from platforms.clock import SHANGHAI, as_utc
from platforms.facts import RefundFact, RefundState, TradeFact, TradeState
from platforms.strict_json import optional_text, text_of

_YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"
_STATES: Final = {
    "WAIT_BUYER_PAY": TradeState.UNPAID,
    "TRADE_SUCCESS": TradeState.PAID,
    "TRADE_FINISHED": TradeState.PAID,  # paid, and past the time for refunds
    "TRADE_CLOSED": TradeState.CLOSED,  # unpaid and closed, or paid and wholly refunded: see below
}


def yuan(amount_fen: int) -> str:
    """Write fen as Alipay wants them: 8000 → "80.00"."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def fen(text: str) -> int:
    """Read a yuan amount exactly. Raises ValueError for signs, exponents and fractions of a fen."""
    if _YUAN.fullmatch(text) is None:
        raise ValueError("not an amount in yuan")
    return int(Decimal(text) * 100)


def shanghai(moment: datetime) -> str:
    """Write a moment as Alipay wants it, whatever the machine's zone is."""
    return moment.astimezone(SHANGHAI).strftime(_MOMENT)


def utc(text: str) -> datetime:
    """Read Alipay's Shanghai time; some answers carry milliseconds."""
    return as_utc(datetime.strptime(text.partition(".")[0], _MOMENT).replace(tzinfo=SHANGHAI))


def trade(read: dict[str, Any]) -> TradeFact:
    """Read a trade of a query or a notify; a paid one must say how much, when and its number."""
    state = _STATES.get(text_of(read, "trade_status"))
    if state is None:
        raise ValueError("an unknown trade_status")
    paid_at = optional_text(read, "gmt_payment") or optional_text(read, "send_pay_date")
    if state is TradeState.CLOSED and (paid_at or optional_text(read, "gmt_refund")):
        state = TradeState.REFUNDED
    if state is TradeState.PAID and paid_at is None:
        raise ValueError("paid, but not when")
    amount = optional_text(read, "total_amount")
    if amount is None and state in {TradeState.PAID, TradeState.REFUNDED}:
        raise ValueError("paid, but not how much")
    return TradeFact(
        out_trade_no=text_of(read, "out_trade_no"),
        state=state,
        amount_fen=None if amount is None else fen(amount),
        transaction_id=text_of(read, "trade_no"),
        payer=_payer(read),
        paid_at=utc(paid_at) if paid_at else None,
        app_id=optional_text(read, "app_id"),
        merchant_id=optional_text(read, "seller_id"),
        currency=optional_text(read, "trans_currency") or "CNY",  # yuan unless another is named, says Alipay
    )


def refund_made(read: dict[str, Any], *, out_refund_no: str, amount_fen: int) -> RefundFact:
    """Read the answer to a refund that has just been made; its refund_fee is the order's sum, not used."""
    finished = optional_text(read, "gmt_refund_pay")
    return RefundFact(
        out_refund_no=out_refund_no,
        state=RefundState.SUCCEEDED,
        amount_fen=amount_fen,
        finished_at=utc(finished) if finished else None,
        out_trade_no=optional_text(read, "out_trade_no"),
    )


def refund_found(read: dict[str, Any], *, out_refund_no: str) -> RefundFact:
    """Read the answer to a refund query; one without a refund_status knows of no success."""
    if read.get("refund_status") != "REFUND_SUCCESS":
        return RefundFact(out_refund_no, RefundState.NOT_FOUND)
    if text_of(read, "out_request_no") != out_refund_no:
        raise ValueError("about another number")
    finished = optional_text(read, "gmt_refund_pay")
    return RefundFact(
        out_refund_no=out_refund_no,
        state=RefundState.SUCCEEDED,
        amount_fen=fen(text_of(read, "refund_amount")),
        finished_at=utc(finished) if finished else None,
        out_trade_no=optional_text(read, "out_trade_no"),
    )


def _payer(read: Mapping[str, Any]) -> str | None:
    for key in ("buyer_open_id", "buyer_user_id", "buyer_id"):
        value = read.get(key)
        if isinstance(value, str) and value:
            return value
    return None
