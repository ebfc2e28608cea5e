"""Trades and refunds: create, query, close, pay, give back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .alipay_merchant import CLOSE, CREATE, NUMBER, QUERY, REFUND, REFUND_QUERY, Merchant
from .conftest import StandIn

ASKED = {"out_trade_no": NUMBER}


@pytest.fixture
def merchant(stand_in: StandIn) -> Merchant:
    return Merchant(stand_in)


def refund_of(merchant: Merchant, number: str) -> dict[str, Any]:
    return merchant.ask(REFUND_QUERY, {**ASKED, "out_request_no": number})


def test_a_trade_waits_for_its_buyer_and_is_paid(merchant: Merchant) -> None:
    trade_no = merchant.create()["trade_no"]
    before = merchant.ask(QUERY, {"trade_no": trade_no})
    assert merchant.press_pay(trade_no) == "9000"
    after = merchant.ask(QUERY, ASKED)

    assert (before["trade_status"], "send_pay_date" in before) == ("WAIT_BUYER_PAY", False)
    assert (after["trade_status"], after["total_amount"]) == ("TRADE_SUCCESS", "88.00")
    assert after["buyer_open_id"] == merchant.stand_in.person()["alipay_open_id"]


@pytest.mark.parametrize(
    ("other", "sub_code"),
    [
        ({"total_amount": 88.0}, "ACQ.INVALID_PARAMETER"),
        ({"total_amount": "88.001"}, "ACQ.INVALID_PARAMETER"),
        ({"total_amount": "0.00"}, "ACQ.INVALID_PARAMETER"),
        ({"total_amount": "-1"}, "ACQ.INVALID_PARAMETER"),
        ({"total_amount": "100000000.01"}, "ACQ.TOTAL_FEE_EXCEED"),
        ({"out_trade_no": "x" * 65}, "ACQ.INVALID_PARAMETER"),
        ({"subject": ""}, "ACQ.INVALID_PARAMETER"),
        ({"buyer_open_id": ""}, "ACQ.INVALID_PARAMETER"),
        ({"buyer_open_id": "nobody"}, "ACQ.INVALID_PARAMETER"),
        ({"buyer_open_id": "", "buyer_id": "2088000000000001"}, "ACQ.BUYER_SELLER_EQUAL"),
        ({"product_code": "QUICK_WAP_WAY"}, "ACQ.ACCESS_FORBIDDEN"),
        ({"op_app_id": "2021000000000999"}, "ACQ.INVALID_PARAMETER"),
        ({"time_expire": "soon"}, "ACQ.INVALID_PARAMETER"),
        ({"timeout_express": "90"}, "ACQ.INVALID_PARAMETER"),
    ],
)
def test_a_bad_field_is_refused(merchant: Merchant, other: dict[str, Any], sub_code: str) -> None:
    assert merchant.create(**other)["sub_code"] == sub_code


@pytest.mark.parametrize(("yuan", "fen"), [("88", 8800), ("88.8", 8880), ("0.01", 1), ("19.99", 1999)])
def test_yuan_become_fen_exactly(merchant: Merchant, yuan: str, fen: int) -> None:
    merchant.create(total_amount=yuan)

    assert merchant.stand_in.seen("/people/lin/orders")["items"][0]["amount_fen"] == fen


def test_biz_content_must_be_an_object(merchant: Merchant) -> None:
    assert merchant.ask(CREATE, biz_content="[1]")["sub_code"] == "ACQ.INVALID_PARAMETER"
    assert merchant.ask(QUERY, {})["sub_code"] == "ACQ.INVALID_PARAMETER"


def test_the_same_trade_again_is_the_same_trade(merchant: Merchant) -> None:
    assert merchant.create()["trade_no"] == merchant.create()["trade_no"]
    assert merchant.create(total_amount="89.00")["sub_code"] == "ACQ.CONTEXT_INCONSISTENT"


def test_a_paid_or_closed_trade_is_not_created_again(merchant: Merchant) -> None:
    merchant.paid()
    merchant.create("YM202501010002")
    merchant.ask(CLOSE, {"out_trade_no": "YM202501010002"})

    assert merchant.create()["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"
    assert merchant.create("YM202501010002")["sub_code"] == "ACQ.TRADE_HAS_CLOSE"


def test_only_an_unpaid_trade_is_closed(merchant: Merchant) -> None:
    trade_no = merchant.create()["trade_no"]

    assert merchant.ask(CLOSE, ASKED)["trade_no"] == trade_no
    assert (merchant.status(), merchant.press_pay(trade_no)) == ("TRADE_CLOSED", "4000")
    assert merchant.ask(CLOSE, ASKED)["sub_code"] == "ACQ.REASON_TRADE_STATUS_INVALID"
    assert merchant.ask(CLOSE, {"out_trade_no": "unknown"})["sub_code"] == "ACQ.TRADE_NOT_EXIST"


def test_an_expired_trade_is_closed(merchant: Merchant) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=8, minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
    trade_no = merchant.create(time_expire=soon)["trade_no"]
    merchant.stand_in.sim("/clock", advance_s=301)

    assert (merchant.status(), merchant.press_pay(trade_no)) == ("TRADE_CLOSED", "4000")


def test_nobody_pays_on_another_phone_and_a_mind_may_change(merchant: Merchant) -> None:
    trade_no = merchant.create()["trade_no"]
    path = "/_sim/people/lin/alipay/pay?press=cancel"

    assert merchant.press_pay(trade_no, person="chen") == "4000"
    assert merchant.stand_in.call("POST", path, json={"tradeNO": trade_no}).json()["resultCode"] == "6001"
    assert merchant.status() == "WAIT_BUYER_PAY"


def test_the_cashier_lists_what_can_be_paid(merchant: Merchant) -> None:
    trade_no = merchant.create()["trade_no"]
    (waiting,) = merchant.stand_in.seen("/people/lin/orders")["items"]

    assert (waiting["channel"], waiting["trade_no"]) == ("alipay", trade_no)
    assert (waiting["amount_fen"], waiting["state"]) == (8800, "WAIT_BUYER_PAY")


def test_eight_fingers_pay_once(merchant: Merchant) -> None:
    trade_no = merchant.create()["trade_no"]
    with ThreadPoolExecutor(8) as fingers:
        said = list(fingers.map(lambda _: merchant.press_pay(trade_no), range(8)))

    assert said.count("9000") == 1


def test_payment_may_cross_with_closing(merchant: Merchant) -> None:
    merchant.stand_in.fault(CLOSE, "paid_meanwhile")
    merchant.create()

    assert merchant.ask(CLOSE, ASKED)["sub_code"] == "ACQ.REASON_TRADE_STATUS_INVALID"
    assert merchant.status() == "TRADE_SUCCESS"


def test_a_closed_trade_may_still_be_paid_for_a_while(merchant: Merchant) -> None:
    merchant.stand_in.fault(CLOSE, "closes_late", seconds=600)
    trade_no = merchant.create()["trade_no"]
    merchant.ask(CLOSE, ASKED)

    assert merchant.status() == "TRADE_CLOSED"
    assert merchant.press_pay(trade_no) == "9000"
    assert merchant.status() == "TRADE_SUCCESS"


def test_a_query_may_lag(merchant: Merchant) -> None:
    merchant.paid()
    merchant.stand_in.fault(QUERY, "not_exist")
    merchant.stand_in.fault(QUERY, "lag")

    assert [merchant.status() for _ in range(3)] == [
        "ACQ.TRADE_NOT_EXIST",
        "WAIT_BUYER_PAY",
        "TRADE_SUCCESS",
    ]


def test_a_part_refund_leaves_the_trade_paid(merchant: Merchant) -> None:
    merchant.paid()
    answer = merchant.refund("30.00")

    assert (answer["fund_change"], answer["refund_fee"]) == ("Y", "30.00")
    assert merchant.refund("20.00", "R2")["refund_fee"] == "50.00", "cumulative"
    assert merchant.status() == "TRADE_SUCCESS"
    assert refund_of(merchant, "R1")["refund_amount"] == "30.00"


def test_a_full_refund_closes_the_trade(merchant: Merchant) -> None:
    merchant.paid()
    merchant.refund("88.00")

    assert merchant.status() == "TRADE_CLOSED"
    assert merchant.refund("0.01", "R2")["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"


def test_a_refund_repeated_moves_no_money(merchant: Merchant) -> None:
    merchant.paid()
    merchant.refund("30.00")
    again = merchant.refund("30.00")

    assert (again["fund_change"], again["refund_fee"]) == ("N", "30.00")
    assert merchant.refund("40.00")["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"


def test_without_a_number_the_second_refund_is_silently_the_first(merchant: Merchant) -> None:
    merchant.paid()
    merchant.refund("30.00", None)

    assert merchant.refund("30.00", None)["fund_change"] == "N"
    assert merchant.stand_in.seen("/invariants")["totals"]["alipay"]["refunded_fen"] == 3000


def test_what_is_not_paid_or_over_is_not_refunded(merchant: Merchant) -> None:
    assert merchant.refund("1.00")["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    merchant.create()
    assert merchant.refund("1.00")["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    merchant.press_pay(merchant.create()["trade_no"])
    assert merchant.refund("88.01")["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"


def test_after_a_year_a_trade_is_finished(merchant: Merchant) -> None:
    merchant.paid()
    merchant.stand_in.sim("/clock", advance_s=366 * 86400)

    assert merchant.status() == "TRADE_FINISHED"
    assert merchant.refund("1.00")["sub_code"] == "ACQ.TRADE_HAS_FINISHED"


def test_no_refund_fields_mean_that_no_success_is_known(merchant: Merchant) -> None:
    merchant.paid()

    assert refund_of(merchant, "R1") == {"code": "10000", "msg": "Success"}
    merchant.refund("30.00")
    merchant.stand_in.fault(REFUND_QUERY, "lag")
    assert "refund_status" not in refund_of(merchant, "R1")
    assert refund_of(merchant, "R1")["refund_status"] == "REFUND_SUCCESS"


def test_a_refund_may_not_say_that_it_moved(merchant: Merchant) -> None:
    merchant.paid()
    merchant.stand_in.fault(REFUND, "fund_change_n")

    assert merchant.refund("30.00")["fund_change"] == "N"
    assert refund_of(merchant, "R1")["refund_amount"] == "30.00"


def test_an_empty_account_may_be_filled(merchant: Merchant) -> None:
    merchant.paid()
    merchant.stand_in.fault(REFUND, "not_enough")

    assert merchant.refund("30.00")["sub_code"] == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    assert merchant.refund("30.00")["fund_change"] == "Y"


def test_eight_refunds_at_once_give_back_no_more_than_was_paid(merchant: Merchant) -> None:
    merchant.paid()
    with ThreadPoolExecutor(8) as clerks:
        answers = list(clerks.map(lambda number: merchant.refund("50.00", f"R{number}")["code"], range(8)))

    assert answers.count("10000") == 1
    assert merchant.stand_in.seen("/invariants")["totals"]["alipay"]["refunded_fen"] == 5000
