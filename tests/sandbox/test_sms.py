"""The short-message gateway."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
import requests

from .conftest import StandIn

MESSAGE = {
    "phone": "13900000001",
    "template": "login_code",
    "params": {"code": "123456"},
    "idempotency_key": "k1",
}


def _send(stand_in: StandIn, *, late: int = 0, key: str | None = None, **changed: Any) -> requests.Response:
    body = json.dumps(MESSAGE | changed).encode()
    timestamp = str(int(time.time()) - late)
    secret = (key or stand_in.env["SMS_KEY"]).encode()
    signed = hmac.new(secret, timestamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()
    headers = {"X-Sms-Timestamp": timestamp, "X-Sms-Signature": signed}
    return requests.post(stand_in.env["SMS_URL"] + "/messages", data=body, headers=headers, timeout=10)


def test_a_message_arrives_once_per_key(stand_in: StandIn) -> None:
    first, again = _send(stand_in).json(), _send(stand_in).json()
    assert first == again
    (message,) = stand_in.seen("/people/lin/messages")["items"]
    assert message["channel"] == "sms"
    assert message["data"]["params"] == {"code": "123456"}


def test_a_key_cannot_be_used_for_another_message(stand_in: StandIn) -> None:
    _send(stand_in)
    answer = _send(stand_in, params={"code": "654321"})
    assert (answer.status_code, answer.json()) == (400, {"code": "idempotency_key_reused"})


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"key": "wrong"}, 401, "bad_signature"),
        ({"late": 301}, 401, "stale_timestamp"),
        ({"phone": "123"}, 400, "bad_phone"),
        ({"template": ""}, 400, "bad_template"),
        ({"params": {"code": 1}}, 400, "bad_params"),
        ({"idempotency_key": ""}, 400, "bad_idempotency_key"),
    ],
)
def test_a_wrong_message_is_refused(
    stand_in: StandIn, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = _send(stand_in, **changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert stand_in.seen("/people/lin/messages")["items"] == []


def test_an_unsigned_message_is_refused(stand_in: StandIn) -> None:
    answer = requests.post(stand_in.env["SMS_URL"] + "/messages", json=MESSAGE, timeout=10)
    assert (answer.status_code, answer.json()) == (401, {"code": "bad_signature"})


def test_too_many_can_be_planned_and_happens_by_itself(stand_in: StandIn) -> None:
    stand_in.fault("sms.send", "too_many")
    assert _send(stand_in).status_code == 429
    statuses = [_send(stand_in, idempotency_key=f"n{number}").status_code for number in range(31)]
    assert statuses == [200] * 30 + [429]


def test_moving_the_clock_does_not_make_signatures_stale(stand_in: StandIn) -> None:
    stand_in.sim("/clock", advance_s=48 * 3600)
    assert _send(stand_in).status_code == 200
    stand_in.sim("/clock", skew_s=660)
    assert _send(stand_in).json()["code"] == "stale_timestamp"
