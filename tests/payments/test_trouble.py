"""What goes wrong at a channel, as its stand-in plays it: forged, doubled, late, lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.db import unit_of_work
from app.fees import service as fees
from app.fees.models import Bill
from app.people.models import Platform, PlatformIdentity
from payments import jobs, ledger
from payments.models import Attempt, ChannelNotice, LedgerEntry, PaymentException, Refund
from tests.payments.conftest import Payer

Issue = Callable[..., Bill]
CHANNELS = pytest.mark.parametrize("channel", ["wechat", "alipay"])
OTHER = {"wechat": "alipay", "alipay": "wechat"}
PAY = {"wechat": "wechat_pay.pay", "alipay": "alipay.pay"}
CALLBACK = {"wechat": "wechat_pay.callback", "alipay": "alipay.notify"}


def settled(payer: Payer, *, seconds: int = 0) -> None:
    """Let the channel's time pass, and wait until it has said all it has to say."""
    payer.sandbox.post("/_sim/clock", advance_s=seconds)


def count(model: type[Any]) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def exceptions() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(PaymentException.kind)))


def state_of(bill: Bill) -> str:
    with unit_of_work() as session:
        return session.get_one(Bill, bill.id).state


def pay_with(payer: Payer, owed: Bill, *, channel: str, fault: str, **detail: Any) -> None:
    payer.sandbox.post("/_sim/faults", op=CALLBACK[channel], kind=fault, times=1, **detail)
    payer.confirm(payer.pay(owed, channel=channel).get_json())
    settled(payer)


@pytest.mark.parametrize(
    "fault",
    [
        "forged_signature",
        "signtest",
        "unknown_serial",
        "missing_headers",
        "old_timestamp",
        "tampered_body",
        "tampered_ciphertext",
        "wrong_aad",
        "replay",
    ],
)
def test_a_forged_callback_changes_nothing(payer: Payer, bill: Issue, fault: str) -> None:
    owed = bill()
    pay_with(payer, owed, channel="wechat", fault=fault)

    assert payer.sandbox.get("/_sim/invariants")["violations"] == []
    assert (state_of(owed), count(ChannelNotice), exceptions()) == ("paid", 1, [])


@pytest.mark.parametrize("fault", ["wrong_total", "wrong_currency", "wrong_appid", "wrong_mchid"])
def test_a_genuine_callback_about_other_money_is_kept_for_a_person_and_books_nothing(
    payer: Payer, bill: Issue, fault: str
) -> None:
    owed = bill()
    pay_with(payer, owed, channel="wechat", fault=fault)

    assert "mismatch" in exceptions()
    assert ledger_sum(ledger.RECEIVED) in {0, owed.amount_fen}


def ledger_sum(account: str) -> int:
    with unit_of_work() as session:
        return ledger.balance(session, account=account)


@CHANNELS
def test_callbacks_that_come_twice_and_in_parallel_book_once(payer: Payer, bill: Issue, channel: str) -> None:
    owed = bill()
    pay_with(payer, owed, channel=channel, fault="duplicate", copies=6, parallel=True)

    assert (state_of(owed), count(Refund), exceptions()) == ("paid", 0, [])
    assert ledger_sum(ledger.RECEIVED) == owed.amount_fen


def test_the_same_transaction_under_another_event_id_books_once(payer: Payer, bill: Issue) -> None:
    owed = bill()
    pay_with(payer, owed, channel="wechat", fault="different_id")

    assert (state_of(owed), exceptions()) == ("paid", [])
    assert ledger_sum(ledger.RECEIVED) == owed.amount_fen


@CHANNELS
def test_money_that_arrives_on_both_channels_goes_back_on_one(
    payer: Payer, bill: Issue, channel: str
) -> None:
    owed = bill(5500)
    late = payer.pay(owed, channel=channel).get_json()
    payer.confirm(payer.pay(owed, channel=OTHER[channel]).get_json())
    settled(payer)
    payer.sandbox.post("/_sim/faults", op=PAY[channel], kind="anyway", times=1)
    payer.confirm(late)
    settled(payer)

    refund_to_the_end(payer)

    shown = payer.look(late["payment_no"])
    assert [refund["state"] for refund in shown["refunds"]] == ["done"]
    assert (ledger_sum(ledger.RECEIVED), ledger_sum(ledger.TO_RETURN), ledger_sum(ledger.PAYER)) == (
        5500,
        0,
        -5500,
    )


def refund_to_the_end(payer: Payer) -> None:
    for _ in range(3):
        make_everything_due()
        jobs.send_refunds()
        settled(payer, seconds=300)


def make_everything_due() -> None:
    with unit_of_work() as session:
        for row in [*session.scalars(select(Refund)), *session.scalars(select(Attempt))]:
            row.next_check_at = row.created_at


def test_a_refund_whose_answer_is_lost_is_sent_again_under_the_same_number(payer: Payer, bill: Issue) -> None:
    owed = bill()
    late = payer.pay(owed, channel="wechat").get_json()
    payer.confirm(payer.pay(owed, channel="alipay").get_json())
    settled(payer)
    payer.sandbox.post("/_sim/faults", op=PAY["wechat"], kind="anyway", times=1)
    payer.confirm(late)
    settled(payer)
    payer.sandbox.post("/_sim/faults", op="wechat_pay.refund", kind="http_502", times=1, after=True)

    refund_to_the_end(payer)

    refunds = payer.look(late["payment_no"])["refunds"]
    assert [refund["state"] for refund in refunds] == ["done"]
    assert ledger_sum(ledger.PAYER) == -owed.amount_fen


@CHANNELS
def test_a_prepay_whose_answer_is_lost_is_the_same_order_at_the_next_tap(
    payer: Payer, bill: Issue, channel: str
) -> None:
    operation = {"wechat": "wechat_pay.prepay", "alipay": "alipay.trade.create"}[channel]
    owed = bill()
    payer.sandbox.post("/_sim/faults", op=operation, kind="http_502", times=1, after=True)
    lost = payer.pay(owed, channel=channel, key="one-and-the-same-tap")
    again = payer.pay(owed, channel=channel, key="one-and-the-same-tap")

    payer.confirm(again.get_json())
    settled(payer)

    assert (lost.status_code, again.status_code, count(Attempt)) == (503, 201, 1)
    assert state_of(owed) == "paid"


@CHANNELS
def test_an_order_nobody_paid_is_closed_after_its_time(payer: Payer, bill: Issue, channel: str) -> None:
    owed = bill()
    started = payer.pay(owed, channel=channel).get_json()
    with unit_of_work() as session:
        attempt = session.scalars(select(Attempt)).one()
        attempt.expires_at = attempt.created_at
        attempt.next_check_at = attempt.created_at

    jobs.check_open_payments()

    assert payer.look(started["payment_no"])["state"] == "closed"
    assert payer.pay(owed, channel=channel).status_code == 201


def test_paid_while_we_were_closing_is_paid(payer: Payer, bill: Issue) -> None:
    owed = bill()
    payer.pay(owed, channel="wechat")
    payer.sandbox.post("/_sim/faults", op="wechat_pay.close", kind="paid_meanwhile", times=1)

    refused = payer.pay(owed, channel="alipay")

    assert (refused.get_json()["code"], state_of(owed)) == ("already_paid", "paid")


def test_the_books_always_add_up_to_zero(payer: Payer, bill: Issue) -> None:
    pay_with(payer, bill(1), channel="wechat", fault="duplicate", copies=3, parallel=True)
    pay_with(payer, bill(999), channel="alipay", fault="duplicate", copies=3, parallel=True)

    with unit_of_work() as session:
        per_booking = select(func.sum(LedgerEntry.amount_fen)).group_by(LedgerEntry.booking)
        assert set(session.scalars(per_booking)) == {0}


def test_callbacks_nobody_repeats_any_more_are_dropped(payer: Payer, bill: Issue) -> None:
    pay_with(payer, bill(), channel="wechat", fault="duplicate", copies=2)
    assert jobs.forget_old_notices() == 0

    with clock.shifted_by(timedelta(days=91)):
        assert jobs.forget_old_notices() == 1


def test_a_buyer_of_an_older_alipay_app_pays_by_user_id(payer: Payer, bill: Issue) -> None:
    owed = bill()
    with unit_of_work() as session:
        account = session.scalars(
            select(PlatformIdentity).where(PlatformIdentity.platform == Platform.ALIPAY)
        ).one()
        account.open_id = payer.sandbox.get(f"/_sim/people/{payer.person_id}")["alipay_user_id"]
    payer.confirm(payer.pay(owed, channel="alipay").get_json())
    settled(payer)

    assert state_of(owed) == "paid"


@CHANNELS
def test_a_bill_that_became_void_takes_no_money_any_more(
    payer: Payer, bill: Issue, channel: str, deliver: Callable[[], None]
) -> None:
    owed = bill()
    opened = payer.pay(owed, channel=channel, key="one-and-the-same-tap").get_json()
    with unit_of_work() as session:
        fees.void(session, bill_id=owed.id)
    again = payer.pay(owed, channel=channel, key="one-and-the-same-tap")
    deliver()
    jobs.check_open_payments()

    assert again.get_json()["code"] == "bill_not_payable"
    assert payer.look(opened["payment_no"])["state"] == "closed"


def test_money_for_a_bill_that_became_void_meanwhile_goes_back(payer: Payer, bill: Issue) -> None:
    owed = bill(700)
    opened = payer.pay(owed, channel="wechat").get_json()
    with unit_of_work() as session:
        fees.void(session, bill_id=owed.id)
    payer.confirm(opened)
    settled(payer)
    refund_to_the_end(payer)

    assert (state_of(owed), ledger_sum(ledger.PAYER), ledger_sum(ledger.TO_RETURN)) == ("void", 0, 0)


def test_an_order_that_the_channel_has_lost_is_shown_to_a_person(payer: Payer, bill: Issue) -> None:
    started = payer.pay(bill(), channel="wechat").get_json()
    with unit_of_work() as session:
        attempt = session.scalars(select(Attempt)).one()
        attempt.expires_at = attempt.created_at
    make_everything_due()
    payer.sandbox.post("/_sim/faults", op="wechat_pay.query", kind="not_exist", times=-1)
    jobs.check_open_payments()

    assert payer.look(started["payment_no"])["state"] == "waiting"
    assert exceptions() == ["lost_at_channel"]
