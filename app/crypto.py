"""Secrets at rest (加密): fields that name a person are encrypted, and found again by a keyed hash."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, LargeBinary, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from app import settings

_NONCE_BYTES = 12


class UnreadableError(Exception):
    """A stored secret cannot be opened: the key is missing or the bytes were changed."""


class Cipher:
    """AES-256-GCM with named keys: the first encrypts, every one decrypts (key rotation)."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        """Encrypt bytes; `purpose` binds them to their place, so that they cannot be moved elsewhere."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys[self._current].encrypt(nonce, plain, purpose.encode())
        name = self._current.encode()
        return bytes([len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt what `seal` made; raises UnreadableError."""
        if not sealed:
            raise UnreadableError(purpose)
        name_end = 1 + sealed[0]
        key = self._keys.get(sealed[1:name_end].decode("ascii", "replace"))
        nonce, body = sealed[name_end : name_end + _NONCE_BYTES], sealed[name_end + _NONCE_BYTES :]
        if key is None or len(nonce) < _NONCE_BYTES:
            raise UnreadableError(purpose)
        try:
            return key.decrypt(nonce, body, purpose.encode())
        except InvalidTag as error:
            raise UnreadableError(purpose) from error


@cache
def cipher() -> Cipher:
    """The cipher of this process, from FIELD_KEYS."""
    return Cipher(settings.current().field_keys)


def derived_key(purpose: str, *, length: int = 32) -> bytes:
    """A key of its own for each purpose, derived from SECRET_KEY by HKDF-SHA256."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=b"yima", info=purpose.encode()).derive(
        settings.current().secret_key.encode()
    )


@cache
def signing_key(purpose: str) -> Ed25519PrivateKey:
    """The Ed25519 key that signs one kind of thing; parsed once per process."""
    return Ed25519PrivateKey.from_private_bytes(derived_key(f"sign:{purpose}"))


@cache
def _index_key(purpose: str) -> bytes:
    return derived_key(f"index:{purpose}")


def blind_index(value: str, *, purpose: str) -> bytes:
    """A keyed hash by which an encrypted value is found again without being readable (盲索引)."""
    return hmac.digest(_index_key(purpose), value.encode(), "sha256")


def token_hash(token: str) -> bytes:
    """What is stored of a random token of at least 128 bits: only its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted at rest, bound to its purpose such as `citizens.name`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        """Encrypt on the way in."""
        del dialect
        return None if value is None else cipher().seal(value.encode(), purpose=self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        """Decrypt on the way out."""
        del dialect
        return None if value is None else cipher().open(bytes(value), purpose=self.purpose).decode()


def as_stored(column: InstrumentedAttribute[Any]) -> ColumnElement[bytes]:
    """An encrypted column as it lies there: a list opens each by itself, so that one spoils no other."""
    return type_coerce(column, LargeBinary).label(column.key)


def opened(column: InstrumentedAttribute[Any], stored: bytes | None) -> str | None:
    """What `as_stored` gave, opened; raises UnreadableError."""
    text: str | None = column.type.process_result_value(stored, None)
    return text
