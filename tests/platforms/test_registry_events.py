"""What the registry sends is verified first and read with limits."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from platforms.errors import BadSignature, Malformed
from platforms.registry_events import RegistryDoor

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
MOMENT = str(int(NOW.timestamp()))
KEY = "a key that only the registry writes with"
EVENT: dict[str, Any] = {
    "event_id": "REG-0000000001",
    "kind": "enterprise.name_changed",
    "subject": "11350100mb99000138",
    "sequence": 7,
    "happened_on": "2026-11-15",
    "values": {"value": "示例市新名字茶业有限公司"},
}


@pytest.fixture
def door() -> RegistryDoor:
    return RegistryDoor(KEY, clock=lambda: NOW)


def signed(body: bytes, *, moment: str = MOMENT, key: str = KEY) -> dict[str, Any]:
    signature = hmac.new(key.encode(), moment.encode() + b"\n" + body, hashlib.sha256).hexdigest()
    return {"timestamp": moment, "signature": signature, "body": body}


def letter(**changes: Any) -> bytes:
    return json.dumps({**EVENT, **changes}, ensure_ascii=False).encode()


def test_a_signed_event_is_read(door: RegistryDoor) -> None:
    event = door.open(**signed(letter()))

    assert (event.subject, event.sequence) == ("11350100MB99000138", 7)
    assert event.values == EVENT["values"]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "签名"},
        {"timestamp": ""},
        {"timestamp": "１２３"},
        {"body": b"{}"},
    ],
)
def test_what_the_registry_did_not_sign_is_refused(door: RegistryDoor, spoiled: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        door.open(**{**signed(letter()), **spoiled})


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_is_good_for_five_minutes(door: RegistryDoor, seconds: int) -> None:
    with pytest.raises(BadSignature):
        door.open(**signed(letter(), moment=str(int(MOMENT) + seconds)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"event_id": 1}',
        letter(event_id="short"),
        letter(sequence=0),
        letter(sequence=True),
        letter(sequence=2**60),
        letter(happened_on="yesterday"),
        letter(values={"value": 1}),
        letter(values={str(number): "x" for number in range(21)}),
        letter(subject=""),
    ],
)
def test_what_cannot_be_read_is_malformed(door: RegistryDoor, body: bytes) -> None:
    with pytest.raises(Malformed):
        door.open(**signed(body))
