"""Orders and the day's sums as a clerk sees them (订单、日结)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.desk.work import visible_to
from app.fees.models import Bill, RefundRequest
from app.people.models import Citizen
from app.people.queries import masked_name
from app.staff.sessions import OnDuty
from payments.desk_view import sees_bill, sees_payment
from payments.errors import PaymentNotFound
from payments.models import CHANNEL_NAMES, Attempt, AttemptBill, Channel, Refund, RefundState

_NUMBER = re.compile(r"[0-9A-Za-z]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One bill of an order."""

    bill_no: str
    title: str
    amount_fen: int
    refunded_fen: int
    returning_fen: int
    case_no: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """One payment, as far as the clerk's department goes; the payer is masked. Fen."""

    id: int
    payment_no: str
    out_trade_no: str
    transaction_id: str | None
    channel_text: str
    payer: str
    state: str
    created_at: datetime
    paid_at: datetime | None
    lines: Sequence[OrderLine]

    @property
    def amount_fen(self) -> int:
        """What the lines cost."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def refunded_fen(self) -> int:
        """What came back of it."""
        return sum(line.refunded_fen for line in self.lines)

    @property
    def returning_fen(self) -> int:
        """What is on its way back."""
        return sum(line.returning_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the list goes on."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders: of one day, or all; or just those that a number names."""

    day: date | None = None
    number: str = ""
    after: Mark | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """What one channel brought and took back on one day, as the channel's own statement counts it; fen."""

    channel_text: str
    payments: int
    gross_fen: int
    refunds: int
    refunded_fen: int

    @property
    def net_fen(self) -> int:
        """What stayed."""
        return self.gross_fen - self.refunded_fen


def orders(
    session: Session, *, clerk: OnDuty, wanted: Wanted, limit: int = 20
) -> tuple[list[Order], Mark | None]:
    """Up to `limit` orders, newest first, and where the list goes on, if it does; three statements."""
    asked = _orders(clerk)
    if wanted.number:
        if not _NUMBER.fullmatch(wanted.number):
            return [], None
        asked = asked.where(Attempt.id.in_(_named(wanted.number)))
    elif wanted.day is not None:
        begin, end = _span(wanted.day)
        asked = asked.where(Attempt.created_at >= begin, Attempt.created_at < end)
    if wanted.after is not None:
        asked = asked.where(tuple_(Attempt.created_at, Attempt.id) < (wanted.after.at, wanted.after.id))
    rows = session.execute(
        asked.order_by(Attempt.created_at.desc(), Attempt.id.desc()).limit(limit + 1)
    ).all()
    shown = rows[:limit]
    following = Mark(shown[-1][0].created_at, shown[-1][0].id) if len(rows) > limit else None
    return _shown(session, clerk, shown), following


def order(session: Session, *, clerk: OnDuty, payment_no: str) -> tuple[Order, Attempt]:
    """One order; raises PaymentNotFound, also for another department's."""
    asked = _orders(clerk).where(Attempt.payment_no == payment_no)
    row = session.execute(asked).one_or_none() if payment_no.isprintable() else None  # PostgreSQL refuses NUL
    if row is None:
        raise PaymentNotFound
    return _shown(session, clerk, [row])[0], row[0]


def sums(session: Session, *, clerk: OnDuty, day: date) -> list[Sum]:
    """What each channel brought and took back on a day in Asia/Shanghai, by the channels' times (日结)."""
    begin, end = _span(day)
    came = (
        select(Attempt.channel, func.count(Attempt.id.distinct()), func.sum(AttemptBill.amount_fen))
        .join(AttemptBill, AttemptBill.attempt_id == Attempt.id)
        .where(Attempt.paid_at >= begin, Attempt.paid_at < end, sees_bill(clerk, AttemptBill.bill_id))
        .group_by(Attempt.channel)
    )
    went = (
        select(Attempt.channel, func.count(Refund.id), func.sum(Refund.amount_fen))
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .where(Refund.finished_at >= begin, Refund.finished_at < end)
        .where(Refund.state == RefundState.SUCCEEDED.value, sees_bill(clerk, Refund.bill_id))
        .group_by(Attempt.channel)
    )
    taken, given = _by_channel(session, came), _by_channel(session, went)
    return [
        Sum(CHANNEL_NAMES[channel], *taken.get(channel.value, (0, 0)), *given.get(channel.value, (0, 0)))
        for channel in Channel
    ]


def _by_channel(session: Session, asked: Select[*tuple[Any, ...]]) -> Mapping[str, tuple[int, int]]:
    return {row[0]: (row[1], int(row[2])) for row in session.execute(asked)}


def _span(day: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), clock.SHANGHAI)
    return begin, begin + timedelta(days=1)


def _orders(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(Attempt, Citizen.name)
        .join(Citizen, Citizen.id == Attempt.citizen_id)
        .where(sees_payment(clerk))
    )


def _named(number: str) -> Select[tuple[int]]:
    """The payments that a number belongs to, whichever of their numbers it is; each way by its own index."""
    bills = (
        select(AttemptBill.attempt_id)
        .join(Bill, Bill.id == AttemptBill.bill_id)
        .where(Bill.bill_no == number)
    )
    refunds = select(Refund.attempt_id).where(Refund.refund_no == number)
    requests = (
        select(Attempt.id)
        .join(RefundRequest, RefundRequest.payment_no == Attempt.payment_no)
        .where(RefundRequest.refund_no == number)
    )
    channels = [channel.value for channel in Channel]
    itself = select(Attempt.id).where(
        or_(
            Attempt.payment_no == number,
            Attempt.out_trade_no == number,
            Attempt.channel.in_(channels) & (Attempt.transaction_id == number),
        )
    )
    return select(itself.union(bills, refunds, requests).subquery().c[0])


def _shown(session: Session, clerk: OnDuty, rows: Sequence[Any]) -> list[Order]:
    ids = {part.bill_id for attempt, _ in rows for part in attempt.bills}
    bills = {
        row.id: row
        for row in session.execute(
            select(Bill.id, Bill.bill_no, Bill.title, Case.case_no)
            .outerjoin(Case, Case.id == Bill.case_id)
            .where(Bill.id.in_(ids), _own(clerk))
        )
    }
    return [_order(attempt, name, bills) for attempt, name in rows]


def _own(clerk: OnDuty) -> ColumnElement[bool]:
    return or_(Bill.case_id.is_(None), visible_to(clerk))


def _order(attempt: Attempt, name: str | None, bills: Mapping[int, Any]) -> Order:
    return Order(
        id=attempt.id,
        payment_no=attempt.payment_no,
        out_trade_no=attempt.out_trade_no,
        transaction_id=attempt.transaction_id,
        channel_text=CHANNEL_NAMES[Channel(attempt.channel)],
        payer=masked_name(name) or "未登记姓名",
        state=attempt.state,
        created_at=attempt.created_at,
        paid_at=attempt.paid_at,
        lines=[_line(part, bills[part.bill_id]) for part in attempt.bills if part.bill_id in bills],
    )


def _line(part: AttemptBill, bill: Any) -> OrderLine:
    return OrderLine(
        bill_no=bill.bill_no,
        title=bill.title,
        amount_fen=part.amount_fen,
        refunded_fen=part.refunded_fen,
        returning_fen=part.reserved_fen,
        case_no=bill.case_no,
    )
