"""Who uses the mini-program: login, phone number, subscribed messages."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .alipay_merchant import SEND, TOKEN, Merchant
from .conftest import StandIn

FIELDS = {
    "thing1": "居住证申领",
    "phrase2": "已受理",
    "time3": "2025-06-01 10:00",
    "thing4": "请留意后续通知",
}


@pytest.fixture
def merchant(stand_in: StandIn) -> Merchant:
    return Merchant(stand_in)


def code_of(merchant: Merchant) -> str:
    return str(merchant.stand_in.sim("/people/lin/alipay/login")["auth_code"])


def login(merchant: Merchant, code: str, grant: str = "authorization_code") -> dict[str, Any]:
    return merchant.ask(TOKEN, code=code, grant_type=grant)


def send(merchant: Merchant, **other: Any) -> dict[str, Any]:
    template = json.loads(merchant.env["ALIPAY_TEMPLATES"])["case_progress"]
    message = {
        "to_open_id": merchant.stand_in.person()["alipay_open_id"],
        "user_template_id": template,
        "page": "pages/cases/detail",
        "data": json.dumps({name: {"value": value} for name, value in FIELDS.items()}, ensure_ascii=False),
    }
    return merchant.ask(SEND, message | other)


def subscribe(merchant: Merchant, result: str = "accept") -> Any:
    template = json.loads(merchant.env["ALIPAY_TEMPLATES"])["case_progress"]
    return merchant.stand_in.sim("/people/lin/alipay/subscribe", template_id=template, result=result)


def test_an_auth_code_says_who_it_is_once(merchant: Merchant) -> None:
    code, person = code_of(merchant), merchant.stand_in.person()
    first, second = login(merchant, code), login(merchant, code)

    assert (first["open_id"], first["user_id"]) == (person["alipay_open_id"], person["alipay_user_id"])
    assert "code" not in first
    assert second["sub_code"] == "isv.code-invalid"


def test_an_auth_code_dies(merchant: Merchant) -> None:
    code = code_of(merchant)
    merchant.stand_in.sim("/clock", advance_s=181)

    assert login(merchant, code)["sub_code"] == "isv.code-invalid"
    assert login(merchant, "x", "password")["sub_code"] == "isv.grant-type-invalid"


def test_a_refresh_token_works_once(merchant: Merchant) -> None:
    token = login(merchant, code_of(merchant))["refresh_token"]
    first = merchant.ask(TOKEN, refresh_token=token, grant_type="refresh_token")
    second = merchant.ask(TOKEN, refresh_token=token, grant_type="refresh_token")

    assert first["open_id"] == merchant.stand_in.person()["alipay_open_id"]
    assert second["sub_code"] == "isv.refresh-token-invalid"


def test_a_burnt_code_stays_burnt_when_the_answer_is_lost(merchant: Merchant) -> None:
    code = code_of(merchant)
    merchant.stand_in.fault(TOKEN, "unknown", after=True)

    assert login(merchant, code)["code"] == "20000"
    assert login(merchant, code)["sub_code"] == "isv.code-invalid"


def test_the_phone_number_comes_sealed_and_signed_with_its_quotes(merchant: Merchant) -> None:
    envelope = merchant.stand_in.sim("/people/lin/alipay/phone")
    sealed = envelope["response"]
    merchant.check(f'"{sealed}"'.encode(), envelope["sign"])
    key = base64.b64decode(merchant.env["ALIPAY_AES_KEY"])
    opener = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    plain = unpadder.update(opener.update(base64.b64decode(sealed))) + unpadder.finalize()

    assert json.loads(plain)["mobile"] == merchant.stand_in.person()["phone"]


def test_a_refused_phone_number_comes_plain_and_signed(merchant: Merchant) -> None:
    envelope = merchant.stand_in.call("POST", "/_sim/people/lin/alipay/phone?press=cancel").json()
    merchant.check(envelope["response"].encode(), envelope["sign"])

    assert json.loads(envelope["response"])["subCode"] == "isv.user-cancel"


def test_one_consent_is_one_message(merchant: Merchant) -> None:
    assert subscribe(merchant)["behavior"] == "subscribe"
    first, second = send(merchant), send(merchant)
    (message,) = merchant.stand_in.seen("/people/lin/messages")["items"]

    assert (first["code"], second["sub_code"]) == ("10000", "USER_UNSUBSCRIBED")
    assert (message["channel"], message["page"]) == ("alipay_template", "pages/cases/detail")
    assert "状态：已受理" in message["text"]


def test_a_refused_prompt_allows_nothing(merchant: Merchant) -> None:
    subscribe(merchant, "reject")

    assert send(merchant)["sub_code"] == "USER_UNSUBSCRIBED"


@pytest.mark.parametrize(
    "other",
    [
        {"to_open_id": "nobody"},
        {"user_template_id": "unknown"},
        {"page": ""},
        {"page": "x" * 129},
        {"data": "no json"},
        {"data": json.dumps({"thing1": {"value": "x"}})},
        {"data": json.dumps({name: {"value": ""} for name in FIELDS})},
        {"data": json.dumps({name: {"value": "长" * 600} for name in FIELDS}, ensure_ascii=False)},
    ],
)
def test_a_bad_message_is_refused_and_costs_no_consent(merchant: Merchant, other: dict[str, Any]) -> None:
    subscribe(merchant)

    assert send(merchant, **other)["code"] == "40004"
    assert send(merchant)["code"] == "10000"
