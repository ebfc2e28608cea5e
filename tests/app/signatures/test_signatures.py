import base64
import os
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app import settings
from app.signatures import keys
from app.signatures.canonical import NotCanonicalError, canonical
from app.signatures.keys import Purpose

TODAY = date(2026, 11, 21)


def forget() -> None:
    for cached in (settings.current, keys.published, keys._private):
        cached.cache_clear()


@pytest.fixture
def settings_change(environment: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
    forget()


def public_of(seed: bytes) -> bytes:
    return (
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )


@pytest.mark.parametrize(
    ("content", "written"),
    [
        ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
        ({"text": '张三\u2028\x7f/"\\\n\x01'}, '{"text":"张三\u2028\x7f/\\"\\\\\\n\\u0001"}'),
        ({"n": -(2**53 - 1)}, '{"n":-9007199254740991}'),
        ([], "[]"),
    ],
)
def test_a_thing_is_written_in_one_way(content: object, written: str) -> None:
    assert canonical(content) == written.encode()


@pytest.mark.parametrize("content", [1.5, 2**53, {"名": 1}, {1: 2}, "\ud800", [b"x"], {"a": {1.0}}])
def test_what_could_be_written_in_several_ways_is_refused(content: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical(content)


def test_a_signature_says_nothing_for_another_purpose_or_other_bytes(environment: dict[str, str]) -> None:
    made = keys.sign(b"x", purpose=Purpose.DAILY_ROOT)

    assert keys.is_ours(b"x", made, purpose=Purpose.DAILY_ROOT, on=TODAY)
    assert not keys.is_ours(b"x", made, purpose=Purpose.CASE_PROOF, on=TODAY)
    assert not keys.is_ours(b"y", made, purpose=Purpose.DAILY_ROOT, on=TODAY)


def test_a_retired_key_checks_what_it_signed_until_its_last_day(settings_change: None) -> None:
    old, new = bytes(range(32, 64)), bytes(32)
    made = keys.sign(b"x", purpose=Purpose.DAILY_ROOT)
    os.environ["SIGNING_KEYS"] = "t2:" + base64.b64encode(new).decode()
    x = base64.urlsafe_b64encode(public_of(old)).rstrip(b"=").decode()
    os.environ["RETIRED_SIGNING_KEYS"] = f"{x}@{TODAY}"
    forget()

    assert keys.sign(b"x", purpose=Purpose.DAILY_ROOT).key_id != made.key_id
    assert keys.is_ours(b"x", made, purpose=Purpose.DAILY_ROOT, on=TODAY)
    assert not keys.is_ours(b"x", made, purpose=Purpose.DAILY_ROOT, on=TODAY + timedelta(days=1))
    assert [key.until for key in keys.published()] == [None, TODAY]


def test_a_key_that_will_sign_later_is_published_before(settings_change: None) -> None:
    os.environ["SIGNING_KEYS"] += ",t2:" + base64.b64encode(bytes(32)).decode()
    forget()

    assert [key.raw for key in keys.published()] == [public_of(bytes(range(32, 64))), public_of(bytes(32))]
    assert keys.sign(b"x", purpose=Purpose.CERTIFICATE).key_id == keys.published()[0].key_id
