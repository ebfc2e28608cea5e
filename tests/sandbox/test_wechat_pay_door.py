"""Who may speak to WeChat Pay, and how its answers prove themselves."""

import time

import pytest
import requests
from cryptography.exceptions import InvalidSignature

from .conftest import StandIn
from .wechat_pay_merchant import PAY, Merchant

PATH = f"{PAY}/out-trade-no/YM202501010001?mchid=1900000001"


@pytest.fixture
def merchant(stand_in: StandIn) -> Merchant:
    return Merchant(stand_in)


def refused(merchant: Merchant, **other: str) -> tuple[int, str, str]:
    answer = merchant.ask("GET", PATH, Authorization=merchant.authorization("GET", PATH, "", **other))
    return answer.status, answer.body["code"], answer.body["message"]


def test_a_signed_answer_verifies_also_when_it_is_a_refusal(merchant: Merchant) -> None:
    answer = merchant.ask("GET", PATH)

    assert (answer.status, answer.body["code"]) == (404, "ORDER_NOT_EXIST")
    assert answer.headers["Request-ID"]


def test_an_empty_answer_is_signed_too(merchant: Merchant) -> None:
    merchant.prepay()

    assert merchant.close("YM202501010001").status == 204


def test_a_wrong_signature_is_explained(merchant: Merchant) -> None:
    wrong = merchant.authorization("GET", PATH, "another body")
    answer = merchant.ask("GET", PATH, Authorization=wrong)

    assert (answer.status, answer.body["code"]) == (401, "SIGN_ERROR")
    detail = answer.body["detail"]
    assert (detail["issue"], detail["location"]) == ("sign not match", "authorization")
    assert detail["sign_information"]["url"] == PATH


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("mchid", "1900000002", "商户号"),
        ("serial_no", "00AA", "商户证书序列号有误。"),
        ("timestamp", "yesterday", "格式错误"),
        ("nonce_str", "", "格式错误"),
    ],
)
def test_each_part_of_the_authorization_counts(merchant: Merchant, part: str, value: str, says: str) -> None:
    status, code, message = refused(merchant, **{part: value})

    assert (status, code) == (401, "SIGN_ERROR")
    assert says in message


@pytest.mark.parametrize("minutes", [-15, 15])
def test_a_signature_of_another_quarter_of_an_hour_is_refused(merchant: Merchant, minutes: int) -> None:
    status, code, message = refused(merchant, timestamp=str(int(time.time()) + minutes * 60))

    assert (status, code) == (401, "SIGN_ERROR")
    assert "timestamp" in message


def test_no_authorization_at_all_is_refused(merchant: Merchant) -> None:
    answer = merchant.ask("GET", PATH, Authorization="")

    assert answer.status == 401
    assert "格式错误" in answer.body["message"]


def test_a_nonce_works_once(merchant: Merchant) -> None:
    same = merchant.authorization("GET", PATH, "")

    assert merchant.ask("GET", PATH, Authorization=same).status == 404
    assert merchant.ask("GET", PATH, Authorization=same).status == 401


def test_accept_must_allow_json_and_post_must_send_it(merchant: Merchant) -> None:
    assert merchant.ask("GET", PATH, Accept="text/html").status == 400
    assert merchant.ask("POST", f"{PAY}/jsapi", {}, **{"Content-Type": "text/plain"}).status == 415


def test_a_public_key_merchant_has_no_certificates(merchant: Merchant) -> None:
    answer = merchant.ask("GET", "/v3/certificates")

    assert (answer.status, answer.body["code"]) == (404, "RESOURCE_NOT_EXISTS")


@pytest.mark.parametrize("kind", ["bad_signature", "tampered_body", "old_timestamp"])
def test_a_spoiled_answer_does_not_verify_or_is_old(merchant: Merchant, kind: str) -> None:
    merchant.stand_in.fault("wechat_pay.query", kind)
    answer = merchant.send("GET", PATH)

    if kind == "old_timestamp":
        merchant.check(dict(answer.headers), answer.content)
        assert int(answer.headers["Wechatpay-Timestamp"]) < time.time() - 300
    else:
        with pytest.raises(InvalidSignature):
            merchant.check(dict(answer.headers), answer.content)


def test_a_spoiled_answer_can_name_another_key_or_none(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.query", "wrong_serial")
    merchant.stand_in.fault("wechat_pay.query", "missing_headers")
    first, second = merchant.send("GET", PATH), merchant.send("GET", PATH)

    assert first.headers["Wechatpay-Serial"] != merchant.env["WECHAT_PAY_PUBLIC_KEY_ID"]
    assert "Wechatpay-Signature" not in second.headers


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("rate_limited", 429, "FREQUENCY_LIMITED"), ("system_error", 500, "SYSTEM_ERROR")],
)
def test_planned_refusals_come_signed_and_end(merchant: Merchant, kind: str, status: int, code: str) -> None:
    merchant.stand_in.fault("wechat_pay.prepay", kind)
    answer = merchant.prepay()

    assert (answer.status, answer.body["code"]) == (status, code)
    assert merchant.query("YM202501010001").status == 404
    assert merchant.prepay().status == 200


def test_any_refusal_of_the_table_can_be_planned(merchant: Merchant) -> None:
    merchant.stand_in.fault(
        "wechat_pay.prepay", "refuse", status=403, code="RULE_LIMIT", message="业务规则限制"
    )

    assert merchant.prepay().body == {"code": "RULE_LIMIT", "message": "业务规则限制"}


def test_an_error_after_the_work_leaves_the_work_done(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.prepay", "system_error", after=True)

    assert merchant.prepay().status == 500
    assert merchant.query("YM202501010001").body["trade_state"] == "NOTPAY"


def test_a_line_that_hangs_after_the_work_leaves_the_work_done(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.prepay", "hang", after=True, seconds=0.2)
    merchant.stand_in.fault("wechat_pay.query", "truncated")

    with pytest.raises(requests.ConnectionError):
        merchant.prepay()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        merchant.query("YM202501010001")
    assert merchant.query("YM202501010001").body["trade_state"] == "NOTPAY"


def test_a_skewed_platform_calls_a_right_clock_wrong(merchant: Merchant) -> None:
    merchant.stand_in.sim("/clock", skew_s=600)

    assert merchant.ask("GET", PATH).status == 401
