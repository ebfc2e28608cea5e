"""What a cashier's day looks like (收费员的今日): what is owed, what came in, by which way.

A bill belongs to the department of its case; one without a case belongs to everybody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.desk import work
from app.desk.work import visible_to
from app.fees.models import Bill, BillState
from app.staff.sessions import OnDuty

DAYS_SHOWN = 7
LATEST = 10
CHANNEL_NAMES = {"wechat": "微信支付", "alipay": "支付宝"}


@dataclass(frozen=True, slots=True)
class Takings:
    """What one way of paying brought on one day: `count` bills, `amount_fen` together."""

    day: date
    channel: str
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Paid:
    """One bill that was paid; nothing of who paid it."""

    bill_no: str
    title: str
    amount_fen: int
    channel: str
    paid_at: datetime
    refunded: bool


def unpaid(session: Session, *, clerk: OnDuty) -> int:
    """How many bills wait to be paid (待缴), counted to one beyond work.COUNTED_TO."""
    asked = _bills(clerk, Bill.id).where(Bill.state == BillState.UNPAID.value)
    return session.scalar(select(work.counted_to(asked))) or 0


def last_days(session: Session, *, clerk: OnDuty) -> list[Takings]:
    """What came in on each of the last seven days by each way (近7日收款), where anything came in.

    What was given back later still came in on its day.
    """
    first = clock.today() - timedelta(days=DAYS_SHOWN - 1)
    day = cast(func.timezone("Asia/Shanghai", Bill.paid_at), Date)
    asked = (
        _bills(clerk, day, Bill.channel, func.count(), func.sum(Bill.amount_fen))
        .where(Bill.paid_at >= datetime.combine(first, time(), clock.SHANGHAI))
        .group_by(day, Bill.channel)
        .order_by(day, Bill.channel)
    )
    return [Takings(row[0], _channel(row[1]), row[2], int(row[3])) for row in session.execute(asked)]


def latest(session: Session, *, clerk: OnDuty) -> Sequence[Paid]:
    """The ten bills that were paid last (最近缴清)."""
    columns = (Bill.bill_no, Bill.title, Bill.amount_fen, Bill.channel, Bill.paid_at, Bill.state)
    asked = _bills(clerk, *columns).where(Bill.paid_at.is_not(None))
    rows = session.execute(asked.order_by(Bill.paid_at.desc(), Bill.id.desc()).limit(LATEST))
    return [
        Paid(
            bill_no=row.bill_no,
            title=row.title,
            amount_fen=row.amount_fen,
            channel=_channel(row.channel),
            paid_at=row.paid_at,
            refunded=row.state == BillState.REFUNDED,
        )
        for row in rows
    ]


def _bills(clerk: OnDuty, *columns: Any) -> Any:
    visible: ColumnElement[bool] = true()
    if clerk.department is not None:
        own = select(Case.id).where(Case.id == Bill.case_id, visible_to(clerk)).exists()
        visible = or_(Bill.case_id.is_(None), and_(Bill.case_id.is_not(None), own))
    return select(*columns).where(visible)


def _channel(channel: str | None) -> str:
    return CHANNEL_NAMES.get(channel or "", channel or "窗口")
