"""The city's signing keys (签名密钥): the first one signs, all of them and the retired ones are published.

What is signed begins with what it is for, so that a signature under one thing says nothing under another.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app import settings

SIGNATURE_BYTES = 64
_KEY_ID_DIGITS = 16


class Purpose(StrEnum):
    """What a signature is for; part of what is signed."""

    CERTIFICATE = "certificate"
    DAILY_ROOT = "daily root"
    CASE_PROOF = "case proof"

    @property
    def context(self) -> bytes:
        """What stands before the signed bytes."""
        return f"yima {self.value} 1\n".encode()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One published key; `until` is the last day on which it signed, None while it may still sign."""

    key_id: str
    raw: bytes
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature and the published name of its key."""

    key_id: str
    value: bytes


def key_id_of(raw: bytes) -> str:
    """The published name of a public key: the first digits of its SHA-256."""
    return hashlib.sha256(raw).hexdigest()[:_KEY_ID_DIGITS]


def sign(content: bytes, *, purpose: Purpose) -> Signature:
    """Sign bytes for one purpose with the current key."""
    private = _private()
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Signature(key_id_of(raw), private.sign(purpose.context + content))


def is_ours(content: bytes, signature: Signature, *, purpose: Purpose, on: date) -> bool:
    """Whether one of our keys signed these bytes for this purpose, and was in use on that day."""
    return any(
        key.key_id == signature.key_id
        and (key.until is None or on <= key.until)
        and _fits(key.raw, purpose.context + content, signature.value)
        for key in published()
    )


@cache
def published() -> tuple[PublicKey, ...]:
    """Every key that anybody needs to check what we sign or have signed, the signing one first."""
    signing = settings.current().signing
    own = [
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        for seed in signing.seeds
    ]
    return (
        *(PublicKey(key_id_of(raw), raw) for raw in own),
        *(PublicKey(key_id_of(raw), raw, until) for raw, until in signing.retired),
    )


def as_jwk(key: PublicKey) -> dict[str, Any]:
    """A key as a JSON Web Key (RFC 7517, RFC 8037) that also names what precedes the signed bytes."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": key.key_id,
        "x": base64.urlsafe_b64encode(key.raw).rstrip(b"=").decode(),
        "contexts": {purpose.name.lower(): purpose.context.decode() for purpose in Purpose},
        "until": None if key.until is None else key.until.isoformat(),
    }


@cache
def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.current().signing.seeds[0])


def _fits(raw: bytes, signed: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
