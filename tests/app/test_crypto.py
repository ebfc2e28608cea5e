import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import Cipher, UnreadableError

OLD, NEW = {"k0": bytes(32)}, {"k1": bytes(range(32))}


@given(plain=st.binary(max_size=200))
def test_what_was_sealed_can_be_opened(plain: bytes) -> None:
    cipher = Cipher(NEW)

    assert cipher.open(cipher.seal(plain, purpose="p"), purpose="p") == plain


def test_after_a_key_rotation_old_secrets_are_still_readable() -> None:
    sealed = Cipher(OLD).seal("林".encode(), purpose="citizens.name")

    assert Cipher(NEW | OLD).open(sealed, purpose="citizens.name").decode() == "林"


def test_a_secret_cannot_be_moved_to_another_place() -> None:
    cipher = Cipher(NEW)
    sealed = cipher.seal(b"x", purpose="citizens.name")

    with pytest.raises(UnreadableError):
        cipher.open(sealed, purpose="citizens.phone")


@given(garbage=st.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_refused(garbage: bytes) -> None:
    with pytest.raises(UnreadableError):
        Cipher(NEW).open(garbage, purpose="p")


def test_the_same_secret_never_looks_the_same() -> None:
    cipher = Cipher(NEW)

    assert cipher.seal(b"x", purpose="p") != cipher.seal(b"x", purpose="p")
