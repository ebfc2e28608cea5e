"""The counter at WeChat Pay against the sandbox: money is never guessed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platforms.errors import Busy, Refused
from platforms.facts import RefundState, TradeState
from platforms.wechat_pay import WeChatPay, WeChatPayConfig
from tests.platforms.conftest import PostBox, Sandbox
from tests.platforms.keys import PKCS1, key, private_base64, private_pem
from tests.platforms.test_tokens import at_once

NOWHERE = "http://127.0.0.1:9/webhook"
NewNo = Callable[[], str]


def prepay(wechat_pay: WeChatPay, sandbox: Sandbox, out_trade_no: str, **changes: Any) -> str:
    wanted: dict[str, Any] = {
        "out_trade_no": out_trade_no,
        "amount_fen": 8000,
        "description": "不动产登记费",
        "openid": sandbox.get("/people/lin")["mini_openid"],
        "notify_url": NOWHERE,
        "expires_at": datetime.now(UTC) + timedelta(minutes=30),
    }
    return wechat_pay.prepay(**{**wanted, **changes})


def pay(wechat_pay: WeChatPay, sandbox: Sandbox, out_trade_no: str, **changes: Any) -> None:
    invoke = wechat_pay.invoke(prepay(wechat_pay, sandbox, out_trade_no, **changes))
    assert sandbox.post("/people/lin/wechat/pay", **invoke)["err_msg"] == "requestPayment:ok"


def give_back(wechat_pay: WeChatPay, out_trade_no: str, refund_no: str, **changes: Any) -> RefundState:
    wanted = {"amount_fen": 3000, "total_fen": 8000, "reason": "重复缴费", "notify_url": NOWHERE}
    return wechat_pay.refund(
        out_trade_no=out_trade_no, out_refund_no=refund_no, **{**wanted, **changes}
    ).state


def test_an_order_is_placed_paid_and_proven(
    sandbox: Sandbox, wechat_pay: WeChatPay, pay_config: WeChatPayConfig, order_no: NewNo
) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    fact = wechat_pay.query(number)
    assert (fact.state, fact.amount_fen, fact.currency) == (TradeState.PAID, 8000, "CNY")
    assert fact.payer == sandbox.get("/people/lin")["mini_openid"]
    assert (fact.app_id, fact.merchant_id) == (pay_config.appid, pay_config.mchid)
    assert fact.transaction_id
    assert fact.paid_at is not None
    assert abs((datetime.now(UTC) - fact.paid_at).total_seconds()) < 60


def test_the_same_order_twice_is_one_order(sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo) -> None:
    number, until = order_no(), datetime.now(UTC) + timedelta(minutes=30)
    first = prepay(wechat_pay, sandbox, number, expires_at=until)
    assert prepay(wechat_pay, sandbox, number, expires_at=until) == first


def test_the_same_number_with_another_amount_is_refused(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo
) -> None:
    number = order_no()
    prepay(wechat_pay, sandbox, number)
    with pytest.raises(Refused) as refused:
        prepay(wechat_pay, sandbox, number, amount_fen=8001)
    assert refused.value.platform_code == "OUT_TRADE_NO_USED"


def test_an_unpaid_order_is_unpaid_and_an_unknown_one_not_found(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo
) -> None:
    number = order_no()
    assert wechat_pay.query(number).state is TradeState.NOT_FOUND
    prepay(wechat_pay, sandbox, number)
    fact = wechat_pay.query(number)
    assert (fact.state, fact.paid_at, fact.transaction_id) == (TradeState.UNPAID, None, None)


def test_closing_may_be_repeated(sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo) -> None:
    number = order_no()
    prepay(wechat_pay, sandbox, number)
    wechat_pay.close(number)
    wechat_pay.close(number)
    assert wechat_pay.query(number).state is TradeState.CLOSED


def test_a_paid_order_cannot_be_closed_nor_placed_again(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo
) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    for again in (lambda: wechat_pay.close(number), lambda: prepay(wechat_pay, sandbox, number)):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.platform_code == "ORDERPAID"


def test_a_number_with_odd_but_allowed_letters_is_signed_as_it_is_sent(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo
) -> None:
    number = order_no()[:20] + "|*_-"
    pay(wechat_pay, sandbox, number)
    assert wechat_pay.query(number).state is TradeState.PAID
    give_back(wechat_pay, number, f"{number}@R|*")
    assert wechat_pay.query_refund(f"{number}@R|*").state is not RefundState.NOT_FOUND


@pytest.mark.parametrize("number", ["", "short", "x" * 33, "a/b/c/d", "a?b=cdef", "编号编号编号", "abcdef\n"])
def test_a_number_that_could_bend_the_path_is_refused_here(
    sandbox: Sandbox, wechat_pay: WeChatPay, number: str
) -> None:
    for ask in (wechat_pay.query, wechat_pay.close):
        with pytest.raises(Refused) as refused:
            ask(number)
        assert refused.value.platform_code == "invalid_out_trade_no"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 80.0},
        {"amount_fen": True},
        {"openid": "\ud800"},
        {"openid": ""},
        {"expires_at": datetime(2030, 1, 1)},  # noqa: DTZ001  # without its zone, on purpose
    ],
)
def test_an_order_that_cannot_be_right_is_refused_here(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, changes: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        prepay(wechat_pay, sandbox, order_no(), **changes)
    assert sandbox.calls("wechat_pay.prepay") == 0


def test_any_description_can_be_sent(sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo) -> None:
    assert prepay(wechat_pay, sandbox, order_no(), description="不动产\n登记\ud800" * 100)
    assert prepay(wechat_pay, sandbox, order_no(), description="")


def test_a_refund_is_accepted_then_done(sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    assert give_back(wechat_pay, number, f"{number}R1") is RefundState.PROCESSING
    sandbox.post("/clock", advance_s=10)
    fact = wechat_pay.query_refund(f"{number}R1")
    assert (fact.state, fact.amount_fen) == (RefundState.SUCCEEDED, 3000)
    assert fact.refund_id
    assert fact.finished_at is not None
    assert wechat_pay.query(number).state is TradeState.REFUNDED


@pytest.mark.parametrize(
    ("fault", "state"), [("refund_abnormal", RefundState.ABNORMAL), ("refund_closed", RefundState.CLOSED)]
)
def test_a_refund_that_ends_badly_says_so(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, fault: str, state: RefundState
) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    sandbox.fault("wechat_pay.refund", fault)
    give_back(wechat_pay, number, f"{number}R1")
    sandbox.post("/clock", advance_s=10)
    assert wechat_pay.query_refund(f"{number}R1").state is state


def test_a_refund_nobody_asked_for_is_not_found(wechat_pay: WeChatPay) -> None:
    assert wechat_pay.query_refund("YMnobodyasked").state is RefundState.NOT_FOUND


def test_more_than_was_paid_is_refused(sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    with pytest.raises(Refused):
        give_back(wechat_pay, number, f"{number}R1", amount_fen=8001)
    with pytest.raises(Refused):
        give_back(wechat_pay, number, f"{number}R1", total_fen=9000)


def test_an_empty_merchant_account_is_busy(sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    sandbox.fault("wechat_pay.refund", "not_enough")
    with pytest.raises(Busy):
        give_back(wechat_pay, number, f"{number}R1")
    assert give_back(wechat_pay, number, f"{number}R1") is RefundState.PROCESSING


def test_a_key_may_be_pasted_in_any_form(pay_config: WeChatPayConfig) -> None:
    of = key("merchant")
    crlf = private_pem(of).replace("\n", "\r\n")
    for text in (
        private_pem(of),
        private_pem(of, PKCS1),
        private_base64(of),
        private_base64(of, PKCS1),
        crlf,
    ):
        assert WeChatPay(replace(pay_config, private_key_pem=text)).invoke("wx1")["paySign"]


@pytest.mark.parametrize(
    "change",
    [
        {"apiv3_key": "short"},
        {"public_key_id": ""},
        {"private_key_pem": "nonsense"},
        {"public_key_pem": ""},
        {"private_key_pem": private_pem(key("small", 1024))},
    ],
)
def test_unusable_keys_stop_the_start(pay_config: WeChatPayConfig, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        WeChatPay(replace(pay_config, **change))
    assert "MII" not in str(refused.value)


def test_many_threads_share_one_counter(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, post_box: PostBox
) -> None:
    numbers = [order_no() for _ in range(16)]
    prepaid = at_once(16, lambda index: prepay(wechat_pay, sandbox, numbers[index], amount_fen=100 + index))
    assert len(set(prepaid)) == 16
    facts = at_once(16, lambda index: wechat_pay.query(numbers[index]))
    assert [fact.amount_fen for fact in facts] == [100 + index for index in range(16)]
