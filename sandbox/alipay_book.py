"""What Alipay keeps: trades and refunds; amounts in fen inside, in yuan on the wire (交易、退款)."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from .alipay_errors import Failure, bad_parameter
from .world import Person

SHANGHAI = timezone(timedelta(hours=8))
REFUNDABLE = timedelta(days=365)
AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", re.ASCII)
LARGEST_FEN = 100_000_000 * 100
FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Refund:
    """Money that went back, at once."""

    request_no: str
    amount: int
    at: datetime


@dataclass
class Trade:
    """One trade of the merchant. `shut_at` is from when on nobody can pay any more."""

    trade_no: str
    out_trade_no: str
    buyer: Person
    subject: str
    body: str
    passback: str
    total: int
    notify_url: str
    made_at: datetime
    payable_until: datetime
    closed_at: datetime | None = None
    shut_at: datetime | None = None
    paid_at: datetime | None = None
    known_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def refunded(self) -> int:
        """Everything that has gone back."""
        return sum(refund.amount for refund in self.refunds)

    def status(self, at: datetime, *, truly: bool = True) -> str:
        """Say how the trade stands; not `truly`, as a lagging query shows it."""
        is_paid = self.paid_at is not None and (truly or (self.known_at or self.paid_at) <= at)
        if not is_paid:
            is_closed = self.closed_at is not None or self.payable_until <= at
            return "TRADE_CLOSED" if is_closed and self.paid_at is None else "WAIT_BUYER_PAY"
        if self.refunded >= self.total:
            return "TRADE_CLOSED"
        return "TRADE_FINISHED" if at - (self.paid_at or at) > REFUNDABLE else "TRADE_SUCCESS"


class Book:
    """All trades; hold the world's lock while reading and writing."""

    def __init__(self) -> None:
        self.trades: dict[str, Trade] = {}
        self.by_trade_no: dict[str, Trade] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.trades.clear()
        self.by_trade_no.clear()

    def find(self, biz: dict[str, Any]) -> Trade | None:
        """Find a trade by trade_no, which goes first, or out_trade_no. Raises Failure without either."""
        trade_no, out_trade_no = biz.get("trade_no"), biz.get("out_trade_no")
        if trade_no:
            return self.by_trade_no.get(str(trade_no))
        if not out_trade_no:
            raise bad_parameter("out_trade_no与trade_no不能同时为空")
        return self.trades.get(str(out_trade_no))


def fen_of(value: object, name: str) -> int:
    """Read an amount in yuan, such as "88.88", "88.8" or "88". Raises Failure."""
    found = AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise bad_parameter(f"{name}须为两位小数以内的字符串")
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if fen > LARGEST_FEN:
        raise Failure("40004", "ACQ.TOTAL_FEE_EXCEED", "订单总金额超过限额")
    if fen < 1:
        raise bad_parameter(f"{name}须不小于0.01")
    return fen


def yuan(fen: int) -> str:
    """Write an amount as Alipay does: two decimals."""
    return f"{fen // 100}.{fen % 100:02}"


def shown(moment: datetime) -> str:
    """Write a moment as Alipay does: Beijing time without its zone."""
    return moment.astimezone(SHANGHAI).strftime(FORMAT)
