"""Paid bills, and clerks who decide about their refunds (退费夹具)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.db import unit_of_work
from app.fees.models import Bill, RefundRequest
from app.staff.models import Role
from payments import jobs, ledger, refunds, truth
from payments.channels import channel
from payments.models import Attempt, Refund
from platforms.facts import RefundFact, RefundState, TradeFact, TradeState
from tests.payments.conftest import Payer
from tests.staff_fixtures import make_clerk


def paid(payer: Payer, *bills: Bill, through: str = "wechat") -> str:
    """Open a payment and hear of the money; its number."""
    payment_no = payer.pay(*bills, channel=through).get_json()["payment_no"]
    hear_of_payment(payment_no)
    return str(payment_no)


def paid_for_real(payer: Payer, *bills: Bill, through: str = "wechat") -> str:
    """Pay through the stand-in, so that it gives the money back too; the payment's number."""
    started = payer.pay(*bills, channel=through).get_json()
    payer.confirm(started)
    payer.sandbox.post("/_sim/clock", advance_s=0)
    return str(started["payment_no"])


def hear_of_payment(payment_no: str) -> None:
    """The channel says that a payment was made."""
    with unit_of_work() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.payment_no == payment_no)).one()
        fact = TradeFact(
            out_trade_no=attempt.out_trade_no,
            state=TradeState.PAID,
            amount_fen=attempt.amount_fen,
            transaction_id="T" + attempt.out_trade_no,
            paid_at=clock.now(),
        )
        truth.apply_trade(session, channel=channel(attempt.channel), fact=fact, source="callback")


def hear_of_refund(refund_no: str, state: RefundState = RefundState.SUCCEEDED) -> None:
    """The channel says how a refund ended."""
    with unit_of_work() as session:
        amount_fen = session.scalars(select(Refund.amount_fen).where(Refund.refund_no == refund_no)).one()
        truth.apply_refund(session, fact=RefundFact(refund_no, state, amount_fen, refund_id="R" + refund_no))


def ask(payer: Payer, payment_no: str, **what: Any) -> RefundRequest:
    """Ask a payment's money back."""
    wish = refunds.Wish(payer.citizen_id, payment_no, what.pop("reason", "不办了"), **what)
    with unit_of_work() as session:
        return refunds.ask(session, wish)


def approve(refund_no: str, clerk_id: int | None = None) -> None:
    """Say yes."""
    clerk_id = clerk_id or make_clerk(Role.CASHIER)
    with unit_of_work() as session:
        refunds.approve(session, refund_no=refund_no, clerk_id=clerk_id)


def send_to_the_end(payer: Payer) -> None:
    """Let the job run and the channel's time pass until nothing moves any more."""
    for _ in range(3):
        with unit_of_work() as session:
            for row in session.scalars(select(Refund)):
                row.next_check_at = row.created_at - timedelta(minutes=1)
        jobs.send_refunds()
        payer.sandbox.post("/_sim/clock", advance_s=300)


def state_of(refund_no: str) -> str:
    """Where a request stands."""
    with unit_of_work() as session:
        return session.scalars(select(RefundRequest.state).where(RefundRequest.refund_no == refund_no)).one()


def bill_state(bill: Bill) -> str:
    """Where a bill stands."""
    with unit_of_work() as session:
        return session.get_one(Bill, bill.id).state


def sums(payment_no: str) -> tuple[int, int]:
    """What of a payment is set aside to go back, and what went back."""
    with unit_of_work() as session:
        found = session.scalars(select(Attempt).where(Attempt.payment_no == payment_no)).one()
        parts = (
            sum(part.reserved_fen for part in found.bills),
            sum(part.refunded_fen for part in found.bills),
        )
        assert parts == (found.reserved_fen, found.refunded_fen)
        return parts


def books() -> dict[str, int]:
    """What lies on each account."""
    accounts = (ledger.RECEIVED, ledger.TO_RETURN, ledger.PAYER)
    with unit_of_work() as session:
        return {account: ledger.balance(session, account=account) for account in accounts}
