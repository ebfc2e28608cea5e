"""Paying through the stand-in of the channels, over HTTP, with real signatures."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import unit_of_work
from app.fees.models import Bill
from payments import jobs, ledger
from payments.models import Attempt, LedgerEntry, PaymentException, Refund
from tests.patience import until
from tests.payments.conftest import Payer

Issue = Callable[..., Bill]
CHANNELS = pytest.mark.parametrize("channel", ["wechat", "alipay"])


def state_of(bill: Bill) -> str:
    with unit_of_work() as session:
        return session.get_one(Bill, bill.id).state


def wait_until_paid(payer: Payer, payment_no: str) -> Any:
    def paid() -> Any:
        found = payer.look(payment_no)
        return found if found["state"] == "paid" else None

    return until(paid, every=0.2)


@CHANNELS
def test_a_bill_is_paid_in_one_tap_and_shown_as_paid_once_it_is_proven(
    payer: Payer, bill: Issue, channel: str
) -> None:
    owed = bill(4000)
    started = payer.pay(owed, channel=channel).get_json()
    assert (started["state"], started["amount_fen"]) == ("waiting", 4000)

    payer.confirm(started)

    assert wait_until_paid(payer, started["payment_no"])["paid_at"]
    assert state_of(owed) == "paid"


@CHANNELS
def test_several_bills_are_paid_in_one_tap(payer: Payer, bill: Issue, channel: str) -> None:
    bills = [bill(1000), bill(2500)]
    started = payer.pay(*bills, channel=channel).get_json()
    payer.confirm(started)

    wait_until_paid(payer, started["payment_no"])

    assert started["amount_fen"] == 3500
    assert [state_of(found) for found in bills] == ["paid", "paid"]


def test_the_same_tap_sent_twice_opens_one_payment(payer: Payer, bill: Issue) -> None:
    owed = bill()
    first, second = (payer.pay(owed, key="one-and-the-same-tap").get_json() for _ in range(2))

    assert second["payment_no"] == first["payment_no"]
    assert second["invoke"]["package"] == first["invoke"]["package"]


def test_a_second_tap_with_another_key_goes_on_with_the_open_payment(payer: Payer, bill: Issue) -> None:
    owed = bill()

    assert payer.pay(owed).get_json()["payment_no"] == payer.pay(owed).get_json()["payment_no"]


def test_the_same_key_for_other_bills_is_refused(payer: Payer, bill: Issue) -> None:
    payer.pay(bill(), key="one-and-the-same-tap")

    refused = payer.pay(bill(), key="one-and-the-same-tap")

    assert refused.get_json()["code"] == "idempotency_key_reused"


def test_changing_the_channel_closes_the_first_payment_at_its_channel(payer: Payer, bill: Issue) -> None:
    owed = bill()
    first = payer.pay(owed, channel="wechat").get_json()
    second = payer.pay(owed, channel="alipay").get_json()

    assert payer.look(first["payment_no"])["state"] == "closed"
    assert second["channel"] == "alipay"
    assert payer.confirm(first)["err_msg"] != "requestPayment:ok"


def test_a_paid_bill_cannot_be_paid_again(payer: Payer, bill: Issue) -> None:
    owed = bill()
    started = payer.pay(owed).get_json()
    payer.confirm(started)
    wait_until_paid(payer, started["payment_no"])

    assert payer.pay(owed).get_json()["code"] == "already_paid"


def test_somebody_elses_bill_and_payment_are_not_there(payer: Payer, bill: Issue) -> None:
    from_other = payer.client.post(
        "/api/v1/payments",
        json={"bill_nos": ["B20261120000000000000"], "channel": "wechat"},
        headers={**payer.headers, "Idempotency-Key": "a-tap-of-mine"},
    )

    assert from_other.status_code == 404
    assert payer.client.get("/api/v1/payments/P1", headers=payer.headers).status_code == 404
    assert state_of(bill()) == "unpaid"


def test_with_the_channel_away_nothing_is_charged_and_the_same_tap_works_later(
    payer: Payer, bill: Issue
) -> None:
    owed = bill()
    payer.sandbox.post("/_sim/faults", op="wechat_pay.prepay", kind="http_500", times=3)
    away = payer.pay(owed, key="one-and-the-same-tap")
    payer.sandbox.forget_faults()
    again = payer.pay(owed, key="one-and-the-same-tap")

    assert (away.status_code, away.get_json()["code"]) == (503, "channel_away")
    assert again.get_json()["state"] == "waiting"


def test_the_books_add_up_to_zero(payer: Payer, bill: Issue) -> None:
    started = payer.pay(bill(1500)).get_json()
    payer.confirm(started)
    wait_until_paid(payer, started["payment_no"])

    with unit_of_work() as session:
        assert session.scalar(select(func.sum(LedgerEntry.amount_fen))) == 0
        assert ledger.balance(session, account=ledger.RECEIVED) == 1500


def test_a_payment_whose_callback_is_lost_is_found_by_asking(payer: Payer, bill: Issue) -> None:
    owed = bill()
    payer.sandbox.post("/_sim/faults", op="wechat_pay.callback", kind="never", times=99)
    started = payer.pay(owed).get_json()
    payer.confirm(started)
    with unit_of_work() as session:
        attempt = session.scalars(select(Attempt)).one()
        attempt.next_check_at = attempt.created_at

    assert jobs.check_open_payments() == 1

    assert state_of(owed) == "paid"


def test_nothing_needs_a_person_after_an_ordinary_day(payer: Payer, bill: Issue) -> None:
    started = payer.pay(bill()).get_json()
    payer.confirm(started)
    wait_until_paid(payer, started["payment_no"])

    with unit_of_work() as session:
        assert session.scalars(select(PaymentException)).all() == []
        assert session.scalars(select(Refund)).all() == []
