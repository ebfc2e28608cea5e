"""What may go wrong between us and WeChat Pay: no broken answer becomes a fact."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.facts import TradeState
from platforms.wechat_pay import WeChatPay, WeChatPayConfig
from tests.platforms.conftest import RawHost, Sandbox, http_answer
from tests.platforms.keys import key, private_pem
from tests.platforms.test_wechat_pay import NewNo, pay, prepay

BROKEN = [
    "http_500",
    "http_502",
    "html",
    "empty",
    "truncated",
    "bom",
    "not_utf8",
    "hang",
    "reset",
    "system_error",
]
UNTRUSTED = ["bad_signature", "wrong_serial", "missing_headers", "old_timestamp", "tampered_body"]


@pytest.mark.parametrize("kind", BROKEN + UNTRUSTED)
def test_an_answer_that_cannot_be_believed_is_unknown(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, kind: str
) -> None:
    number = order_no()
    sandbox.fault("wechat_pay.prepay", kind, after=True)
    with pytest.raises(Unknown):
        prepay(wechat_pay, sandbox, number)
    assert wechat_pay.query(number).state is TradeState.UNPAID, "it had happened"


@pytest.mark.parametrize("kind", BROKEN + UNTRUSTED)
def test_a_query_that_cannot_be_believed_is_no_fact(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, kind: str
) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    sandbox.fault("wechat_pay.query", kind)
    with pytest.raises(Unknown):
        wechat_pay.query(number)


@pytest.mark.parametrize(
    ("status", "code", "wanted"),
    [
        (403, "NO_AUTH", Refused),
        (400, "APPID_MCHID_NOT_MATCH", Refused),
        (404, "MCH_NOT_EXISTS", Refused),
        (500, "OPENID_MISMATCH", Refused),
        (429, "RATELIMIT_EXCEEDED", Busy),
        (403, "FREQUENCY_LIMITED", Busy),
        (401, "SIGN_ERROR", Busy),
        (500, "SYSTEM_ERROR", Unknown),
        (400, "SYSTEMERROR", Unknown),
        (500, "BANK_ERROR", Unknown),
        (202, "ACCEPTED", Unknown),
    ],
)
def test_every_refusal_is_one_of_three_words(
    sandbox: Sandbox,
    wechat_pay: WeChatPay,
    order_no: NewNo,
    status: int,
    code: str,
    wanted: type[PlatformError],
) -> None:
    sandbox.fault("wechat_pay.prepay", "refuse", status=status, code=code, message="不行")
    with pytest.raises(wanted) as refused:
        prepay(wechat_pay, sandbox, order_no())
    assert type(refused.value) is wanted


def test_an_unsigned_not_found_is_no_fact(
    pay_config: WeChatPayConfig, raw_host: Callable[..., RawHost]
) -> None:
    body = '{"code":"ORDER_NOT_EXIST","message":"订单不存在"}'.encode()
    host = raw_host(http_answer(body, status="404 Not Found", Content_Type="application/json"))
    with pytest.raises(Unknown):
        WeChatPay(replace(pay_config, base_url=host.url)).query("YM0000001")


def test_an_unknown_serial_makes_us_call_nobody(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo
) -> None:
    sandbox.fault("wechat_pay.prepay", "wrong_serial")
    with pytest.raises(Unknown):
        prepay(wechat_pay, sandbox, order_no())
    assert sandbox.calls("wechat_pay.certificates") == 0


def test_the_day_wechat_pay_is_down_is_busy(pay_config: WeChatPayConfig) -> None:
    with pytest.raises(Busy):
        WeChatPay(replace(pay_config, base_url="http://127.0.0.1:9")).query("YM0000001")


def test_a_merchant_key_that_is_not_ours_is_busy(pay_config: WeChatPayConfig) -> None:
    with pytest.raises(Busy) as refused:
        WeChatPay(replace(pay_config, private_key_pem=private_pem(key("stranger")))).query("YM0000001")
    assert refused.value.platform_code == "SIGN_ERROR"
