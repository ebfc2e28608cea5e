"""Races about money, with real threads on PostgreSQL, and what happens when the lock is off."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import clock
from app.db import engine, unit_of_work
from app.fees.models import Bill
from payments import service, truth
from payments.channels import channel
from payments.models import LIVE_STATES, Attempt, AttemptState, Refund
from platforms.facts import TradeFact, TradeState
from tests.payments.conftest import Payer
from tests.races import Meeting, together

Issue = Callable[..., Bill]
LIVE = "uq_payment_attempt_bills_live"


def live_attempts() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).where(Attempt.state.in_(LIVE_STATES))) or 0


def refunds() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Refund)) or 0


def tap_on_two_phones(payer: Payer, owed: Bill) -> list[Any]:
    def tap() -> Any:
        return payer.client.application.test_client().post(
            "/api/v1/payments",
            json={"bill_nos": [owed.bill_no], "channel": "wechat"},
            headers={**payer.headers, "Idempotency-Key": secrets.token_hex(8)},
        )

    return together(tap, tap, tap, tap)


def test_two_phones_that_pay_one_bill_at_once_share_one_payment(payer: Payer, bill: Issue) -> None:
    answers = tap_on_two_phones(payer, bill())

    assert live_attempts() == 1
    assert {answer.get_json().get("payment_no") for answer in answers if answer.status_code == 201} != set()


def test_control_without_lock_and_index_one_bill_has_several_payments(
    payer: Payer, bill: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(4)
    locked = service._bills

    def unlocked(session: Session, wish: service.Wish) -> list[Bill]:
        found = locked(session, wish)
        session.commit()  # gives the row locks back at once
        meeting.wait()
        return found

    def ignore_others(session: Session, bills: Any) -> list[Attempt]:
        del session, bills
        return []

    monkeypatch.setattr(service, "_bills", unlocked)
    monkeypatch.setattr(service, "_live_attempts", ignore_others)
    with engine().begin() as connection:
        connection.execute(text(f"DROP INDEX {LIVE}"))
    try:
        tap_on_two_phones(payer, bill())
        assert live_attempts() > 1
    finally:
        with engine().begin() as connection:
            connection.execute(text("TRUNCATE payment_attempts CASCADE"))
            connection.execute(
                text(f"CREATE UNIQUE INDEX {LIVE} ON payment_attempt_bills (bill_id) WHERE live")
            )


def news_of(attempt: Attempt) -> TradeFact:
    return TradeFact(
        out_trade_no=attempt.out_trade_no,
        state=TradeState.PAID,
        amount_fen=attempt.amount_fen,
        transaction_id="T" + attempt.out_trade_no,
        paid_at=clock.now(),
    )


def open_attempt(payer: Payer, owed: Bill) -> Attempt:
    payer.pay(owed)
    with unit_of_work() as session:
        return session.scalars(select(Attempt)).one()


def hear_at_once(attempt: Attempt, times: int = 4) -> None:
    """The callback and the query bring the same news in the same moment."""

    def hear() -> None:
        with unit_of_work() as session:
            truth.apply_trade(session, channel=channel("wechat"), fact=news_of(attempt), source="callback")

    together(*[hear] * times)


def test_the_same_news_from_callback_and_query_is_booked_once(payer: Payer, bill: Issue) -> None:
    attempt = open_attempt(payer, bill())

    hear_at_once(attempt)

    with unit_of_work() as session:
        assert session.get_one(Attempt, attempt.id).state == AttemptState.PAID
    assert refunds() == 0


def test_control_without_the_lock_the_same_news_pays_the_money_back(
    payer: Payer, bill: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(2)

    def unlocked(session: Session, *, out_trade_no: str) -> Attempt | None:
        found = session.scalar(select(Attempt).where(Attempt.out_trade_no == out_trade_no))
        meeting.wait()
        return found

    attempt = open_attempt(payer, bill())
    monkeypatch.setattr(truth, "locked_attempt", unlocked)
    hear_at_once(attempt, times=2)

    assert refunds() > 0
