"""The signature against what others have published, and against every change of a request."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.partners import signing
from app.partners.signing import SignedRequest

_LONG = (
    b"This is a test using a larger than block-size key and a larger than block-size data."
    b" The key needs to be hashed before being used by the HMAC algorithm."
)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
SECRET = "put-your-secret-here"
PLAIN = SignedRequest(
    method="GET",
    target="/partner/v1/guides?limit=5",
    body=b"",
    key="yp_0000000000000000",
    timestamp=str(int(NOW.timestamp())),
    nonce="3f0c9e6a5b7d4c21a8e0",
    signature="",
)
RIGHT = replace(PLAIN, signature=signing.sign(PLAIN.text.encode(), SECRET.encode()))


@pytest.mark.parametrize(
    ("key", "data", "code"),
    [
        (
            b"\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 20,
            b"\xdd" * 50,
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            bytes(range(1, 26)),
            b"\xcd" * 50,
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            b"\xaa" * 131,
            _LONG,
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ],
)
def test_the_code_is_that_of_rfc_4231(key: bytes, data: bytes, code: str) -> None:
    assert signing.sign(data, key) == code


def test_what_is_signed_are_six_lines() -> None:
    assert PLAIN.text.split("\n") == [
        "YIMA-HMAC-SHA256",
        "GET",
        "/partner/v1/guides?limit=5",
        "1795147200",
        "3f0c9e6a5b7d4c21a8e0",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ]


def test_a_right_signature_fits() -> None:
    assert RIGHT.is_whole
    assert RIGHT.is_signed_with(SECRET)
    assert not RIGHT.is_signed_with(f"{SECRET}x")


@pytest.mark.parametrize(
    "forged",
    [
        replace(RIGHT, method="POST"),
        replace(RIGHT, target="/partner/v1/guides?limit=50"),
        replace(RIGHT, target="/partner/v1/guides"),
        replace(RIGHT, timestamp=str(int(RIGHT.timestamp) + 1)),
        replace(RIGHT, nonce="3f0c9e6a5b7d4c21a8e1"),
        replace(RIGHT, body=b"{}"),
        replace(RIGHT, signature="0" * 64),
    ],
)
def test_a_signature_fits_no_other_request(forged: SignedRequest) -> None:
    assert not forged.is_signed_with(SECRET)


@pytest.mark.parametrize(
    "broken",
    [
        replace(RIGHT, signature=""),
        replace(RIGHT, signature=RIGHT.signature.upper()),
        replace(RIGHT, signature="é" * 64),
        replace(RIGHT, timestamp="now"),
        replace(RIGHT, timestamp="１７９５１４７２００"),
        replace(RIGHT, nonce="short"),
        replace(RIGHT, nonce="n" * 65),
        replace(RIGHT, nonce="3f0c9e6a5b7d4c21a8e0\n"),
        replace(RIGHT, key=""),
    ],
)
def test_a_signature_without_its_shape_is_none(broken: SignedRequest) -> None:
    assert not broken.is_whole


def test_a_request_is_good_for_five_minutes_before_and_after() -> None:
    for minutes, good in ((-5, True), (5, True), (-5.1, False), (5.1, False)):
        assert RIGHT.is_of(NOW + timedelta(minutes=minutes)) is good
