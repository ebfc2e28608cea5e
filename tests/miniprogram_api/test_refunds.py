"""A fee asked back from the phone, and what the bill, the payment and the case show of it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases.models import CaseEvent
from app.db import unit_of_work
from app.fees import refunding
from app.staff.models import Role
from payments import refunds, truth
from platforms.facts import RefundFact, RefundState
from tests import case_fixtures
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner
from tests.miniprogram_api.paid import paid_case
from tests.staff_fixtures import make_clerk

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    case_fixtures.publish_id_lost()
    return Owner(client)


def ask(owner: Owner, payment_no: str, *, tap: str | None = None, **body: Any) -> TestResponse:
    return owner.call("POST", f"/payments/{payment_no}/refunds", tap=tap, json={"reason": "不办了", **body})


def approve(refund_no: str) -> None:
    clerk_id = make_clerk(Role.CASHIER)
    with unit_of_work() as session:
        refunds.approve(session, refund_no=refund_no, clerk_id=clerk_id)


def arrive(refund_no: str, amount_fen: int) -> None:
    with unit_of_work() as session:
        truth.apply_refund(session, fact=RefundFact(refund_no, RefundState.SUCCEEDED, amount_fen))


def the_bill(owner: Owner) -> dict[str, Any]:
    found: dict[str, Any] = owner.call("GET", "/bills").get_json()["items"][0]
    return found


def code(answered: TestResponse) -> tuple[int, str]:
    return answered.status_code, answered.get_json()["code"]


def test_a_citizen_asks_back_what_a_withdrawn_case_has_cost(owner: Owner) -> None:
    case_no, payment_no = paid_case(owner)
    case_fixtures.withdraw(owner.id, case_no)
    asked = ask(owner, payment_no)

    assert (asked.status_code, asked.get_json()["state"]) == (201, "requested")
    assert (asked.get_json()["amount_fen"], asked.get_json()["bill_name"]) == (4000, "居民身份证丢失补领")
    assert "审核" in asked.get_json()["state_text"]
    assert asked.get_json()["decided_at"] is None


def test_the_same_tap_twice_asks_once(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    first, second = (ask(owner, payment_no, tap="one-and-the-same-tap").get_json() for _ in range(2))

    assert first["refund_no"] == second["refund_no"]
    assert len(owner.call("GET", "/refunds").get_json()["items"]) == 1


def test_a_second_request_is_sent_to_the_first(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    ask(owner, payment_no, amount_fen=100)

    assert code(ask(owner, payment_no, amount_fen=100)) == (409, "refund_already_asked")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": " 好 "}, "reason"),
        ({"reason": "字" * 201}, "reason"),
        ({"reason": "\u0000\u200b\u3000"}, "reason"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": -1}, "amount_fen"),
        ({"amount_fen": "100"}, "amount_fen"),
        ({"amount_fen": 1.5}, "amount_fen"),
        ({"amount_fen": 10**30}, "amount_fen"),
        ({"amount_fen": 4001}, "amount_fen"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(owner: Owner, body: dict[str, Any], field: str) -> None:
    _, payment_no = paid_case(owner)
    refused = ask(owner, payment_no, **body)

    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])


def test_a_reason_typed_with_wide_blanks_is_taken_as_it_is(owner: Owner) -> None:
    case_no, payment_no = paid_case(owner)
    case_fixtures.withdraw(owner.id, case_no)
    asked = ask(owner, payment_no, reason="不办了\u3000家里有事\r\n谢谢\u0000")

    assert (asked.status_code, asked.get_json()["reason"]) == (201, "不办了\u3000家里有事\n谢谢")


def test_after_the_decision_the_citizen_is_sent_to_the_window_of_the_unit(owner: Owner) -> None:
    case_no, payment_no = paid_case(owner)
    case_fixtures.decide(case_no)
    refused = ask(owner, payment_no)

    assert code(refused) == (409, "refund_after_decision")
    assert "市公安局窗口" in refused.get_json()["detail"]
    assert the_bill(owner)["refund_hint"] == refused.get_json()["detail"]


def test_somebody_elses_payment_bill_refund_and_receipt_are_not_there(
    owner: Owner, client: FlaskClient
) -> None:
    _, payment_no = paid_case(owner)
    refund_no = ask(owner, payment_no).get_json()["refund_no"]
    receipt_no = the_bill(owner)["receipt_no"]
    other = Owner(client, "李四")

    assert code(ask(other, payment_no)) == (404, "payment_not_found")
    for path in (f"/payments/{payment_no}/refunds", f"/refunds/{refund_no}", f"/receipts/{receipt_no}"):
        assert other.call("GET", path).status_code == 404, path
    assert other.call("GET", "/refunds").get_json()["items"] == []
    assert code(ask(owner, payment_no, bill_no="B1")) == (404, "bill_not_found")


def test_a_bill_says_whether_it_can_be_asked_back(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    before = the_bill(owner)
    refund_no = ask(owner, payment_no).get_json()["refund_no"]
    after = the_bill(owner)

    assert (before["refundable"], before["refund_hint"], before["payment_no"]) == (True, None, payment_no)
    assert (after["refundable"], after["open_refund_no"]) == (False, refund_no)
    assert "正在处理" in after["refund_hint"]


def test_an_unpaid_bill_says_nothing_about_refunds(owner: Owner) -> None:
    case_fixtures.accept(case_fixtures.submitted(owner.id))
    shown = the_bill(owner)

    assert (shown["state"], shown["refundable"], shown["refund_hint"]) == ("unpaid", False, None)
    assert owner.call("GET", f"/bills/{shown['bill_no']}").get_json() == shown


def test_a_refund_goes_its_way_before_the_eyes_of_the_citizen(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    refund_no = ask(owner, payment_no).get_json()["refund_no"]
    approve(refund_no)
    approved = owner.call("GET", f"/refunds/{refund_no}").get_json()
    arrive(refund_no, 4000)
    done = owner.call("GET", f"/payments/{payment_no}/refunds").get_json()["items"][0]

    assert (approved["state"], approved["finished_at"]) == ("approved", None)
    assert (done["state"], done["automatic"], done["refund_no"]) == ("done", False, refund_no)
    assert done["finished_at"].endswith("+08:00")
    assert (the_bill(owner)["state"], the_bill(owner)["refunded_fen"]) == ("refunded", 4000)


def test_a_refusal_is_shown_with_its_reason(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    refund_no = ask(owner, payment_no).get_json()["refund_no"]
    clerk_id = make_clerk(Role.CASHIER)
    with unit_of_work() as session:
        refunding.refuse(session, refund_no=refund_no, clerk_id=clerk_id, reason="证件已经制作")
    shown = owner.call("GET", f"/refunds/{refund_no}").get_json()

    assert (shown["state"], shown["decision_reason"]) == ("refused", "证件已经制作")
    assert the_bill(owner)["refundable"] is True


def test_the_result_page_has_all_it_draws(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    refund_no = ask(owner, payment_no, amount_fen=1500).get_json()["refund_no"]
    approve(refund_no)
    going = owner.call("GET", f"/payments/{payment_no}").get_json()
    arrive(refund_no, 1500)
    gone = owner.call("GET", f"/payments/{payment_no}").get_json()

    assert (going["state"], going["state_text"], going["channel_text"]) == (
        "paid",
        "已支付，正在退款",
        "微信支付",
    )
    assert (going["returning_fen"], gone["returning_fen"], gone["refunded_fen"]) == (1500, 0, 1500)
    line = gone["bills"][0]
    assert (line["amount_fen"], line["refunded_fen"], line["refundable"]) == (4000, 1500, True)
    assert (line["receipt_no"], gone["paid_at"] is not None) == (the_bill(owner)["receipt_no"], True)


def test_what_the_channel_could_not_bring_is_not_said_to_be_on_its_way(owner: Owner) -> None:
    _, payment_no = paid_case(owner)
    refund_no = ask(owner, payment_no, amount_fen=1500).get_json()["refund_no"]
    approve(refund_no)
    with unit_of_work() as session:
        truth.apply_refund(session, fact=RefundFact(refund_no, RefundState.ABNORMAL, 1500))
    failed = owner.call("GET", f"/payments/{payment_no}").get_json()
    other = ask(owner, payment_no, amount_fen=500).get_json()["refund_no"]
    approve(other)
    going = owner.call("GET", f"/payments/{payment_no}").get_json()

    assert (failed["state_text"], failed["returning_fen"]) == ("已支付，有退款没能退回，请看退款说明", 0)
    assert (going["state_text"], going["returning_fen"]) == ("已支付，正在退款", 500)


def test_the_case_tells_what_came_back_in_part_and_as_a_whole(
    owner: Owner, deliver: Callable[[], None]
) -> None:
    _, payment_no = paid_case(owner)
    for amount_fen in (1500, 2500):
        refund_no = ask(owner, payment_no, amount_fen=amount_fen).get_json()["refund_no"]
        approve(refund_no)
        arrive(refund_no, amount_fen)
        for _ in range(2):
            deliver()

    with unit_of_work() as session:
        told = select(CaseEvent.sentence).where(CaseEvent.kind.like("bill_refunded%"))
        lines = list(session.scalars(told.order_by(CaseEvent.id)))
    assert lines == ["已退费15.00元", "费用已全部退回，共40.00元"]


def test_requests_are_listed_newest_first_and_go_on_by_a_cursor(owner: Owner) -> None:
    numbers = [ask(owner, paid_case(owner)[1]).get_json()["refund_no"] for _ in range(3)]
    first = owner.call("GET", "/refunds?limit=2").get_json()
    second = owner.call("GET", f"/refunds?limit=2&cursor={first['next_cursor']}").get_json()

    assert [found["refund_no"] for found in first["items"]] == [numbers[2], numbers[1]]
    assert ([found["refund_no"] for found in second["items"]], second["next_cursor"]) == ([numbers[0]], None)
