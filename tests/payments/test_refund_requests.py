"""A fee is asked back, approved by the unit, and goes back through the channel."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import engine, unit_of_work
from app.fees import refunding
from app.fees.errors import (
    BillNotFound,
    RefundAlreadyAsked,
    RefundAlreadyDecided,
    RefusalUnexplained,
)
from app.fees.models import Bill
from app.staff.models import Role
from notifications.models import Message
from payments import jobs
from payments.errors import (
    NothingToRefund,
    PaymentNotFound,
    PaymentNotPaid,
    RefundBillUnsaid,
    RefundRunning,
    RefundTooLate,
    RefundTooMuch,
)
from payments.models import Attempt, PaymentException, Refund
from platforms.facts import RefundState
from tests.payments import refund_fixtures as desk
from tests.payments.conftest import Payer
from tests.staff_fixtures import make_clerk

Issue = Callable[..., Bill]
CHANNELS = pytest.mark.parametrize("channel", ["wechat", "alipay"])


def refunds() -> list[Refund]:
    with unit_of_work() as session:
        return list(session.scalars(select(Refund)))


def exceptions() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(PaymentException.kind)))


def refuse(refund_no: str, reason: str) -> None:
    clerk_id = make_clerk(Role.CASHIER)
    with unit_of_work() as session:
        refunding.refuse(session, refund_no=refund_no, clerk_id=clerk_id, reason=reason)


def told() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))


@CHANNELS
def test_a_fee_that_is_asked_back_and_approved_reaches_its_payer(
    payer: Payer, bill: Issue, channel: str
) -> None:
    owed = bill(4000)
    payment_no = desk.paid_for_real(payer, owed, through=channel)
    asked = desk.ask(payer, payment_no)
    desk.approve(asked.refund_no)
    desk.send_to_the_end(payer)

    assert (desk.state_of(asked.refund_no), desk.bill_state(owed)) == ("done", "refunded")
    assert desk.sums(payment_no) == (0, 4000)
    assert desk.books() == {"received": 0, "to_return": 0, "payer": 0}
    assert exceptions() == []


def test_nothing_moves_before_the_unit_has_approved(payer: Payer, bill: Issue) -> None:
    payment_no = desk.paid(payer, bill(4000))
    asked = desk.ask(payer, payment_no)
    jobs.send_refunds()

    assert (desk.state_of(asked.refund_no), refunds(), desk.sums(payment_no)) == ("requested", [], (0, 0))


def test_approving_sets_the_money_aside_and_sends_nothing_itself(payer: Payer, bill: Issue) -> None:
    payment_no = desk.paid(payer, bill(4000))
    desk.approve(desk.ask(payer, payment_no, amount_fen=1500).refund_no)

    assert [refund.state for refund in refunds()] == ["reserved"]
    assert payer.sandbox.get("/_sim/log?op=wechat_pay.refund")["items"] == []
    assert (desk.sums(payment_no), desk.books()["to_return"]) == ((1500, 0), 1500)


def test_a_refusal_says_why_and_leaves_the_money_where_it_is(payer: Payer, bill: Issue) -> None:
    owed = bill()
    payment_no = desk.paid(payer, owed)
    asked = desk.ask(payer, payment_no)
    refuse(asked.refund_no, "证件已经制作")

    assert (desk.state_of(asked.refund_no), desk.bill_state(owed)) == ("refused", "paid")
    assert desk.ask(payer, payment_no).refund_no != asked.refund_no


@pytest.mark.parametrize("reason", ["", "字" * 201])
def test_a_refusal_needs_a_reason_of_readable_length(payer: Payer, bill: Issue, reason: str) -> None:
    asked = desk.ask(payer, desk.paid(payer, bill()))

    with pytest.raises(RefusalUnexplained):
        refuse(asked.refund_no, reason)


def test_parts_add_up_to_what_was_paid_and_not_further(payer: Payer, bill: Issue) -> None:
    owed = bill(4000)
    payment_no = desk.paid(payer, owed)
    for amount_fen in (1000, 2500):
        asked = desk.ask(payer, payment_no, amount_fen=amount_fen)
        desk.approve(asked.refund_no)
        desk.hear_of_refund(asked.refund_no)

    with pytest.raises(RefundTooMuch) as refused:
        desk.ask(payer, payment_no, amount_fen=501)
    assert "5.00元" in refused.value.sentence
    assert (desk.ask(payer, payment_no).amount_fen, desk.bill_state(owed)) == (500, "paid")


@CHANNELS
def test_parts_go_back_one_after_the_other_through_the_channel(
    payer: Payer, bill: Issue, channel: str
) -> None:
    owed = bill(4000)
    payment_no = desk.paid_for_real(payer, owed, through=channel)
    for amount_fen in (1500, 2500):
        desk.approve(desk.ask(payer, payment_no, amount_fen=amount_fen).refund_no)
        desk.send_to_the_end(payer)

    assert (desk.bill_state(owed), desk.sums(payment_no)) == ("refunded", (0, 4000))
    assert exceptions() == []
    assert payer.sandbox.get("/_sim/invariants")["violations"] == []


def test_of_two_bills_in_one_payment_one_goes_back(payer: Payer, bill: Issue) -> None:
    first, second = bill(1000), bill(2500)
    payment_no = desk.paid(payer, first, second)
    with pytest.raises(RefundBillUnsaid):
        desk.ask(payer, payment_no)
    asked = desk.ask(payer, payment_no, bill_no=second.bill_no)
    desk.approve(asked.refund_no)
    desk.hear_of_refund(asked.refund_no)

    assert (desk.bill_state(first), desk.bill_state(second)) == ("paid", "refunded")
    with pytest.raises(BillNotFound):
        desk.ask(payer, payment_no, bill_no=bill().bill_no)


def test_what_was_never_paid_or_is_somebody_elses_cannot_be_asked_back(payer: Payer, bill: Issue) -> None:
    waiting = payer.pay(bill()).get_json()["payment_no"]

    with pytest.raises(PaymentNotPaid):
        desk.ask(payer, waiting)
    with pytest.raises(PaymentNotFound):
        desk.ask(payer, "P0")


def test_what_goes_back_by_itself_is_not_asked_for(payer: Payer, bill: Issue) -> None:
    owed = bill()
    late = payer.pay(owed, channel="wechat").get_json()["payment_no"]
    desk.paid(payer, owed, through="alipay")
    desk.hear_of_payment(late)

    with pytest.raises(RefundRunning):
        desk.ask(payer, late)


def test_after_a_year_the_channel_gives_nothing_back(payer: Payer, bill: Issue) -> None:
    payment_no = desk.paid(payer, bill())

    with clock.shifted_by(timedelta(days=366)), pytest.raises(RefundTooLate):
        desk.ask(payer, payment_no)


def test_one_request_for_a_bill_is_open_at_a_time(payer: Payer, bill: Issue) -> None:
    payment_no = desk.paid(payer, bill(4000))
    asked = desk.ask(payer, payment_no, amount_fen=100)
    with pytest.raises(RefundAlreadyAsked):
        desk.ask(payer, payment_no, amount_fen=100)
    desk.approve(asked.refund_no)
    with pytest.raises(RefundAlreadyAsked):
        desk.ask(payer, payment_no, amount_fen=100)
    desk.hear_of_refund(asked.refund_no)

    assert desk.ask(payer, payment_no).amount_fen == 3900


def test_a_decision_is_made_once(payer: Payer, bill: Issue) -> None:
    asked = desk.ask(payer, desk.paid(payer, bill()))
    desk.approve(asked.refund_no)

    with pytest.raises(RefundAlreadyDecided):
        desk.approve(asked.refund_no)
    with pytest.raises(RefundAlreadyDecided):
        refuse(asked.refund_no, "晚了一步")


def test_a_refund_that_the_channel_cannot_bring_stays_owed_and_is_a_persons_to_mend(
    payer: Payer, bill: Issue
) -> None:
    owed = bill(4000)
    payment_no = desk.paid(payer, owed)
    asked = desk.ask(payer, payment_no)
    desk.approve(asked.refund_no)
    desk.hear_of_refund(asked.refund_no, RefundState.ABNORMAL)
    with pytest.raises(NothingToRefund):
        desk.ask(payer, payment_no)
    failed = (desk.state_of(asked.refund_no), desk.bill_state(owed), desk.sums(payment_no))
    desk.hear_of_refund(asked.refund_no)

    assert failed == ("failed", "paid", (4000, 0))
    assert (desk.state_of(asked.refund_no), desk.bill_state(owed)) == ("done", "refunded")


def test_an_answer_that_was_lost_stays_unknown_and_is_asked_for(payer: Payer, bill: Issue) -> None:
    payment_no = desk.paid_for_real(payer, bill(4000))
    asked = desk.ask(payer, payment_no)
    desk.approve(asked.refund_no)
    payer.sandbox.post("/_sim/faults", op="wechat_pay.refund", kind="http_502", times=1, after=True)
    jobs.send_refunds()
    unknown = (desk.state_of(asked.refund_no), [refund.state for refund in refunds()])
    desk.send_to_the_end(payer)

    assert unknown == ("approved", ["sending"])
    assert (desk.state_of(asked.refund_no), desk.sums(payment_no)) == ("done", (0, 4000))
    assert payer.sandbox.get("/_sim/invariants")["violations"] == []


def test_a_refund_that_the_channel_refuses_is_shown_to_a_person_with_its_payment(
    payer: Payer, bill: Issue
) -> None:
    payment_no = desk.paid_for_real(payer, bill())
    desk.approve(desk.ask(payer, payment_no).refund_no)
    payer.sandbox.post(
        "/_sim/faults", op="wechat_pay.refund", kind="refuse", status=403, code="REQUEST_BLOCKED"
    )
    jobs.send_refunds()

    with unit_of_work() as session:
        found = session.scalars(select(PaymentException)).one()
        attempt = session.scalars(select(Attempt)).one()
        assert (found.kind, found.attempt_id) == ("refund_refused", attempt.id)


def test_the_citizen_is_told_of_each_step_once(
    payer: Payer, bill: Issue, deliver: Callable[[], None]
) -> None:
    payment_no = desk.paid(payer, bill(4000))
    refuse(desk.ask(payer, payment_no).refund_no, "证件已经制作")
    asked = desk.ask(payer, payment_no)
    desk.approve(asked.refund_no)
    deliver()
    desk.hear_of_refund(asked.refund_no)
    for _ in range(2):
        deliver()

    texts = [found for found in told() if "退" in found]
    assert len(texts) == 3
    assert ("证件已经制作" in texts[0], "已同意" in texts[1], "已退回" in texts[2]) == (True, True, True)


@pytest.mark.parametrize("table", ["payment_attempts", "payment_attempt_bills"])
def test_the_database_itself_refuses_to_give_back_more_than_was_paid(
    payer: Payer, bill: Issue, table: str
) -> None:
    desk.paid(payer, bill(4000))

    with pytest.raises(IntegrityError, match="never_refund_more_than_paid"), engine().begin() as connection:
        connection.execute(text(f"UPDATE {table} SET reserved_fen = 1, refunded_fen = 4000"))


def test_what_was_written_does_not_lie_readable_in_the_database(payer: Payer, bill: Issue) -> None:
    asked = desk.ask(payer, desk.paid(payer, bill()), reason="我住院了")
    refuse(asked.refund_no, "请到窗口来")

    with engine().connect() as connection:
        row = connection.execute(text("SELECT * FROM refund_requests")).one()
    stored = b"".join(bytes(found) for found in row if isinstance(found, bytes | memoryview))
    assert "住院".encode() not in stored
    assert "窗口".encode() not in stored
    assert len(stored) > 0
