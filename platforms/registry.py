"""The city's market-regulation registry (市场监管登记系统): names looked up and reserved over signed HTTP.

Every request is signed: the hex HMAC-SHA256, under the key the registry gave us, of method, path with query,
Unix seconds, a number used once and the body, a line feed between each two. Nothing is repeated here; whoever
asks owns the repeating, and a reservation is repeated under its own reference.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests

from platforms import strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import TimeOut, failure, hide_secrets, open_session

PLATFORM: Final = "registry"
_BUSY: Final = frozenset(
    {requests.codes.unauthorized, requests.codes.forbidden, requests.codes.too_many_requests}
)
_REFUSED: Final = frozenset({requests.codes.bad_request, requests.codes.conflict})
_REFERENCE = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_LONGEST_NAME: Final = 100
_MOST_SIMILAR: Final = 20


class NameStanding(StrEnum):
    """How a name stands at the registry (查重结果)."""

    FREE = "free"
    TAKEN = "taken"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class RefusedWord:
    """A word that makes a name not allowed; `clause` counts in 《企业名称登记管理规定》第十一条 from one."""

    word: str
    clause: int


@dataclass(frozen=True, slots=True)
class NameFact:
    """What the registry says of a name."""

    name: str
    standing: NameStanding
    similar: tuple[str, ...]
    refused: tuple[RefusedWord, ...]


@dataclass(frozen=True, slots=True)
class ReservationFact:
    """A name that the registry keeps for somebody; `expires_on` is the last day of its retention period."""

    reference: str
    name: str
    number: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class RegistryConfig:
    """Where the registry is, who we are there, and the key for our requests."""

    url: str
    app_id: str
    key: str
    timeout: TimeOut = (2, 4)


class Registry:
    """Asks the registry. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: RegistryConfig, *, clock: Clock = utc_now) -> None:
        self._url = config.url.rstrip("/")
        self._path = urlsplit(self._url).path
        self._app_id = config.app_id
        self._key = config.key.encode()
        self._clock = clock
        self._session = open_session(timeout=config.timeout)

    def look_up(self, name: str) -> NameFact:
        """Ask how a name stands (名称查重)."""
        operation = "look_up"
        read = self._call("GET", f"/names?name={quote(_sendable(name, operation), safe='')}", operation)
        try:
            return _name_fact(read)
        except ValueError as error:
            raise _unreadable(operation, error) from None

    def reserve(self, *, reference: str, name: str, applicant: str) -> ReservationFact:
        """Reserve a name for the retention period (名称申报); the same reference is one reservation.

        `applicant` is an opaque number of the person. Refused with name_taken or name_not_allowed.
        """
        operation = "reserve"
        wanted = {
            "reference": _reference(reference, operation),
            "name": _sendable(name, operation),
            "applicant": one_line(applicant, longest=64),
        }
        body = json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode()
        return _reservation(self._call("POST", "/names/reservations", operation, body=body), reference)

    def reservation(self, reference: str) -> ReservationFact | None:
        """Ask for a reservation by our reference; None when the registry has none."""
        operation = "reservation"
        path = f"/names/reservations/{_reference(reference, operation)}"
        try:
            read = self._call("GET", path, operation)
        except Refused as error:
            if error.platform_code == "not_found":
                return None
            raise
        return _reservation(read, reference)

    def _call(self, method: str, path: str, operation: str, *, body: bytes = b"") -> dict[str, Any]:
        moment, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        signed = "\n".join((method, f"{self._path}{path}", moment, nonce, "")).encode() + body
        headers = {
            "Content-Type": "application/json",
            "X-Registry-App": self._app_id,
            "X-Registry-Timestamp": moment,
            "X-Registry-Nonce": nonce,
            "X-Registry-Signature": hmac.new(self._key, signed, hashlib.sha256).hexdigest(),
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
        read = {"code": "unreadable", "message": str(error)}
    else:
        if answer.status_code == requests.codes.ok:
            return read
    raise _refusal(answer.status_code, read, operation)


def _refusal(status: int, read: dict[str, Any], operation: str) -> PlatformError:
    code, message = str(read.get("code", "")), str(read.get("message", ""))
    kind: type[PlatformError] = Refused if status in _REFUSED else Unknown
    if status in _BUSY:
        kind = Busy
    if status == requests.codes.not_found and code == "not_found":
        kind = Refused  # the registry's own words; any other 404 is somebody in between
    if code == "unreadable":
        kind = Unknown
    return kind(PLATFORM, operation, platform_code=code or f"http_{status}", detail=hide_secrets(message))


def _name_fact(read: dict[str, Any]) -> NameFact:
    similar, refused = read.get("similar", []), read.get("refused", [])
    if not isinstance(similar, list) or not isinstance(refused, list):
        raise ValueError("similar or refused is no list")  # noqa: TRY004 - one kind for every bad content
    return NameFact(
        name=strict_json.text_of(read, "name", longest=_LONGEST_NAME),
        standing=NameStanding(strict_json.text_of(read, "standing")),
        similar=tuple(one_line(str(each), longest=_LONGEST_NAME) for each in similar[:_MOST_SIMILAR]),
        refused=tuple(_refused_word(each) for each in refused[:_MOST_SIMILAR]),
    )


def _refused_word(told: Any) -> RefusedWord:
    if not isinstance(told, dict) or type(told.get("clause")) is not int:
        raise ValueError("a refused word has no clause")
    return RefusedWord(strict_json.text_of(told, "word", longest=_LONGEST_NAME), told["clause"])


def _reservation(read: dict[str, Any], reference: str) -> ReservationFact:
    try:
        fact = ReservationFact(
            reference=strict_json.text_of(read, "reference", longest=64),
            name=strict_json.text_of(read, "name", longest=_LONGEST_NAME),
            number=strict_json.text_of(read, "number", longest=40),
            expires_on=date.fromisoformat(strict_json.text_of(read, "expires_on", longest=10)),
        )
    except ValueError as error:
        raise _unreadable("reservation", error) from None
    if fact.reference != reference:
        raise _unreadable("reservation", ValueError("another reference"))
    return fact


def _reference(reference: str, operation: str) -> str:
    if _REFERENCE.fullmatch(reference) is None:
        raise Refused(PLATFORM, operation, platform_code="invalid_reference", detail="not sent")
    return reference


def _sendable(name: str, operation: str) -> str:
    if not 0 < len(name) <= _LONGEST_NAME or one_line(name, longest=_LONGEST_NAME) != name:
        raise Refused(PLATFORM, operation, platform_code="invalid_name", detail="not sent")
    return name


def _unreadable(operation: str, error: ValueError) -> Unknown:
    return Unknown(PLATFORM, operation, platform_code="unreadable", detail=str(error))
