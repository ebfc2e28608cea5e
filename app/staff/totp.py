"""The second factor (动态码): time-based one-time passwords of RFC 6238 on RFC 4226."""

import base64
import binascii
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

STEP_S = 30
DIGITS = 6
# A clerk's phone may be one step early or late (RFC 6238, 5.2).
_DRIFT = (-1, 0, 1)
_SECRET_BYTES = 20


def code_at(key: bytes, step: int, *, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of a step (HOTP): dynamic truncation of the keyed hash, RFC 4226 section 5.3."""
    hashed = hmac.digest(key, step.to_bytes(8, "big"), digest)
    offset = hashed[-1] & 0x0F
    number = int.from_bytes(hashed[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def step_of(moment: datetime) -> int:
    """The number of the step in which a moment lies."""
    return int(moment.timestamp()) // STEP_S


def matching_step(secret: str, typed: str, *, at: datetime) -> int | None:
    """The step whose code was typed, None when it is none near this moment; the time taken tells nothing."""
    key, code = key_of(secret), "".join(typed.split())
    found = None
    for drift in _DRIFT:
        step = step_of(at) + drift
        if hmac.compare_digest(code_at(key, step).encode(), code.encode()):
            found = step
    return found


def new_secret() -> str:
    """A fresh secret of 160 bits in base32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret; raises ValueError when it is not base32."""
    try:
        return base64.b32decode(secret, casefold=True)
    except binascii.Error as error:
        raise ValueError("a TOTP secret must be base32") from error


def address(secret: str, *, username: str, issuer: str) -> str:
    """What an authenticator app scans to take the secret over (otpauth)."""
    label = quote(f"{issuer}:{username}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_S}"
