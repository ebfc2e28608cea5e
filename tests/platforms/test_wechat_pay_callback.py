"""Callbacks of WeChat Pay: only genuine, fresh and whole ones become facts."""

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.errors import BadSignature, Malformed
from platforms.facts import Callback, RefundFact, RefundState, TradeFact, TradeState
from platforms.wechat_pay import WeChatPay, WeChatPayConfig
from tests.platforms.conftest import Letter, PostBox, Sandbox
from tests.platforms.go_library_vector import BODY, HEADERS, MOMENT, PUBLIC_KEY, SERIAL
from tests.platforms.keys import key, private_pem, public_pem
from tests.platforms.test_wechat_pay import NewNo, give_back, pay

APIV3_KEY = "k" * 32
TRADE = {
    "appid": "wx1",
    "mchid": "1900000001",
    "out_trade_no": "YM0000001",
    "transaction_id": "4200001",
    "trade_state": "SUCCESS",
    "success_time": "2025-06-01T09:00:00+08:00",
    "payer": {"openid": "oABCDEF"},
    "amount": {"total": 8000, "payer_total": 7900, "currency": "CNY", "payer_currency": "CNY"},
}


@lru_cache
def counter() -> WeChatPay:
    return WeChatPay(
        WeChatPayConfig(
            base_url="http://127.0.0.1:9",
            mchid="1900000001",
            appid="wx1",
            serial="ABC",
            private_key_pem=private_pem(key("merchant")),
            apiv3_key=APIV3_KEY,
            public_key_pem=public_pem(key("platform")),
            public_key_id="PUB_KEY_ID_1",
        )
    )


def envelope(plain: Any, *, kind: str = "transaction", event: str = "TRANSACTION.SUCCESS") -> dict[str, Any]:
    content = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    sealed = AESGCM(APIV3_KEY.encode()).encrypt(b"123456789012", content, kind.encode())
    resource = {
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(sealed).decode(),
        "associated_data": kind,
        "nonce": "123456789012",
    }
    return {"id": "EV1", "event_type": event, "resource_type": "encrypt-resource", "resource": resource}


def signed(
    body: bytes, *, age: int = 0, by: str = "platform", changes: dict[str, str] | None = None
) -> dict[str, str]:
    moment, nonce = str(int(time.time()) - age), "a-nonce-of-some-length"
    message = f"{moment}\n{nonce}\n".encode() + body + b"\n"
    signature = base64.b64encode(key(by).sign(message, PKCS1v15(), hashes.SHA256())).decode()
    headers = {
        "Wechatpay-Serial": "PUB_KEY_ID_1",
        "Wechatpay-Timestamp": moment,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signature,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }
    return {**headers, **(changes or {})}


def opened(content: Any) -> Callback:
    body = json.dumps(content).encode()
    return counter().open_callback(signed(body), body)


def received(post_box: PostBox, wechat_pay: WeChatPay) -> Callback:
    letter: Letter = post_box.take()
    return wechat_pay.open_callback(letter.headers, letter.body)


def test_a_payment_is_told_by_the_sandbox(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, post_box: PostBox
) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number, notify_url=post_box.url)
    callback = received(post_box, wechat_pay)
    assert callback.kind == "trade"
    assert callback.fact == wechat_pay.query(number)


def test_a_refund_is_told_by_the_sandbox(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, post_box: PostBox
) -> None:
    number = order_no()
    pay(wechat_pay, sandbox, number)
    give_back(wechat_pay, number, f"{number}R1", notify_url=post_box.url)
    sandbox.post("/clock", advance_s=10)
    callback = received(post_box, wechat_pay)
    assert (callback.kind, type(callback.fact)) == ("refund", RefundFact)
    assert (callback.fact.state, callback.fact.amount_fen) == (RefundState.SUCCEEDED, 3000)


FORGERIES = ["forged_signature", "signtest", "unknown_serial", "tampered_body", "missing_headers"]


@pytest.mark.parametrize("kind", FORGERIES)
def test_the_sandboxs_forgeries_are_refused(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, post_box: PostBox, kind: str
) -> None:
    sandbox.fault("wechat_pay.callback", kind, only=True)
    pay(wechat_pay, sandbox, order_no(), notify_url=post_box.url)
    with pytest.raises(BadSignature):
        received(post_box, wechat_pay)


def test_a_replay_of_a_genuine_callback_is_refused(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, post_box: PostBox
) -> None:
    sandbox.fault("wechat_pay.callback", "replay")
    pay(wechat_pay, sandbox, order_no(), notify_url=post_box.url)
    assert received(post_box, wechat_pay).kind == "trade"
    with pytest.raises(BadSignature, match="too old"):
        received(post_box, wechat_pay)


@pytest.mark.parametrize("kind", ["wrong_aad", "tampered_ciphertext"])
def test_a_genuine_letter_that_does_not_open_is_malformed(
    sandbox: Sandbox, wechat_pay: WeChatPay, order_no: NewNo, post_box: PostBox, kind: str
) -> None:
    sandbox.fault("wechat_pay.callback", kind, only=True)
    pay(wechat_pay, sandbox, order_no(), notify_url=post_box.url)
    with pytest.raises(Malformed):
        received(post_box, wechat_pay)


def test_a_fact_takes_the_orders_total_not_what_was_paid_after_discounts() -> None:
    fact = opened(envelope(TRADE)).fact
    assert isinstance(fact, TradeFact)
    assert (fact.state, fact.amount_fen) == (TradeState.PAID, 8000)
    assert fact.paid_at == datetime(2025, 6, 1, 1, 0, tzinfo=UTC)


def test_an_empty_associated_data_is_allowed() -> None:
    content = envelope(TRADE)
    sealed = AESGCM(APIV3_KEY.encode()).encrypt(b"123456789012", json.dumps(TRADE).encode(), b"")
    content["resource"] |= {"associated_data": "", "ciphertext": base64.b64encode(sealed).decode()}
    assert opened(content).event_id == "EV1"


@pytest.mark.parametrize("age", [301, -301, 86_400])
def test_a_callback_of_another_time_is_refused_though_well_signed(age: int) -> None:
    body = json.dumps(envelope(TRADE)).encode()
    with pytest.raises(BadSignature):
        counter().open_callback(signed(body, age=age), body)


@pytest.mark.parametrize(
    "changes",
    [
        {"Wechatpay-Serial": "7132D72A03E93CDDF8C03BBD1F37EEDF"},
        {"Wechatpay-Serial": ""},
        {"Wechatpay-Serial": "not-hex"},
        {"Wechatpay-Signature-Type": ""},
        {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"},
        {"Wechatpay-Timestamp": "now"},
        {"Wechatpay-Timestamp": "9" * 40},
        {"Wechatpay-Nonce": ""},
        {"Wechatpay-Signature": "!"},
        {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + "A" * 325},
    ],
)
def test_odd_headers_are_refused(changes: dict[str, str]) -> None:
    body = json.dumps(envelope(TRADE)).encode()
    with pytest.raises(BadSignature):
        counter().open_callback(signed(body, changes=changes), body)


def test_header_names_may_come_in_any_case() -> None:
    body = json.dumps(envelope(TRADE)).encode()
    headers = {name.lower(): value for name, value in signed(body).items()}
    assert counter().open_callback(headers, body).event_id == "EV1"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"total": 80.0, "currency": "CNY"}},
        {"amount": {"total": "8000"}},
        {"amount": {"total": True}},
        {"amount": {"total": -1}},
        {"amount": []},
        {"amount": {}},
        {"transaction_id": None},
        {"success_time": "yesterday"},
        {"success_time": "2025-06-01T09:00:00"},
        {"success_time": "0001-01-01T00:00:00+08:00"},
        {"trade_state": "SOMETHING"},
        {"out_trade_no": 7},
        {"payer": "oABCDEF"},
    ],
)
def test_a_payment_without_proof_in_every_field_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        opened(envelope({**TRADE, **change}))


@pytest.mark.parametrize(
    "plain",
    [b"", b"[]", b"{", b"\xff", b"[" * 3000, b'{"out_trade_no":"1","out_trade_no":"2"}', b'{"a":NaN}'],
)
def test_a_genuine_envelope_with_rubbish_inside_is_malformed(plain: bytes) -> None:
    with pytest.raises(Malformed):
        opened(envelope(plain))


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"event_type": "PAYSCORE.USER_OPEN_SERVICE"},
        {"event_type": "REFUND.SUCCESS"},
        {"resource": None},
        {"resource": {}},
        {"resource": {**envelope(TRADE)["resource"], "nonce": "short"}},
        {"resource": {**envelope(TRADE)["resource"], "nonce": "\ud800"}},
        {"resource": {**envelope(TRADE)["resource"], "ciphertext": "%%%"}},
        {"resource": {**envelope(TRADE)["resource"], "ciphertext": "AAAA"}},
        {"resource": {**envelope(TRADE)["resource"], "algorithm": "AES"}},
    ],
)
def test_a_genuine_but_broken_envelope_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        opened({**envelope(TRADE), **change})


def test_a_body_over_64_kib_is_refused_before_anything_else() -> None:
    with pytest.raises(Malformed):
        counter().open_callback({}, b" " * 65_537)


def test_the_sample_of_the_official_go_library_is_genuine() -> None:
    config = replace(counter()._config, public_key_pem=PUBLIC_KEY, public_key_id=SERIAL)
    at_that_time = WeChatPay(config, clock=lambda: datetime.fromtimestamp(MOMENT, UTC))
    with pytest.raises(Malformed, match="event_type"):  # genuine, and about a service we do not use
        at_that_time.open_callback(HEADERS, BODY.encode())
    with pytest.raises(BadSignature, match="wrong signature"):
        at_that_time.open_callback(HEADERS, BODY.replace("签约", "解约").encode())


@given(st.dictionaries(st.sampled_from([*HEADERS, "x"]), st.text(max_size=40)), st.binary())
@settings(deadline=None, max_examples=300)
def test_whatever_a_stranger_sends_is_refused(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises((BadSignature, Malformed)):
        counter().open_callback(headers, body)


@given(st.binary() | st.text().map(str.encode))
@settings(deadline=None, max_examples=200)
def test_whatever_is_signed_but_no_envelope_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        counter().open_callback(signed(body), body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*TRADE, "total"]), JSON))
@settings(deadline=None, max_examples=200)
def test_any_values_in_a_payment_are_a_fact_or_malformed(fields: dict[str, Any]) -> None:
    try:
        callback = opened(envelope({**TRADE, **fields}))
    except Malformed:
        return
    assert isinstance(callback.fact.amount_fen, int | None)
