"""What may go wrong between us and Alipay: no broken answer becomes a fact."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from platforms.alipay import Alipay, AlipayConfig
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.facts import TradeState
from tests.platforms.conftest import RawHost, Sandbox, http_answer
from tests.platforms.keys import key, private_pem, public_pem
from tests.platforms.test_alipay import CREATE, QUERY, create, pay
from tests.platforms.test_wechat_pay import NewNo

BROKEN = ["http_500", "http_502", "html", "empty", "truncated", "bom", "not_utf8", "hang", "reset", "unknown"]
UNTRUSTED = ["bad_signature", "missing_signature", "tampered_body", "wrong_root"]


@pytest.mark.parametrize("kind", BROKEN + UNTRUSTED)
def test_an_answer_that_cannot_be_believed_is_unknown(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, kind: str
) -> None:
    number = order_no()
    sandbox.fault(CREATE, kind, after=True)
    with pytest.raises(Unknown):
        create(alipay, sandbox, number)
    assert alipay.query(number).state is TradeState.UNPAID, "it had happened"


@pytest.mark.parametrize("kind", BROKEN + UNTRUSTED)
def test_a_query_that_cannot_be_believed_is_no_fact(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, kind: str
) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    sandbox.fault(QUERY, kind)
    with pytest.raises(Unknown):
        alipay.query(number)


@pytest.mark.parametrize(
    ("code", "sub_code", "wanted"),
    [
        ("40004", "ACQ.ACCESS_FORBIDDEN", Refused),
        ("40006", "isv.insufficient-isv-permissions", Refused),
        ("40005", "aop.call-limited", Busy),
        ("40002", "isv.invalid-timestamp", Busy),
        ("40004", "ACQ.SYSTEM_ERROR", Unknown),
        ("40004", "aop.ACQ.SYSTEM_ERROR", Unknown),
        ("20000", "aop.unknow-error", Unknown),
        ("20000", "", Unknown),
        ("10003", "", Unknown),
        ("10000", "", Unknown),
        ("", "", Unknown),
        ("20001", "aop.invalid-auth-token", Refused),
        ("40004", "isp.unknow-error", Unknown),
    ],
)
def test_every_refusal_is_one_of_three_words(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, code: str, sub_code: str, wanted: type[PlatformError]
) -> None:
    sandbox.fault(CREATE, "refuse", code=code, sub_code=sub_code, sub_msg="不行")
    with pytest.raises(PlatformError) as refused:
        create(alipay, sandbox, order_no())
    assert type(refused.value) is wanted


def test_an_unsigned_refusal_of_the_trade_system_is_no_fact(
    alipay_config: AlipayConfig, raw_host: Callable[..., RawHost]
) -> None:
    body = {"alipay_trade_query_response": {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}}
    host = raw_host(http_answer(json.dumps(body).encode()))
    with pytest.raises(Unknown):
        Alipay(replace(alipay_config, gateway_url=f"{host.url}/gateway.do")).query("YM1")


def test_a_strangers_key_is_busy_since_only_our_setting_is_wrong(alipay_config: AlipayConfig) -> None:
    with pytest.raises(Busy) as refused:
        Alipay(replace(alipay_config, private_key_pem=private_pem(key("stranger")))).query("YM1")
    assert refused.value.platform_code == "isv.invalid-signature"


def test_an_answer_signed_by_a_stranger_is_unknown(alipay_config: AlipayConfig) -> None:
    with pytest.raises(Unknown):
        Alipay(replace(alipay_config, alipay_public_key_pem=public_pem(key("stranger")))).query("YM1")


def test_the_day_alipay_is_down_is_busy(alipay_config: AlipayConfig) -> None:
    with pytest.raises(Busy):
        Alipay(replace(alipay_config, gateway_url="http://127.0.0.1:9/gateway.do")).query("YM1")
