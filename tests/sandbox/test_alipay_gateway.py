"""Who may speak to the gateway, and how its answers prove themselves."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .alipay_merchant import CREATE, QUERY, Merchant, split
from .conftest import StandIn

ASKED = {"out_trade_no": "YM202501010001"}


@pytest.fixture
def merchant(stand_in: StandIn) -> Merchant:
    return Merchant(stand_in)


def turned_away(answer: requests.Response) -> tuple[str, str]:
    """Read an unsigned refusal of the gateway."""
    read = answer.json()
    assert set(read) == {"error_response"}, "unsigned, and under no method's name"
    return read["error_response"]["code"], read["error_response"]["sub_code"]


def test_an_answer_is_signed_over_its_exact_bytes(merchant: Merchant) -> None:
    answer = merchant.send(merchant.params(QUERY, ASKED))
    inner, signature = split(answer.content)

    merchant.check(inner, signature)
    assert answer.headers["Content-Type"] == "text/html;charset=utf-8"
    assert json.loads(inner)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    with pytest.raises(InvalidSignature):
        merchant.check(json.dumps(json.loads(inner)).encode(), signature)


def test_slashes_are_escaped(merchant: Merchant) -> None:
    merchant.stand_in.fault(QUERY, "refuse", sub_msg="见 https://example.org/a")
    answer = merchant.send(merchant.params(QUERY, ASKED))

    assert rb"https:\/\/example.org\/a" in answer.content
    merchant.check(*split(answer.content))


def test_everything_may_stand_in_the_query_of_a_get(merchant: Merchant) -> None:
    answer = merchant.stand_in.call("GET", "/gateway.do", params=merchant.params(QUERY, ASKED))

    merchant.check(*split(answer.content))


@pytest.mark.parametrize(
    ("change", "sub_code"),
    [
        ({"app_id": "2021000000000999"}, "isv.invalid-app-id"),
        ({"method": ""}, "isv.missing-method"),
        ({"sign": ""}, "isv.missing-signature"),
        ({"sign": "AAAA"}, "isv.invalid-signature"),
        ({"biz_content": "{}"}, "isv.invalid-signature"),
        ({"sign_type": "RSA"}, "isv.invalid-signature-type"),
        ({"charset": "latin-1"}, "isv.invalid-charset"),
        ({"version": "2.0"}, "isv.invalid-version"),
    ],
)
def test_what_is_not_proven_is_turned_away_unsigned(
    merchant: Merchant, change: dict[str, str], sub_code: str
) -> None:
    answer = merchant.send(merchant.params(QUERY, ASKED) | change)

    assert turned_away(answer)[1] == sub_code


@pytest.mark.parametrize("hours", [0, 8.25, 7.75, 16])
def test_the_timestamp_is_beijing_time(merchant: Merchant, hours: float) -> None:
    moment = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
    answer = merchant.send(merchant.params(QUERY, ASKED, timestamp=moment))

    assert turned_away(answer) == ("40002", "isv.invalid-timestamp")


def test_a_parameter_that_comes_twice_is_turned_away(merchant: Merchant) -> None:
    query = requests.models.PreparedRequest()
    query.prepare_url(f"{merchant.stand_in.url}/gateway.do", merchant.params(QUERY, ASKED))
    answer = requests.get(f"{query.url}&method=alipay.trade.close", timeout=10)

    assert turned_away(answer)[1] == "isv.invalid-parameter"


def test_an_unknown_method_is_refused_with_a_signature(merchant: Merchant) -> None:
    assert merchant.ask("alipay.no.such.method", {})["sub_code"] == "isv.invalid-method"


def test_gbk_goes_both_ways(merchant: Merchant) -> None:
    created = merchant.ask(CREATE, merchant.trade(subject="水费"), charset="gbk")
    (waiting,) = merchant.stand_in.seen("/people/lin/orders")["items"]

    assert created["code"] == "10000"
    assert waiting["description"] == "水费"


def test_content_may_be_encrypted(merchant: Merchant) -> None:
    key = base64.b64decode(merchant.env["ALIPAY_AES_KEY"])
    box = Cipher(algorithms.AES(key), modes.CBC(bytes(16)))
    padder, sealer = padding.PKCS7(128).padder(), box.encryptor()
    plain = padder.update(json.dumps(ASKED).encode()) + padder.finalize()
    sealed = base64.b64encode(sealer.update(plain) + sealer.finalize()).decode()
    answer = merchant.send(merchant.params(QUERY, biz_content=sealed, encrypt_type="AES"))
    inner, signature = split(answer.content)
    merchant.check(inner, signature)
    opener, unpadder = box.decryptor(), padding.PKCS7(128).unpadder()
    opened = unpadder.update(opener.update(base64.b64decode(inner.strip(b'"')))) + unpadder.finalize()

    assert json.loads(opened)["sub_code"] == "ACQ.TRADE_NOT_EXIST"


def test_content_sealed_with_another_key_is_turned_away(merchant: Merchant) -> None:
    answer = merchant.send(merchant.params(QUERY, biz_content="AAAA", encrypt_type="AES"))

    assert answer.json()["error_response"]["sub_code"] == "isv.decryption-error"


@pytest.mark.parametrize("kind", ["bad_signature", "tampered_body"])
def test_a_spoiled_answer_does_not_verify(merchant: Merchant, kind: str) -> None:
    merchant.stand_in.fault(QUERY, kind)
    answer = merchant.send(merchant.params(QUERY, ASKED))

    with pytest.raises(InvalidSignature):
        merchant.check(*split(answer.content))


def test_an_answer_may_lack_its_signature_or_its_name(merchant: Merchant) -> None:
    merchant.stand_in.fault(QUERY, "missing_signature")
    merchant.stand_in.fault(QUERY, "wrong_root")
    first, second = (merchant.send(merchant.params(QUERY, ASKED)).json() for _ in range(2))

    assert set(first) == {"alipay_trade_query_response"}
    assert set(second) == {"alipay_other_method_response", "sign"}


@pytest.mark.parametrize(("after", "status"), [(False, "ACQ.TRADE_NOT_EXIST"), (True, "WAIT_BUYER_PAY")])
def test_20000_says_nothing_about_what_was_done(merchant: Merchant, *, after: bool, status: str) -> None:
    merchant.stand_in.fault(CREATE, "unknown", after=after)
    answer: dict[str, Any] = merchant.create()

    assert (answer["code"], answer["sub_code"]) == ("20000", "isp.unknow-error")
    assert merchant.status() == status


def test_a_limit_is_reached_and_passes(merchant: Merchant) -> None:
    merchant.stand_in.fault(CREATE, "rate_limited")

    assert merchant.create()["code"] == "40005"
    assert merchant.create()["code"] == "10000"


def test_a_hung_line_loses_the_answer_but_not_the_work(merchant: Merchant) -> None:
    merchant.stand_in.fault(CREATE, "hang", after=True, seconds=0.2)

    with pytest.raises(requests.ConnectionError):
        merchant.create()
    assert merchant.status() == "WAIT_BUYER_PAY"


def test_the_log_names_the_method(merchant: Merchant) -> None:
    merchant.status()
    (entry,) = merchant.stand_in.seen(f"/log?op={QUERY}")["items"]

    assert entry["verdict"] == "refused: ACQ.TRADE_NOT_EXIST"
