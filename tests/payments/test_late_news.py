"""News that comes late, twice as fast, half, or about somebody else's doing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.db import unit_of_work
from app.fees.models import Bill
from notifications.models import Message
from payments import jobs, refunds, service, truth
from payments.channels import channel
from payments.errors import NothingToRefund
from payments.models import Attempt, AttemptState, PaymentException, Refund
from platforms.facts import RefundFact, RefundState, TradeFact, TradeState
from tests.payments import refund_fixtures as desk
from tests.payments.conftest import Payer
from tests.races import together

Issue = Callable[..., Bill]


def attempts() -> list[Attempt]:
    with unit_of_work() as session:
        return list(session.scalars(select(Attempt).order_by(Attempt.id)))


def exceptions() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(PaymentException.kind)))


def state_of(bill: Bill) -> str:
    with unit_of_work() as session:
        return session.get_one(Bill, bill.id).state


def hear(attempt: Attempt, **differs: Any) -> None:
    told = TradeFact(
        out_trade_no=attempt.out_trade_no,
        state=TradeState.PAID,
        amount_fen=attempt.amount_fen,
        transaction_id="T" + attempt.out_trade_no,
        paid_at=clock.now(),
    )
    with unit_of_work() as session:
        fact = replace(told, **differs)
        truth.apply_trade(session, channel=channel(attempt.channel), fact=fact, source="callback")


def make_everything_due() -> None:
    with unit_of_work() as session:
        for row in session.scalars(select(Attempt)):
            row.next_check_at = row.asked_at = row.created_at - timedelta(minutes=1)


def a_refund(payer: Payer, owed: Bill) -> tuple[Attempt, Refund]:
    """The bill is paid on Alipay, and then on WeChat too."""
    payer.pay(owed, channel="wechat")
    payer.pay(owed, channel="alipay")
    late, first = attempts()
    hear(first)
    hear(late)
    with unit_of_work() as session:
        return late, session.scalars(select(Refund)).one()


def hear_of_refund(refund: Refund, state: RefundState) -> Refund | None:
    fact = RefundFact(refund.refund_no, state, refund.amount_fen, refund_id="R1")
    with unit_of_work() as session:
        return truth.apply_refund(session, fact=fact)


def test_a_refund_that_failed_and_was_mended_at_the_channel_has_succeeded(payer: Payer, bill: Issue) -> None:
    late, refund = a_refund(payer, bill(4000))
    hear_of_refund(refund, RefundState.ABNORMAL)
    hear_of_refund(refund, RefundState.SUCCEEDED)
    hear_of_refund(refund, RefundState.SUCCEEDED)
    hear_of_refund(refund, RefundState.ABNORMAL)

    with unit_of_work() as session:
        found = session.get_one(Attempt, late.id)
        assert (found.reserved_fen, found.refunded_fen) == (0, 4000)
        assert session.get_one(Refund, refund.id).state == "succeeded"


def test_what_was_paid_twice_says_only_what_is_true_of_it(payer: Payer, bill: Issue) -> None:
    late, refund = a_refund(payer, bill(4000))
    waiting = payer.look(late.payment_no)
    hear_of_refund(refund, RefundState.ABNORMAL)
    failed = payer.look(late.payment_no)
    hear_of_refund(refund, RefundState.SUCCEEDED)

    assert "同意" not in waiting["refunds"][0]["state_text"]
    assert "正在" not in failed["bills"][0]["refund_hint"]
    with unit_of_work() as session, pytest.raises(NothingToRefund):
        refunds.ask(session, refunds.Wish(payer.citizen_id, late.payment_no, "付了两次"))


@pytest.mark.parametrize(("state", "said"), [(RefundState.SUCCEEDED, 1), (RefundState.ABNORMAL, 0)])
def test_nobody_is_told_that_money_will_come_when_its_way_has_ended(
    payer: Payer, bill: Issue, deliver: Callable[[], None], state: RefundState, said: int
) -> None:
    asked = desk.ask(payer, desk.paid(payer, bill(4000)))
    desk.approve(asked.refund_no)
    desk.hear_of_refund(asked.refund_no, state)
    deliver()

    with unit_of_work() as session:
        texts = [found for found in session.scalars(select(Message.text)) if "退" in found]
    assert len(texts) == said
    assert all("将原路退回" not in found for found in texts)


@pytest.mark.parametrize("state", [RefundState.PROCESSING, RefundState.CLOSED])
def test_a_failed_refund_stays_for_a_person_whatever_comes_late(
    payer: Payer, bill: Issue, state: RefundState
) -> None:
    _, refund = a_refund(payer, bill())
    hear_of_refund(refund, RefundState.ABNORMAL)
    hear_of_refund(refund, state)

    with unit_of_work() as session:
        assert session.get_one(Refund, refund.id).state == "failed"


def test_a_payment_that_does_not_say_how_much_books_nothing(payer: Payer, bill: Issue) -> None:
    owed = bill()
    payer.pay(owed)
    hear(attempts()[0], amount_fen=None)

    assert (state_of(owed), exceptions()) == ("unpaid", ["mismatch"])


def test_one_trade_does_not_pay_two_orders(payer: Payer, bill: Issue) -> None:
    first, second = bill(), bill()
    for owed in (first, second):
        payer.pay(owed)
    for attempt in attempts():
        hear(attempt, transaction_id="4200001")

    assert [state_of(owed) for owed in (first, second)] == ["paid", "unpaid"]
    assert exceptions() == ["transaction_reused"]


def test_money_that_somebody_gave_back_before_we_knew_of_it_does_not_pay_the_bill(
    payer: Payer, bill: Issue
) -> None:
    owed = bill()
    payer.pay(owed)
    hear(attempts()[0], state=TradeState.REFUNDED)

    assert (state_of(owed), exceptions()) == ("unpaid", ["refunded_elsewhere"])


def test_a_slow_second_tap_that_meets_a_paid_order_says_paid(payer: Payer, bill: Issue) -> None:
    owed = bill()
    payer.sandbox.post("/_sim/faults", op="wechat_pay.callback", kind="never", times=99)
    first = payer.pay(owed).get_json()
    stale = attempts()[0]
    stale.prepay_id, stale.state = None, AttemptState.SENDING.value
    payer.confirm(first)

    second = service._open(stale, channel("wechat"))

    assert (second.attempt.state, second.invoke, state_of(owed)) == ("paid", None, "paid")


def test_a_second_tap_that_is_refused_does_not_close_what_the_first_has_opened(
    payer: Payer, bill: Issue
) -> None:
    owed = bill()
    first = payer.pay(owed).get_json()
    stale = attempts()[0]
    stale.prepay_id, stale.state = None, AttemptState.SENDING.value
    payer.sandbox.post(
        "/_sim/faults", op="wechat_pay.prepay", kind="refuse", status=403, code="OUT_TRADE_NO_USED"
    )

    second = service._open(stale, channel("wechat"))

    assert second.invoke is not None
    assert second.invoke["package"] == first["invoke"]["package"]
    assert attempts()[0].state == "waiting"


def test_a_closing_that_was_interrupted_is_finished_without_waiting_for_the_end_of_its_time(
    payer: Payer, bill: Issue
) -> None:
    owed = bill()
    payer.pay(owed, channel="wechat")
    payer.sandbox.post("/_sim/faults", op="wechat_pay.close", kind="http_502", times=1)
    busy = payer.pay(owed, channel="alipay")
    make_everything_due()
    jobs.check_open_payments()

    assert busy.get_json()["code"] == "payment_running"
    assert [attempt.state for attempt in attempts()] == ["closed"]


def test_the_same_tap_after_its_time_is_told_that_it_is_over(payer: Payer, bill: Issue) -> None:
    owed = bill()
    payer.pay(owed, key="one-and-the-same-tap")
    with unit_of_work() as session:
        session.get_one(Attempt, attempts()[0].id).expires_at = clock.now()

    again = payer.pay(owed, key="one-and-the-same-tap").get_json()

    assert (again["state"], again["invoke"]) == ("closed", None)
    assert payer.pay(owed).get_json()["state"] == "waiting"


def test_one_attempt_that_the_database_refuses_holds_up_no_other(payer: Payer, bill: Issue) -> None:
    payer.sandbox.post("/_sim/faults", op="wechat_pay.callback", kind="never", times=99)
    bills = [bill(), bill(), bill()]
    for owed in bills:
        payer.confirm(payer.pay(owed).get_json())
    paid, twin, other = attempts()
    with unit_of_work() as session:
        number = channel("wechat").query(twin.out_trade_no).transaction_id
        session.get_one(Attempt, paid.id).transaction_id = number
        for late, attempt in enumerate((twin, other)):
            found = session.get_one(Attempt, attempt.id)
            found.next_check_at = found.created_at - timedelta(minutes=2 - late)

    jobs.check_open_payments()

    assert state_of(bills[2]) == "paid"


def test_on_the_day_a_channel_hangs_only_a_few_threads_wait_for_it(payer: Payer, bill: Issue) -> None:
    numbers = [payer.pay(bill()).get_json()["payment_no"] for _ in range(8)]
    make_everything_due()
    payer.sandbox.post("/_sim/faults", op="wechat_pay.query", kind="slow", seconds=2, times=-1)

    def look(number: str) -> Any:
        client = payer.client.application.test_client()
        return client.get(f"/api/v1/payments/{number}", headers=payer.headers).get_json()["state"]

    shown = together(*[lambda number=number: look(number) for number in numbers])

    assert shown == ["waiting"] * 8
    assert len(payer.sandbox.get("/_sim/log?op=wechat_pay.query")["items"]) <= 4
