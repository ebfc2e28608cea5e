"""Alipay's notifies: only genuine, whole and unambiguous ones become facts."""

import base64
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote_plus

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.alipay import Alipay, AlipayConfig
from platforms.alipay_signing import Signer
from platforms.errors import BadSignature, Malformed
from platforms.facts import Callback, TradeFact, TradeState
from tests.platforms.conftest import PostBox, Sandbox
from tests.platforms.keys import key, private_pem, public_pem
from tests.platforms.test_alipay import give_back, pay
from tests.platforms.test_wechat_pay import NewNo

FORM = "application/x-www-form-urlencoded; charset=utf-8"
PAID = {
    "notify_id": "ac05099524730693a8b330c5ecf72da978",
    "notify_type": "trade_status_sync",
    "notify_time": "2025-06-01 09:00:05",
    "charset": "utf-8",
    "version": "1.0",
    "sign_type": "RSA2",
    "app_id": "2021000000000001",
    "seller_id": "2088000000000001",
    "buyer_open_id": "open-lin",
    "buyer_id": "2088000000000002",
    "out_trade_no": "YM1",
    "trade_no": "2025060122001",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "80.01",
    "receipt_amount": "79.01",
    "gmt_payment": "2025-06-01 09:00:00",
    "subject": "不动产登记费 A&B=C+D",
    "passback_params": "a%3D1%26b%3D2",
}


@lru_cache
def counter() -> Alipay:
    config = AlipayConfig(
        gateway_url="http://127.0.0.1:9/gateway.do",
        app_id="2021000000000001",
        private_key_pem=private_pem(key("app")),
        alipay_public_key_pem=public_pem(key("alipay")),
        aes_key="",
        seller_id="2088000000000001",
    )
    return Alipay(config)


@lru_cache
def signer(name: str) -> Signer:
    return Signer(private_pem(key(name)))


def signed(fields: dict[str, str], *, charset: str = "utf-8", by: str = "alipay") -> bytes:
    kept = sorted((k, v) for k, v in fields.items() if v and k not in {"sign", "sign_type"})
    content = "&".join(f"{k}={v}" for k, v in kept).encode(charset)
    return form({**fields, "sign": signer(by).sign(content)}, charset=charset)


def form(fields: dict[str, str], *, charset: str = "utf-8") -> bytes:
    return "&".join(f"{k}={quote_plus(v, encoding=charset)}" for k, v in fields.items()).encode()


def opened(**changes: str) -> TradeFact:
    fact = counter().open_notify(signed({**PAID, **changes}), FORM).fact
    assert isinstance(fact, TradeFact)
    return fact


def received(post_box: PostBox, alipay: Alipay) -> Callback:
    letter = post_box.take()
    return alipay.open_notify(letter.body, letter.headers.get("Content-Type", ""))


def test_a_payment_is_told_by_the_sandbox(
    sandbox: Sandbox, alipay: Alipay, alipay_config: AlipayConfig, order_no: NewNo, post_box: PostBox
) -> None:
    number = order_no()
    pay(alipay, sandbox, number, notify_url=post_box.url)
    callback = received(post_box, alipay)
    fact, asked = callback.fact, alipay.query(number)
    assert isinstance(fact, TradeFact)
    assert (fact.state, fact.amount_fen, fact.payer) == (TradeState.PAID, 8001, asked.payer)
    assert (fact.paid_at, fact.transaction_id) == (asked.paid_at, asked.transaction_id)
    assert (fact.app_id, fact.merchant_id) == (alipay_config.app_id, alipay_config.seller_id)


def test_refunds_are_told_as_a_trade_that_is_still_paid_until_all_is_given_back(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, post_box: PostBox
) -> None:
    number = order_no()
    pay(alipay, sandbox, number, notify_url=post_box.url)
    first = received(post_box, alipay)
    give_back(alipay, number, "R1")
    part = received(post_box, alipay)
    give_back(alipay, number, "R2", 5001)
    whole = received(post_box, alipay)
    states = [callback.fact.state for callback in (first, part, whole)]
    assert states == [TradeState.PAID, TradeState.PAID, TradeState.REFUNDED]
    assert len({first.event_id, part.event_id, whole.event_id}) == 3


@pytest.mark.parametrize("kind", ["forged_signature", "tampered_body", "missing_signature", "sha1"])
def test_the_sandboxs_forgeries_are_refused(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, post_box: PostBox, kind: str
) -> None:
    sandbox.fault("alipay.notify", kind, only=True)
    pay(alipay, sandbox, order_no(), notify_url=post_box.url)
    with pytest.raises(BadSignature):
        received(post_box, alipay)


def test_a_second_amount_before_the_signed_one_is_refused(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, post_box: PostBox
) -> None:
    sandbox.fault("alipay.notify", "duplicate_keys", only=True)
    pay(alipay, sandbox, order_no(), notify_url=post_box.url)
    with pytest.raises(Malformed, match="twice"):
        received(post_box, alipay)


@pytest.mark.parametrize("kind", ["gbk", "finished"])
def test_other_dresses_of_the_same_event_are_read(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, post_box: PostBox, kind: str
) -> None:
    sandbox.fault("alipay.notify", kind)
    pay(alipay, sandbox, order_no(), notify_url=post_box.url)
    assert received(post_box, alipay).fact.state is TradeState.PAID


def test_a_fact_takes_the_orders_total_and_shanghai_time() -> None:
    fact = opened()
    assert (fact.state, fact.amount_fen, fact.payer) == (TradeState.PAID, 8001, "open-lin")
    assert fact.paid_at == datetime(2025, 6, 1, 1, 0, tzinfo=UTC)


def test_a_gbk_notify_is_checked_over_its_own_bytes() -> None:
    body = signed({**PAID, "charset": "GBK"}, charset="gbk")
    assert counter().open_notify(body, "application/x-www-form-urlencoded;charset=GBK").event_id
    assert counter().open_notify(body, "application/x-www-form-urlencoded; text/html; charset=utf-8").event_id


def test_the_charset_of_the_content_type_serves_where_the_body_names_none() -> None:
    fields = {name: value for name, value in PAID.items() if name != "charset"}
    body = signed(fields, charset="gbk")
    assert counter().open_notify(body, "application/x-www-form-urlencoded; charset=GBK").event_id
    with pytest.raises(Malformed):
        counter().open_notify(body, "")


def test_the_signature_leaves_out_sign_type_as_payments_do_and_gateways_do_not() -> None:
    kept = sorted((k, v) for k, v in PAID.items())
    content = "&".join(f"{k}={v}" for k, v in kept).encode()
    body = form({**PAID, "sign": signer("alipay").sign(content)})
    with pytest.raises(BadSignature):
        counter().open_notify(body, FORM)


@pytest.mark.parametrize("sign_type", ["RSA", "", "rsa2", "MD5"])
def test_only_rsa2_is_accepted(sign_type: str) -> None:
    with pytest.raises(BadSignature):
        counter().open_notify(signed({**PAID, "sign_type": sign_type}), FORM)


def test_a_sha1_signature_under_the_name_of_rsa2_is_refused() -> None:
    kept = sorted((k, v) for k, v in PAID.items() if k != "sign_type")
    content = "&".join(f"{k}={v}" for k, v in kept).encode()
    sign = base64.b64encode(key("alipay").sign(content, PKCS1v15(), hashes.SHA1())).decode()
    with pytest.raises(BadSignature):
        counter().open_notify(form({**PAID, "sign": sign}), FORM)


def test_a_notify_of_a_stranger_is_refused() -> None:
    with pytest.raises(BadSignature):
        counter().open_notify(signed(PAID, by="stranger"), FORM)


@pytest.mark.parametrize(
    ("status", "more", "state"),
    [
        ("TRADE_SUCCESS", {}, TradeState.PAID),
        ("TRADE_FINISHED", {}, TradeState.PAID),
        ("WAIT_BUYER_PAY", {"gmt_payment": ""}, TradeState.UNPAID),
        ("TRADE_CLOSED", {"gmt_payment": ""}, TradeState.CLOSED),
        ("TRADE_CLOSED", {"gmt_refund": "2025-06-01 10:00:00.000"}, TradeState.REFUNDED),
        ("TRADE_SUCCESS", {"refund_fee": "1.00", "gmt_refund": "2025-06-01 10:00:00.000"}, TradeState.PAID),
    ],
)
def test_every_status_has_its_meaning(status: str, more: dict[str, str], state: TradeState) -> None:
    assert opened(trade_status=status, **more).state is state


@pytest.mark.parametrize(
    "change",
    [
        {"trade_status": "TRADE_PENDING"},
        {"trade_status": ""},
        {"total_amount": ""},
        {"total_amount": "80.001"},
        {"total_amount": "8e1"},
        {"total_amount": "-80.01"},
        {"total_amount": "８０.０１"},
        {"total_amount": "NaN"},
        {"gmt_payment": ""},
        {"gmt_payment": "yesterday"},
        {"gmt_payment": "0001-01-01 00:00:00"},
        {"out_trade_no": ""},
        {"trade_no": ""},
        {"notify_id": ""},
        {"notify_type": "servicewindow_event"},
        {"charset": "utf-7"},
    ],
)
def test_a_genuine_notify_without_proof_in_every_field_is_malformed(change: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        opened(**change)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&",
        b"a",
        b"=1",
        b"a=1&a=2",
        b"a=1&%61=2",
        b"a=1&&b=2",
        b"&".join(b"k%d=1" % n for n in range(300)),
    ],
)
def test_a_form_out_of_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        counter().open_notify(body, FORM)


def test_a_body_over_64_kib_is_refused_before_anything_else() -> None:
    with pytest.raises(Malformed):
        counter().open_notify(b"a=" + b"1" * 65_536, FORM)


@given(
    st.binary()
    | st.text().map(lambda text: f"sign_type=RSA2&sign={quote_plus(text, errors='replace')}".encode()),
    st.text(),
)
@settings(deadline=None, max_examples=300)
def test_whatever_a_stranger_sends_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises((BadSignature, Malformed)):
        counter().open_notify(body, content_type)


@given(
    st.dictionaries(
        st.sampled_from([*PAID, "gmt_refund", "send_pay_date"]), st.text(st.characters(codec="utf-8"))
    )
)
@settings(deadline=None, max_examples=200)
def test_any_values_under_a_genuine_signature_are_a_fact_or_malformed(fields: dict[str, str]) -> None:
    try:
        fact = opened(**{**fields, "sign_type": "RSA2"})
    except (Malformed, BadSignature):
        return
    assert isinstance(fact.amount_fen, int | None)
