"""The province's transfer bus (省级办件流转平台): hand-overs told and asked about over signed HTTP.

Every request is signed: the hex HMAC-SHA256, under the key the province gave us, of method, path, Unix
seconds, a number used once and the body, a line feed between each two. Nothing is repeated here; whoever asks
owns the repeating, and a hand-over is repeated under its own reference.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from platforms import strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import TimeOut, failure, hide_secrets, open_session

PLATFORM: Final = "bus"
_BUSY: Final = frozenset(
    {requests.codes.unauthorized, requests.codes.forbidden, requests.codes.too_many_requests}
)
_REFUSED: Final = frozenset({requests.codes.bad_request, requests.codes.conflict})
_REFERENCE = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the bus is told: which case of which item goes from which hall to which; nothing personal."""

    reference: str
    case_no: str
    task_code: str
    from_code: str
    to_code: str


@dataclass(frozen=True, slots=True)
class HandOverFact:
    """What the bus says of a hand-over; `received_at` None: it is still on its way."""

    reference: str
    number: str
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class BusConfig:
    """Where the bus is, who we are there, and the key for our requests."""

    url: str
    app_id: str
    key: str
    timeout: TimeOut = (2, 4)


class Bus:
    """Tells and asks the bus. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: BusConfig, *, clock: Clock = utc_now) -> None:
        self._url = config.url.rstrip("/")
        self._path = urlsplit(self._url).path
        self._app_id = config.app_id
        self._key = config.key.encode()
        self._clock = clock
        self._session = open_session(timeout=config.timeout)

    def hand_over(self, told: HandOver) -> HandOverFact:
        """Tell the bus of a hand-over (转出); the same reference is one hand-over."""
        operation = "hand_over"
        wanted = {
            "reference": _reference(told.reference, operation),
            "case_no": one_line(told.case_no, longest=40),
            "task_code": one_line(told.task_code, longest=40),
            "from_centre": one_line(told.from_code, longest=32),
            "to_centre": one_line(told.to_code, longest=32),
        }
        body = json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode()
        return _fact(self._call("POST", "/transfers", operation, body=body), told.reference)

    def ask(self, reference: str) -> HandOverFact | None:
        """Ask for a hand-over by our reference; None when the bus has none."""
        operation = "ask"
        try:
            read = self._call("GET", f"/transfers/{_reference(reference, operation)}", operation)
        except Refused as error:
            if error.platform_code == "not_found":
                return None
            raise
        return _fact(read, reference)

    def _call(self, method: str, path: str, operation: str, *, body: bytes = b"") -> dict[str, Any]:
        moment, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        signed = "\n".join((method, f"{self._path}{path}", moment, nonce, "")).encode() + body
        headers = {
            "Content-Type": "application/json",
            "X-Bus-App": self._app_id,
            "X-Bus-Timestamp": moment,
            "X-Bus-Nonce": nonce,
            "X-Bus-Signature": hmac.new(self._key, signed, hashlib.sha256).hexdigest(),
        }
        try:
            answer = self._session.request(method, f"{self._url}{path}", data=body or None, headers=headers)
        except requests.RequestException as error:
            raise failure(error, platform=PLATFORM, operation=operation) from None
        return _read(answer, operation)


def _read(answer: requests.Response, operation: str) -> dict[str, Any]:
    try:
        read = strict_json.read_object(answer.content)
    except ValueError as error:
        detail = str(error)
        raise Unknown(PLATFORM, operation, platform_code="unreadable", detail=detail) from None
    if answer.status_code == requests.codes.ok:
        return read
    raise _refusal(answer.status_code, read, operation)


def _refusal(status: int, read: dict[str, Any], operation: str) -> PlatformError:
    code, message = str(read.get("code", "")), str(read.get("message", ""))
    kind: type[PlatformError] = Refused if status in _REFUSED else Unknown
    if status in _BUSY:
        kind = Busy
    if status == requests.codes.not_found and code == "not_found":
        kind = Refused  # the bus's own words; any other 404 is somebody in between
    return kind(PLATFORM, operation, platform_code=code or f"http_{status}", detail=hide_secrets(message))


def _fact(read: dict[str, Any], reference: str) -> HandOverFact:
    try:
        told = read.get("received_at")
        received_at = None if told is None else datetime.fromisoformat(str(told))
        if received_at is not None and received_at.tzinfo is None:
            raise ValueError("a moment without a zone")  # noqa: TRY301 - one kind for every bad content
        fact = HandOverFact(
            strict_json.text_of(read, "reference", longest=64),
            strict_json.text_of(read, "number", longest=40),
            received_at,
        )
    except ValueError as error:
        raise Unknown(PLATFORM, "read", platform_code="unreadable", detail=str(error)) from None
    if fact.reference != reference:
        raise Unknown(PLATFORM, "read", platform_code="unreadable", detail="another reference")
    return fact


def _reference(reference: str, operation: str) -> str:
    if _REFERENCE.fullmatch(reference) is None:
        raise Refused(PLATFORM, operation, platform_code="invalid_reference", detail="not sent")
    return reference
