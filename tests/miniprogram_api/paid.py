"""Cases that are paid for, without a channel (已缴费的办件)."""

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, select

from app import clock, db
from app.cases.models import Case
from app.db import unit_of_work
from app.fees.models import Bill
from payments import truth
from payments.channels import channel
from payments.models import Attempt, AttemptBill
from platforms.facts import TradeFact, TradeState
from tests import case_fixtures
from tests.miniprogram_api.owner import Owner


def bills_of(case_no: str) -> list[Bill]:
    with unit_of_work() as session:
        return list(session.scalars(select(Bill).join(Case).where(Case.case_no == case_no)))


@contextlib.contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def pay(*bills: Bill) -> str:
    """A payment that the channel has proven; its number."""
    now, number = clock.now(), secrets.token_hex(8)
    total = sum(bill.amount_fen for bill in bills)
    with unit_of_work() as session:
        session.add(
            Attempt(
                payment_no=f"P{number}",
                out_trade_no=f"Y{number}",
                channel="wechat",
                citizen_id=bills[0].citizen_id,
                payer_id="o1",
                amount_fen=total,
                description="工本费",
                state="waiting",
                created_at=now,
                expires_at=now,
                asked_at=now,
                next_check_at=now,
                bills=[AttemptBill(bill_id=bill.id, amount_fen=bill.amount_fen) for bill in bills],
            )
        )
    fact = TradeFact(f"Y{number}", TradeState.PAID, total, transaction_id=f"T{number}", paid_at=now)
    with unit_of_work() as session:
        truth.apply_trade(session, channel=channel("wechat"), fact=fact, source="callback")
    return f"P{number}"


def paid_case(owner: Owner) -> tuple[str, str]:
    """A case that is accepted and paid: its number and the payment's."""
    case_no = case_fixtures.submitted(owner.id)
    case_fixtures.accept(case_no)
    return case_no, pay(*bills_of(case_no))
