"""What stands in a code (码的内容): PUBLIC_URL/q/<token>, nothing personal.

A static token is 22 random characters of base62 (131 bits). A personal token is base64url, unpadded, of

    version 0x01 | random id, 16 bytes | expiry, 4 bytes, seconds since 1970 | Ed25519 signature, 64 bytes

The signature is over SIGNED_CONTEXT followed by everything before it. With the public key alone anybody
can tell, offline, that the city made the code and when it ends; that it was not used before only the city
can tell.
"""

import base64
import binascii
import re
import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app import settings
from app.codes.errors import CodeUnknown
from app.crypto import signing_key, token_hash

SIGNED_CONTEXT = b"yima personal code 1\n"
KEY_PURPOSE = "codes"
LONGEST_CONTENT = 1024

_VERSION = b"\x01"
_ID_BYTES = 16
_EXPIRY_BYTES = 4
_HEAD_BYTES = len(_VERSION) + _ID_BYTES + _EXPIRY_BYTES
_PERSONAL = re.compile(r"[A-Za-z0-9_-]{114}", re.ASCII)
_STATIC = re.compile(r"[A-Za-z0-9]{22}", re.ASCII)
_BASE62 = string.ascii_letters + string.digits
_STATIC_LENGTH = 22


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """What a genuine personal token says; `id_hash` is what is stored of its id."""

    id_hash: bytes
    expires_at: datetime


def new_personal(*, expires_at: datetime) -> tuple[str, PersonalToken]:
    """A fresh signed token and what is to be stored of it."""
    code_id = secrets.token_bytes(_ID_BYTES)
    head = _VERSION + code_id + int(expires_at.timestamp()).to_bytes(_EXPIRY_BYTES, "big")
    signature = signing_key(KEY_PURPOSE).sign(SIGNED_CONTEXT + head)
    return _encoded(head + signature), PersonalToken(token_hash(code_id.hex()), _expiry(head))


def new_static() -> str:
    """A fresh token for a code that stays."""
    return "".join(secrets.choice(_BASE62) for _ in range(_STATIC_LENGTH))


def content(token: str) -> str:
    """What the picture of a code says."""
    return f"{settings.current().public_url}/q/{token}"


def token_in(scanned: str) -> str:
    """The token in what a camera read, a mini-program's scene or `q` parameter; raises CodeUnknown.

    Only our own address counts: a link to anywhere else is not ours, whatever follows in it.
    """
    text = scanned.strip()
    if len(text) > LONGEST_CONTENT:
        raise CodeUnknown
    if "%" in text:
        text = unquote(text)
    token = text.removeprefix(content(""))
    if not _STATIC.fullmatch(token) and not _PERSONAL.fullmatch(token):
        raise CodeUnknown
    return token


def is_personal(token: str) -> bool:
    """Whether a token has the form of a personal one; says nothing about its being genuine."""
    return _PERSONAL.fullmatch(token) is not None


def read_personal(token: str) -> PersonalToken:
    """Open a personal token made here; raises CodeUnknown when it was not."""
    try:
        raw = base64.urlsafe_b64decode(token + "==")
    except (binascii.Error, ValueError) as error:
        raise CodeUnknown from error
    head, signature = raw[:_HEAD_BYTES], raw[_HEAD_BYTES:]
    if _encoded(raw) != token or not head.startswith(_VERSION):
        raise CodeUnknown
    try:
        _public_key().verify(signature, SIGNED_CONTEXT + head)
    except InvalidSignature as error:
        raise CodeUnknown from error
    code_id = head[len(_VERSION) : len(_VERSION) + _ID_BYTES]
    return PersonalToken(token_hash(code_id.hex()), _expiry(head))


def public_key() -> bytes:
    """The 32 bytes with which anybody checks a personal code."""
    return _public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@cache
def _public_key() -> Ed25519PublicKey:
    return signing_key(KEY_PURPOSE).public_key()


def _expiry(head: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(head[-_EXPIRY_BYTES:], "big"), UTC)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
