"""How a partner signs a request (请求签名): HMAC-SHA256 over all that decides what is asked.

What is signed, line by line, separated by one line feed and without one at the end: the name of the scheme,
the method, the path with its query as it is sent, the time, the nonce, and the SHA-256 of the body in hex.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SCHEME = "YIMA-HMAC-SHA256"
SKEW = timedelta(minutes=5)

_TIME = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_KEY = re.compile(r"[a-z0-9_]{8,32}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came; `timestamp` in whole seconds since 1970, `target` the path with its query."""

    method: str
    target: str
    body: bytes
    key: str
    timestamp: str
    nonce: str
    signature: str

    @property
    def is_whole(self) -> bool:
        """Whether every part of the signature is there and has its shape."""
        parts = (
            (_KEY, self.key),
            (_TIME, self.timestamp),
            (_NONCE, self.nonce),
            (_SIGNATURE, self.signature),
        )
        return all(shape.fullmatch(part) for shape, part in parts)

    def is_of(self, now: datetime) -> bool:
        """Whether its time is near enough."""
        return abs(datetime.fromtimestamp(int(self.timestamp), UTC) - now) <= SKEW

    def is_signed_with(self, secret: str) -> bool:
        """Whether the signature is that of this request; takes as long for a wrong one as for a right one."""
        return hmac.compare_digest(self.signature, sign(self.text.encode(), secret.encode()))

    @property
    def text(self) -> str:
        """What is signed."""
        digest = hashlib.sha256(self.body).hexdigest()
        return f"{SCHEME}\n{self.method}\n{self.target}\n{self.timestamp}\n{self.nonce}\n{digest}"


def sign(text: bytes, secret: bytes) -> str:
    """HMAC-SHA256 of a text in hex (RFC 2104); the key is the secret as it is written."""
    return hmac.digest(secret, text, "sha256").hex()
