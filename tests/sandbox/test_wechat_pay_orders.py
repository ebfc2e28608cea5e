"""Orders: place, ask, close, pay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .conftest import StandIn
from .wechat_pay_merchant import PAY, Merchant

NUMBER = "YM202501010001"


@pytest.fixture
def merchant(stand_in: StandIn) -> Merchant:
    return Merchant(stand_in)


def code_of(merchant: Merchant, **other: Any) -> tuple[int, str]:
    answer = merchant.prepay(**other)
    return answer.status, answer.body.get("code", "")


def test_an_order_is_unpaid_until_it_is_paid(merchant: Merchant) -> None:
    prepay_id = merchant.prepay().body["prepay_id"]
    before = merchant.query(NUMBER).body
    assert merchant.press_pay(prepay_id) == "requestPayment:ok"
    after = merchant.query(NUMBER).body

    assert (before["trade_state"], "transaction_id" in before) == ("NOTPAY", False)
    assert (after["trade_state"], after["trade_type"]) == ("SUCCESS", "JSAPI")
    assert (after["amount"]["total"], after["amount"]["payer_total"]) == (8800, 8800)
    assert after["payer"]["openid"] == merchant.stand_in.person()["mini_openid"]


def test_a_paid_order_is_found_by_its_transaction(merchant: Merchant) -> None:
    merchant.paid()
    transaction_id = merchant.query(NUMBER).body["transaction_id"]
    found = merchant.ask("GET", f"{PAY}/id/{transaction_id}?mchid=1900000001")

    assert found.body["out_trade_no"] == NUMBER
    assert merchant.ask("GET", f"{PAY}/id/4200000000?mchid=1900000001").status == 404


def test_only_the_own_merchant_may_ask(merchant: Merchant) -> None:
    merchant.prepay()

    assert merchant.ask("GET", f"{PAY}/out-trade-no/{NUMBER}?mchid=1900000009").body["code"] == "NO_AUTH"
    assert merchant.ask("GET", f"{PAY}/out-trade-no/{NUMBER}").body["code"] == "PARAM_ERROR"


@pytest.mark.parametrize("total", [0, -1, 80.0, "80", True, None, 2**40])
def test_an_amount_is_a_whole_number_of_fen(merchant: Merchant, total: object) -> None:
    assert code_of(merchant, amount={"total": total, "currency": "CNY"}) == (400, "PARAM_ERROR")


@pytest.mark.parametrize(
    "other",
    [
        {"out_trade_no": "short"},
        {"out_trade_no": "x" * 33},
        {"out_trade_no": "订单202501010001"},
        {"description": "x" * 128},
        {"description": ""},
        {"description": "\ud800"},
        {"attach": "x" * 129},
        {"notify_url": "/webhooks/wechat-pay"},
        {"notify_url": "http://127.0.0.1/pay?order=1"},
        {"amount": {"total": 100, "currency": "USD"}},
        {"amount": 100},
        {"payer": {"openid": "oNobody"}},
        {"time_expire": "2030-01-01 10:00:00"},
        {"time_expire": "2030-01-01T10:00:00"},
    ],
)
def test_a_bad_field_is_refused(merchant: Merchant, other: dict[str, Any]) -> None:
    assert code_of(merchant, **other) == (400, "PARAM_ERROR")


def test_app_and_payer_must_fit(merchant: Merchant) -> None:
    official = merchant.stand_in.person()["oa_openid"]

    assert code_of(merchant, appid="wxother") == (400, "APPID_MCHID_NOT_MATCH")
    assert code_of(merchant, payer={"openid": official}) == (500, "OPENID_MISMATCH")
    assert code_of(merchant, mchid="1900000009") == (403, "NO_AUTH")


def test_the_same_order_again_is_the_same_order(merchant: Merchant) -> None:
    first, second = merchant.prepay(), merchant.prepay()

    assert first.body == second.body


def test_the_same_number_for_another_order_is_refused(merchant: Merchant) -> None:
    merchant.prepay()

    assert code_of(merchant, description="别的费用") == (403, "OUT_TRADE_NO_USED")


def test_a_prepay_id_lives_two_hours(merchant: Merchant) -> None:
    old = merchant.prepay().body["prepay_id"]
    merchant.stand_in.sim("/clock", advance_s=7201)

    assert "已失效" in merchant.press_pay(old)
    fresh = merchant.prepay().body["prepay_id"]
    assert fresh != old
    assert merchant.press_pay(fresh) == "requestPayment:ok"


def test_a_closed_order_stays_closed(merchant: Merchant) -> None:
    prepay_id = merchant.prepay().body["prepay_id"]

    assert (merchant.close(NUMBER).status, merchant.close(NUMBER).status) == (204, 204)
    assert merchant.query(NUMBER).body["trade_state"] == "CLOSED"
    assert "已关闭" in merchant.press_pay(prepay_id)
    assert code_of(merchant) == (400, "ORDER_CLOSED")


def test_a_paid_order_is_neither_closed_nor_placed_again(merchant: Merchant) -> None:
    merchant.paid()

    assert merchant.close(NUMBER).body["code"] == "ORDERPAID"
    assert code_of(merchant) == (400, "ORDERPAID")


def test_an_unknown_order_is_not_found(merchant: Merchant) -> None:
    assert merchant.close(NUMBER).body["code"] == "ORDER_NOT_EXIST"
    assert merchant.query(NUMBER).body["code"] == "ORDER_NOT_EXIST"


def test_an_expired_order_cannot_be_paid_but_stays_unpaid(merchant: Merchant) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="seconds")
    prepay_id = merchant.prepay(time_expire=soon).body["prepay_id"]
    merchant.stand_in.sim("/clock", advance_s=301)

    assert "已过期" in merchant.press_pay(prepay_id)
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_a_moment_that_is_too_near_becomes_a_minute(merchant: Merchant) -> None:
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")

    assert merchant.press_pay(merchant.prepay(time_expire=past).body["prepay_id"]) == "requestPayment:ok"


def test_the_phone_refuses_what_the_merchant_did_not_sign(merchant: Merchant) -> None:
    invoke = merchant.invoke(merchant.prepay().body["prepay_id"])
    forged = merchant.stand_in.sim("/people/lin/wechat/pay", **{**invoke, "nonceStr": "another"})
    number = merchant.stand_in.sim("/people/lin/wechat/pay", **{**invoke, "timeStamp": 1})

    assert forged["err_msg"] == "requestPayment:fail 支付验证签名失败"
    assert "timeStamp should be String" in number["err_msg"]
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_nobody_pays_on_another_phone(merchant: Merchant) -> None:
    prepay_id = merchant.prepay().body["prepay_id"]

    assert "不一致" in merchant.press_pay(prepay_id, person="chen")


def test_a_payer_may_change_their_mind(merchant: Merchant) -> None:
    invoke = merchant.invoke(merchant.prepay().body["prepay_id"])
    pressed = merchant.stand_in.call("POST", "/_sim/people/lin/wechat/pay?press=cancel", json=invoke)

    assert pressed.json()["err_msg"] == "requestPayment:fail cancel"
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_the_cashier_lists_what_can_be_paid_and_how(merchant: Merchant) -> None:
    merchant.prepay()
    (waiting,) = merchant.stand_in.seen("/people/lin/orders")["items"]

    assert (waiting["channel"], waiting["amount_fen"], waiting["state"]) == ("wechat", 8800, "NOTPAY")
    assert merchant.stand_in.seen("/people/chen/orders")["items"] == []
    assert (
        merchant.stand_in.sim("/people/lin/wechat/pay", **waiting["invoke"])["err_msg"] == "requestPayment:ok"
    )
    assert merchant.stand_in.seen("/people/lin/orders")["items"] == []


def test_eight_fingers_pay_once(merchant: Merchant) -> None:
    prepay_id = merchant.prepay().body["prepay_id"]
    with ThreadPoolExecutor(8) as fingers:
        said = list(fingers.map(lambda _: merchant.press_pay(prepay_id), range(8)))

    assert said.count("requestPayment:ok") == 1
    assert merchant.stand_in.seen("/invariants")["totals"]["wechat"]["paid_fen"] == 8800


def test_a_query_may_lag_behind_the_payment(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.pay", "query_lag", seconds=120)
    merchant.paid()

    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"
    merchant.stand_in.sim("/clock", advance_s=121)
    assert merchant.query(NUMBER).body["trade_state"] == "SUCCESS"


def test_a_query_may_know_nothing_for_a_while(merchant: Merchant) -> None:
    merchant.paid()
    merchant.stand_in.fault("wechat_pay.query", "not_exist")
    merchant.stand_in.fault("wechat_pay.query", "lag")

    assert merchant.query(NUMBER).status == 404
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"
    assert merchant.query(NUMBER).body["trade_state"] == "SUCCESS"


def test_a_channel_that_closes_late_can_still_be_paid(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.close", "closes_late", seconds=600)
    prepay_id = merchant.prepay().body["prepay_id"]
    merchant.close(NUMBER)

    assert merchant.query(NUMBER).body["trade_state"] == "CLOSED"
    assert merchant.press_pay(prepay_id) == "requestPayment:ok"
    assert merchant.query(NUMBER).body["trade_state"] == "SUCCESS"


def test_a_payment_may_cross_with_closing(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.close", "paid_meanwhile")
    merchant.prepay()

    assert merchant.close(NUMBER).body["code"] == "ORDERPAID"
    assert merchant.query(NUMBER).body["trade_state"] == "SUCCESS"


def test_a_payment_may_arrive_after_expiry_or_closing(merchant: Merchant) -> None:
    prepay_id = merchant.prepay().body["prepay_id"]
    merchant.close(NUMBER)
    merchant.stand_in.fault("wechat_pay.pay", "anyway")

    assert merchant.press_pay(prepay_id) == "requestPayment:ok"
