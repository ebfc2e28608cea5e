"""Refunds: accepted first, done later, never more than was paid."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import Door, StandIn
from .wechat_pay_merchant import REFUNDS, Merchant

NUMBER = "YM202501010001"
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def merchant(stand_in: StandIn, door: Door) -> Merchant:
    made = Merchant(stand_in, f"{door.url}/wechat-pay")
    made.paid()
    settle(made, 0)  # the payment was told before anything is told of a refund
    return made


def settle(merchant: Merchant, seconds: float = 2) -> None:
    merchant.stand_in.sim("/clock", advance_s=seconds)


def status_of(merchant: Merchant, number: str) -> str:
    return str(merchant.ask("GET", f"{REFUNDS}/{number}").body["status"])


def test_a_refund_is_accepted_then_done_then_told(merchant: Merchant, door: Door) -> None:
    answer = merchant.refund("R1", 8800)
    settle(merchant)
    told = merchant.open(door.all()[-1])

    assert (answer.status, answer.body["status"]) == (200, "PROCESSING")
    assert status_of(merchant, "R1") == "SUCCESS"
    assert (told["event_type"], told["resource"]["refund_status"]) == ("REFUND.SUCCESS", "SUCCESS")
    assert told["resource"]["amount"]["refund"] == 8800
    assert merchant.query(NUMBER).body["trade_state"] == "REFUND"


def test_a_refund_repeated_is_the_same_refund(merchant: Merchant) -> None:
    first, second = merchant.refund("R1", 100), merchant.refund("R1", 100)

    assert first.body["refund_id"] == second.body["refund_id"]
    assert merchant.refund("R1", 200).body["code"] == "INVALID_REQUEST"


def test_part_refunds_keep_their_distance_and_their_limit(merchant: Merchant) -> None:
    assert merchant.refund("R1", 8000).status == 200
    assert merchant.refund("R2", 800).body["code"] == "FREQUENCY_LIMITED"
    settle(merchant, 61)
    assert merchant.refund("R2", 801).body["code"] == "INVALID_REQUEST"
    assert merchant.refund("R2", 800).status == 200


def test_a_refund_by_transaction_needs_the_right_total(merchant: Merchant) -> None:
    transaction_id = merchant.query(NUMBER).body["transaction_id"]
    wrong = {"refund": 100, "total": 9900, "currency": "CNY"}

    assert merchant.refund("R1", 100, amount=wrong).body["code"] == "INVALID_REQUEST"
    assert merchant.refund("R1", 100, out_trade_no=None, transaction_id=transaction_id).status == 200


def test_what_is_not_there_or_not_paid_is_not_refunded(merchant: Merchant) -> None:
    merchant.prepay("YM202501010002")

    assert merchant.refund("R1", 100, out_trade_no="YM202501010009").body["code"] == "RESOURCE_NOT_EXISTS"
    assert merchant.refund("R1", 100, out_trade_no="YM202501010002").body["code"] == "INVALID_REQUEST"
    assert merchant.ask("GET", f"{REFUNDS}/R1").body["code"] == "RESOURCE_NOT_EXISTS"


@pytest.mark.parametrize("refund", [0, 80.0, "80", True])
def test_a_refund_is_a_whole_number_of_fen(merchant: Merchant, refund: object) -> None:
    amount = {"refund": refund, "total": 8800, "currency": "CNY"}

    assert merchant.refund("R1", 1, amount=amount).body["code"] == "PARAM_ERROR"


def test_after_a_year_nothing_is_refunded(merchant: Merchant) -> None:
    settle(merchant, 366 * 86400)

    assert merchant.refund("R1", 100).body["code"] == "INVALID_REQUEST"


@pytest.mark.parametrize(("kind", "ending"), [("refund_abnormal", "ABNORMAL"), ("refund_closed", "CLOSED")])
def test_an_accepted_refund_may_end_badly(merchant: Merchant, door: Door, kind: str, ending: str) -> None:
    merchant.stand_in.fault("wechat_pay.refund", kind)
    assert merchant.refund("R1", 8800).body["status"] == "PROCESSING"
    settle(merchant)

    assert status_of(merchant, "R1") == ending
    assert merchant.open(door.all()[-1])["event_type"] == f"REFUND.{ending}"


def test_a_closed_refund_gives_its_amount_free(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.refund", "refund_closed")
    merchant.refund("R1", 8800)
    settle(merchant, 61)

    assert merchant.refund("R2", 8800).status == 200


def test_the_notify_may_overtake_the_answer(merchant: Merchant, door: Door) -> None:
    merchant.stand_in.fault("wechat_pay.refund", "notify_before_response")
    merchant.stand_in.fault("wechat_pay.query_refund", "late_processing")
    answer = merchant.refund("R1", 8800)

    assert merchant.open(door.all()[-1])["event_type"] == "REFUND.SUCCESS"
    assert answer.body["status"] == "PROCESSING"
    assert [status_of(merchant, "R1"), status_of(merchant, "R1")] == ["PROCESSING", "SUCCESS"]


def test_an_empty_account_may_be_filled(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.refund", "not_enough")

    assert merchant.refund("R1", 100).body["code"] == "NOT_ENOUGH"
    assert merchant.refund("R1", 100).status == 200


def test_eight_refunds_at_once_give_back_no_more_than_was_paid(merchant: Merchant) -> None:
    with ThreadPoolExecutor(8) as clerks:
        answers = list(clerks.map(lambda number: merchant.refund(f"R{number}", 5000).status, range(8)))
    settle(merchant)

    assert answers.count(200) == 1
    assert merchant.stand_in.seen("/invariants")["totals"]["wechat"] == {
        "orders": 1,
        "paid_fen": 8800,
        "refunded_fen": 5000,
        "refunding_fen": 0,
    }
