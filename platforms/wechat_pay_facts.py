"""What WeChat Pay writes about trades and refunds, as facts; a bad field raises ValueError."""

from datetime import datetime
from typing import Any, Final

from platforms.clock import as_utc
from platforms.facts import RefundFact, RefundState, TradeFact, TradeState
from platforms.strict_json import fen_of, object_of, optional_text, text_of

_TRADE_STATES: Final = {
    "SUCCESS": TradeState.PAID,
    "REFUND": TradeState.REFUNDED,
    "NOTPAY": TradeState.UNPAID,
    "USERPAYING": TradeState.UNPAID,
    "ACCEPT": TradeState.UNPAID,
    "PAYERROR": TradeState.UNPAID,
    "CLOSED": TradeState.CLOSED,
    "REVOKED": TradeState.CLOSED,
}
_REFUND_STATES: Final = {
    "SUCCESS": RefundState.SUCCEEDED,
    "CLOSED": RefundState.CLOSED,
    "PROCESSING": RefundState.PROCESSING,
    "ABNORMAL": RefundState.ABNORMAL,
}
_HAS_MONEY: Final = frozenset({TradeState.PAID, TradeState.REFUNDED})


def trade(read: dict[str, Any]) -> TradeFact:
    """Read a transaction of a query or a callback; a paid one must say how much, when and its number."""
    state = _TRADE_STATES.get(text_of(read, "trade_state"))
    if state is None:
        raise ValueError("an unknown trade_state")
    amount = object_of(read, "amount")
    paid = state in _HAS_MONEY
    return TradeFact(
        out_trade_no=text_of(read, "out_trade_no"),
        state=state,
        amount_fen=fen_of(amount, "total") if paid or "total" in amount else None,
        transaction_id=text_of(read, "transaction_id") if paid else optional_text(read, "transaction_id"),
        payer=optional_text(object_of(read, "payer"), "openid"),
        paid_at=as_utc(datetime.fromisoformat(text_of(read, "success_time"))) if paid else None,
        app_id=optional_text(read, "appid"),
        merchant_id=optional_text(read, "mchid"),
        currency=optional_text(amount, "currency"),
    )


def refund(read: dict[str, Any], *, state_key: str) -> RefundFact:
    """Read a refund; a query calls its state `status`, a callback `refund_status`."""
    state = _REFUND_STATES.get(text_of(read, state_key))
    if state is None:
        raise ValueError("an unknown state of a refund")
    finished = optional_text(read, "success_time")
    return RefundFact(
        out_refund_no=text_of(read, "out_refund_no"),
        state=state,
        amount_fen=fen_of(object_of(read, "amount"), "refund"),
        refund_id=text_of(read, "refund_id"),
        finished_at=as_utc(datetime.fromisoformat(finished)) if finished else None,
        out_trade_no=optional_text(read, "out_trade_no"),
        merchant_id=optional_text(read, "mchid"),
    )
