"""The city's market-regulation registry (市场监管登记系统): names, and who represents whom.

A reservation is repeated under its own reference; asking about a representative changes nothing there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

from platforms import strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.errors import Refused
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "registry"
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


class UnitStanding(StrEnum):
    """Whether a unit may still do business (登记状态)."""

    ACTIVE = "active"
    REVOKED = "revoked"
    DEREGISTERED = "deregistered"


@dataclass(frozen=True, slots=True)
class RepresentativeFact:
    """A unit, and whether the person we named is its legal representative (法定代表人)."""

    name: str
    standing: UnitStanding
    represented: bool


class Registry:
    """Asks the registry. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Registry", clock=clock)

    def look_up(self, name: str) -> NameFact:
        """Ask how a name stands (名称查重)."""
        operation = "look_up"
        read = self._line.ask(f"/names?name={quote(_sendable(name, operation), safe='')}", operation)
        try:
            return _name_fact(read)
        except ValueError as error:
            raise self._line.unreadable(operation, str(error)) from None

    def reserve(self, *, reference: str, name: str, applicant: str) -> ReservationFact:
        """Reserve a name for the retention period (名称申报); the same reference is one reservation.

        `applicant` is an opaque number of the person. Refused with name_taken or name_not_allowed.
        """
        operation = "reserve"
        wanted = {
            "reference": self._line.reference(reference, operation),
            "name": _sendable(name, operation),
            "applicant": one_line(applicant, longest=64),
        }
        return self._reservation(self._line.tell("/names/reservations", operation, told=wanted), reference)

    def reservation(self, reference: str) -> ReservationFact | None:
        """Ask for a reservation by our reference; None when the registry has none."""
        operation = "reservation"
        path = f"/names/reservations/{self._line.reference(reference, operation)}"
        read = self._line.find(path, operation)
        return None if read is None else self._reservation(read, reference)

    def representative(self, code: str, person: Mapping[str, str]) -> RepresentativeFact | None:
        """Ask whether somebody is a unit's legal representative; None when there is no such unit.

        `person` is `name` and `id_number`, or `phone` alone; it travels in the body, never in an address.
        """
        operation = "representative"
        try:
            read = self._line.tell("/representatives", operation, told={"code": code, **person})
        except Refused as error:
            if error.platform_code == "not_found":
                return None
            raise
        try:
            return _representative_fact(read, code)
        except ValueError as error:
            raise self._line.unreadable(operation, str(error)) from None

    def _reservation(self, read: dict[str, Any], reference: str) -> ReservationFact:
        try:
            fact = _reservation_fact(read)
        except ValueError as error:
            raise self._line.unreadable("reservation", str(error)) from None
        if fact.reference != reference:
            raise self._line.unreadable("reservation", "another reference")
        return fact


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


def _reservation_fact(read: dict[str, Any]) -> ReservationFact:
    return ReservationFact(
        reference=strict_json.text_of(read, "reference", longest=64),
        name=strict_json.text_of(read, "name", longest=_LONGEST_NAME),
        number=strict_json.text_of(read, "number", longest=40),
        expires_on=date.fromisoformat(strict_json.text_of(read, "expires_on", longest=10)),
    )


def _representative_fact(read: dict[str, Any], code: str) -> RepresentativeFact:
    if strict_json.text_of(read, "code", longest=18) != code or type(read.get("represented")) is not bool:
        raise ValueError("another unit, or no answer")
    return RepresentativeFact(
        name=strict_json.text_of(read, "name", longest=_LONGEST_NAME),
        standing=UnitStanding(strict_json.text_of(read, "standing")),
        represented=read["represented"],
    )


def _sendable(name: str, operation: str) -> str:
    if not 0 < len(name) <= _LONGEST_NAME or one_line(name, longest=_LONGEST_NAME) != name:
        raise Refused(PLATFORM, operation, platform_code="invalid_name", detail="not sent")
    return name
