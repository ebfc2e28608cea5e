"""One line to a system that a city is joined to (外部系统的签名线路): requests signed, answers read.

Signed is, by the hex HMAC-SHA256 under the key the other side gave us: method, path with query, Unix seconds,
a number used once and the body, a line feed between each two. Nothing is repeated here; whoever asks owns the
repeating.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from platforms import strict_json
from platforms.clock import Clock
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import TimeOut, failure, hide_secrets, open_session

_BUSY: Final = frozenset(
    {requests.codes.unauthorized, requests.codes.forbidden, requests.codes.too_many_requests}
)
_REFUSED: Final = frozenset({requests.codes.bad_request, requests.codes.conflict})
_REFERENCE = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineConfig:
    """Where the other side is, who we are there, and the key for our requests."""

    url: str
    app_id: str
    key: str
    timeout: TimeOut = (2, 4)


class SignedLine:
    """Asks one system. One for the process; threads share it.

    `platform` is its name in errors, `prefix` that of its headers, as `Bus` in X-Bus-Signature.
    """

    def __init__(self, config: LineConfig, *, platform: str, prefix: str, clock: Clock) -> None:
        self._url = config.url.rstrip("/")
        self._path = urlsplit(self._url).path
        self._app_id = config.app_id
        self._key = config.key.encode()
        self._platform = platform
        self._prefix = f"X-{prefix}"
        self._clock = clock
        self._session = open_session(timeout=config.timeout)

    def ask(self, path: str, operation: str) -> dict[str, Any]:
        """Get an answer. Raises Refused, Busy, Unknown."""
        return self._call("GET", path, operation, body=b"")

    def find(self, path: str, operation: str) -> dict[str, Any] | None:
        """Get an answer, None when the other side says itself that there is none. Raises as `ask` does."""
        try:
            return self.ask(path, operation)
        except Refused as error:
            if error.platform_code == "not_found":
                return None
            raise

    def tell(self, path: str, operation: str, *, told: Mapping[str, str]) -> dict[str, Any]:
        """Send something and get the answer. Raises as `ask` does."""
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        return self._call("POST", path, operation, body=body)

    def send(self, path: str, operation: str, *, content: bytes, kind: str) -> dict[str, Any]:
        """Send bytes as they are, of a media type, and get the answer. Raises as `ask` does."""
        return self._call("PUT", path, operation, body=content, kind=kind)

    def reference(self, reference: str, operation: str) -> str:
        """A reference that may stand in a path; raises Refused for one that is not sent."""
        if _REFERENCE.fullmatch(reference) is None:
            raise Refused(self._platform, operation, platform_code="invalid_reference", detail="not sent")
        return reference

    def unreadable(self, operation: str, why: str) -> Unknown:
        """The error for an answer that says nothing we can go by."""
        return Unknown(self._platform, operation, platform_code="unreadable", detail=why)

    def _call(
        self, method: str, path: str, operation: str, *, body: bytes, kind: str = "application/json"
    ) -> dict[str, Any]:
        moment, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        signed = "\n".join((method, f"{self._path}{path}", moment, nonce, "")).encode() + body
        headers = {
            "Content-Type": kind,
            f"{self._prefix}-App": self._app_id,
            f"{self._prefix}-Timestamp": moment,
            f"{self._prefix}-Nonce": nonce,
            f"{self._prefix}-Signature": hmac.new(self._key, signed, hashlib.sha256).hexdigest(),
        }
        try:
            answer = self._session.request(method, f"{self._url}{path}", data=body or None, headers=headers)
        except requests.RequestException as error:
            raise failure(error, platform=self._platform, operation=operation) from None
        try:
            read = strict_json.read_object(answer.content)
        except ValueError as error:
            raise self.unreadable(operation, str(error)) from None
        if answer.status_code == requests.codes.ok:
            return read
        raise self._refusal(answer.status_code, read, operation)

    def _refusal(self, status: int, read: dict[str, Any], operation: str) -> PlatformError:
        code, message = str(read.get("code", "")), str(read.get("message", ""))
        kind: type[PlatformError] = Refused if status in _REFUSED else Unknown
        if status in _BUSY:
            kind = Busy
        if status == requests.codes.not_found and code == "not_found":
            kind = Refused  # the other side's own words; any other 404 is somebody in between
        detail = hide_secrets(message)
        return kind(self._platform, operation, platform_code=code or f"http_{status}", detail=detail)
