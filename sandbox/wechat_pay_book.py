"""What WeChat Pay keeps: orders, payments and refunds (订单、支付、退款)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
GIVEN_BACK = frozenset({"CLOSED"})


@dataclass
class Payment:
    """Money that came in; queries show it from `known_at` on (a lagging query shows it later)."""

    transaction_id: str
    at: datetime
    known_at: datetime


@dataclass
class Refund:
    """Money that goes back; `status` is PROCESSING, SUCCESS, CLOSED or ABNORMAL."""

    refund_id: str
    out_refund_no: str
    asked: dict[str, Any]
    amount: int
    notify_url: str | None
    made_at: datetime
    status: str = "PROCESSING"
    finished_at: datetime | None = None


@dataclass
class Order:
    """One order of the merchant; amounts in fen.

    `asked` is the whole request, since a repeated number must come with identical parameters.
    `closed_at` is when WeChat Pay said it was closed, `shut_at` from when on nobody can pay any more.
    """

    out_trade_no: str
    appid: str
    openid: str
    description: str
    attach: str | None
    notify_url: str
    total: int
    asked: dict[str, Any]
    made_at: datetime
    payable_until: datetime
    prepay_ids: dict[str, datetime] = field(default_factory=dict)
    closed_at: datetime | None = None
    shut_at: datetime | None = None
    payment: Payment | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def given_back(self) -> int:
        """What is refunded or on its way back; a closed refund is neither."""
        return sum(each.amount for each in self.refunds if each.status not in GIVEN_BACK)

    def state(self, at: datetime) -> str:
        """Say what a query shows at this moment."""
        if self.payment is not None and self.payment.known_at <= at:
            return "REFUND" if self.given_back else "SUCCESS"
        return "CLOSED" if self.closed_at is not None else "NOTPAY"


class Book:
    """All orders; hold the world's lock while reading and writing."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.by_prepay_id: dict[str, Order] = {}
        self.by_transaction_id: dict[str, Order] = {}
        self.refunds: dict[str, tuple[Order, Refund]] = {}

    def clear(self) -> None:
        """Forget everything."""
        for shelf in (self.orders, self.by_prepay_id, self.by_transaction_id, self.refunds):
            shelf.clear()


def shown(moment: datetime) -> str:
    """Write a moment as WeChat Pay does: RFC 3339, +08:00, whole seconds."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def paid_part(order: Order, payment: Payment) -> dict[str, Any]:
    """Write what is known only of a paid order; a query and the callback say the same."""
    return {
        "transaction_id": payment.transaction_id,
        "trade_type": "JSAPI",
        "bank_type": "OTHERS",
        "success_time": shown(payment.at),
        "payer": {"openid": order.openid},
        "amount": {
            "total": order.total,
            "payer_total": order.total,
            "currency": "CNY",
            "payer_currency": "CNY",
        },
    }
