"""Links that a phone's calendar opens without a login (日历链接): an id and a proof, nothing personal."""

import base64
import hmac
from functools import cache

from app.crypto import derived_key

_ID_BYTES = 8
_PROOF_BYTES = 16


def token(purpose: str, number: int) -> str:
    """What stands in the link of a thing; nobody makes it who does not have the city's key."""
    raw = number.to_bytes(_ID_BYTES)
    return base64.urlsafe_b64encode(raw + _proof(purpose, raw)).decode().rstrip("=")


def number_of(purpose: str, written: str) -> int | None:
    """The id in a link; None when it was not made here for this purpose."""
    try:
        raw = base64.b64decode(
            written.encode("ascii") + b"=" * (-len(written) % 4), altchars=b"-_", validate=True
        )
    except ValueError:
        return None
    if not hmac.compare_digest(raw[_ID_BYTES:], _proof(purpose, raw[:_ID_BYTES])):
        return None
    return int.from_bytes(raw[:_ID_BYTES])


def _proof(purpose: str, number: bytes) -> bytes:
    return hmac.digest(_key(purpose), number, "sha256")[:_PROOF_BYTES]


@cache
def _key(purpose: str) -> bytes:
    return derived_key(purpose)
