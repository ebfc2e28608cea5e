"""What systems of others tell by themselves (推送): signed, verified before it is read.

The signature is the hex HMAC-SHA256, under a key that only the sender writes with, of Unix seconds, a line
feed and the body.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from platforms import strict_json
from platforms.clock import Clock, utc_now
from platforms.errors import BadSignature, Malformed

_OPERATION: Final = "event"
_FRESH_S: Final = 300
_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)

Read = TypeVar("Read")


class SignedEvents:
    """Opens what one system sends. Raises BadSignature, Malformed."""

    def __init__(self, event_key: str, *, platform: str, clock: Clock = utc_now) -> None:
        self._key = event_key.encode()
        self._platform = platform
        self._clock = clock

    def open(
        self, read: Callable[[dict[str, Any]], Read], *, timestamp: str, signature: str, body: bytes
    ) -> Read:
        """Verify first, then have it read; `read` raises ValueError for what says nothing."""
        if _SECONDS.fullmatch(timestamp) is None:
            raise self._bad("no_timestamp")
        wanted = hmac.new(self._key, timestamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise self._bad("bad_signature")
        if abs(self._clock().timestamp() - int(timestamp)) > _FRESH_S:
            raise self._bad("stale_timestamp")
        try:
            return read(strict_json.read_object(body))
        except ValueError as error:
            raise Malformed(
                self._platform, _OPERATION, platform_code="unreadable", detail=str(error)
            ) from None

    def _bad(self, code: str) -> BadSignature:
        return BadSignature(self._platform, _OPERATION, platform_code=code)
