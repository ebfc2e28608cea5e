"""The second factor against the vectors printed in RFC 6238, appendix B."""

import base64
from datetime import UTC, datetime

import pytest

from app.staff import totp

DIGITS = b"1234567890"
KEYS = {"sha1": (DIGITS * 2)[:20], "sha256": (DIGITS * 4)[:32], "sha512": (DIGITS * 7)[:64]}
SECRET = base64.b32encode(KEYS["sha1"]).decode()
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), VECTORS)
def test_the_codes_are_those_of_the_standard(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    step = seconds // totp.STEP_S
    found = {name: totp.code_at(key, step, digits=8, digest=name) for name, key in KEYS.items()}

    assert found == {"sha1": sha1, "sha256": sha256, "sha512": sha512}


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize("late", [-30, 0, 30])
def test_a_phone_may_be_one_step_early_or_late(late: int) -> None:
    assert totp.matching_step(SECRET, "081804", at=moment(1111111109 + late)) == 1111111109 // 30


@pytest.mark.parametrize("late", [-90, 90])
def test_an_old_code_is_none(late: int) -> None:
    assert totp.matching_step(SECRET, "081804", at=moment(1111111109 + late)) is None


@pytest.mark.parametrize("typed", ["", "1", "０８１８０４", "081804081804", "abcdef"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert totp.matching_step(SECRET, typed, at=moment(1111111109)) is None


def test_a_code_may_be_typed_with_the_gap_that_apps_show() -> None:
    assert totp.matching_step(SECRET, "081 804", at=moment(1111111109)) is not None


def test_secrets_are_long_and_their_own() -> None:
    assert len({totp.new_secret() for _ in range(50)}) == 50
    assert len(totp.key_of(totp.new_secret())) == 20


def test_a_secret_that_is_no_base32_is_named() -> None:
    with pytest.raises(ValueError, match="base32"):
        totp.key_of("no base32!")


def test_the_address_is_what_authenticator_apps_scan() -> None:
    address = totp.address(SECRET, username="wang", issuer="示例市")

    assert address.startswith("otpauth://totp/%E7%A4%BA%E4%BE%8B%E5%B8%82%3Awang?secret=GEZDGNBV")
    assert address.endswith("&digits=6&period=30")
