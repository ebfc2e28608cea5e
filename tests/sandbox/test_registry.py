"""The stand-in of the registry: who may ask, and that a signature is good once."""

import hashlib
import hmac
import time
from urllib.parse import quote

import pytest
import requests

from .conftest import StandIn

PATH = f"/registry/names?name={quote('示例市榕树下茶馆有限公司')}"


def signed(stand_in: StandIn, *, nonce: str, path: str = PATH, moment: int | None = None) -> dict[str, str]:
    at = str(int(time.time()) if moment is None else moment)
    text = f"GET\n{path}\n{at}\n{nonce}\n"
    key = stand_in.env["REGISTRY_KEY"].encode()
    return {
        "X-Registry-App": stand_in.env["REGISTRY_APP_ID"],
        "X-Registry-Timestamp": at,
        "X-Registry-Nonce": nonce,
        "X-Registry-Signature": hmac.new(key, text.encode(), hashlib.sha256).hexdigest(),
    }


def ask(stand_in: StandIn, headers: dict[str, str]) -> requests.Response:
    return stand_in.call("GET", PATH, headers=headers)


def test_a_signed_request_is_answered(stand_in: StandIn) -> None:
    assert ask(stand_in, signed(stand_in, nonce="a" * 32)).json()["standing"] == "free"


def test_a_signature_is_good_once(stand_in: StandIn) -> None:
    headers = signed(stand_in, nonce="b" * 32)

    assert [ask(stand_in, headers).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"X-Registry-Signature": "0" * 64}, "bad_signature"),
        ({"X-Registry-Nonce": "short"}, "bad_signature"),
        ({"X-Registry-App": "somebody"}, "unknown_app"),
    ],
)
def test_a_forged_request_is_refused(stand_in: StandIn, changed: dict[str, str], code: str) -> None:
    refused = ask(stand_in, signed(stand_in, nonce="c" * 32) | changed)

    assert (refused.status_code, refused.json()["code"]) == (401, code)


def test_an_old_signature_is_refused(stand_in: StandIn) -> None:
    old = signed(stand_in, nonce="d" * 32, moment=int(time.time()) - 3600)

    assert ask(stand_in, old).json()["code"] == "stale_timestamp"


def test_a_signature_for_another_name_is_refused(stand_in: StandIn) -> None:
    other = signed(stand_in, nonce="e" * 32, path="/registry/names?name=x")

    assert ask(stand_in, other).json()["code"] == "bad_signature"
