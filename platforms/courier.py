"""The courier (快递公司): parcels ordered, asked about and called off; its news opened here.

An order is repeated under its own reference; calling off a reference that the courier has never heard makes
it refuse the order when it comes late after all. What it tells by itself is signed, like the registry's
events, by the hex HMAC-SHA256 of Unix seconds, a line feed and the body, under a key that only the courier
writes with.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from platforms import strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.signed_events import SignedEvents
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "courier"
_HIGHEST: Final = 2**53
_MOST_NEWS: Final = 200
_EVENT_NO = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_WAYBILL = re.compile(r"[0-9A-Z]{8,40}", re.ASCII)
_KIND = re.compile(r"[a-z_]{2,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CourierNews:
    """One thing that happened to a parcel, with the courier's own number, count and time."""

    reference: str
    waybill: str
    event_no: str
    sequence: int
    kind: str
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Waybill:
    """What the courier knows of an order (运单), with everything that happened to it so far."""

    reference: str
    number: str
    news: tuple[CourierNews, ...]


class Courier:
    """Asks the courier. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Courier", clock=clock)

    def order(self, reference: str, label: Mapping[str, str]) -> Waybill:
        """Order a parcel (下单); the same reference is one parcel."""
        operation = "order"
        told = {name: one_line(value, longest=200) for name, value in label.items()}
        told["reference"] = self._line.reference(reference, operation)
        return self._waybill(self._line.tell("/orders", operation, told=told), reference)

    def ask(self, reference: str) -> Waybill | None:
        """Ask for a parcel by our reference; None when the courier has none."""
        operation = "ask"
        read = self._line.find(f"/orders/{self._line.reference(reference, operation)}", operation)
        return None if read is None else self._waybill(read, reference)

    def cancel(self, reference: str) -> None:
        """Call an order off (撤单), heard of or not; Refused once it was collected."""
        operation = "cancel"
        self._line.tell(f"/orders/{self._line.reference(reference, operation)}/cancel", operation, told={})

    def _waybill(self, read: dict[str, Any], reference: str) -> Waybill:
        try:
            listed = read.get("events")
            if not isinstance(listed, list) or len(listed) > _MOST_NEWS:
                raise ValueError("events are no list")  # noqa: TRY301 - one way out for every fault
            waybill = _number(read)
            if strict_json.text_of(read, "reference", longest=64) != reference:
                raise ValueError("another reference")  # noqa: TRY301
            return Waybill(reference, waybill, tuple(_news(told) for told in listed))
        except ValueError as error:
            raise self._line.unreadable("read", str(error)) from None


class CourierDoor:
    """Opens what the courier sends. Raises BadSignature, Malformed."""

    def __init__(self, event_key: str, *, clock: Clock = utc_now) -> None:
        self._events = SignedEvents(event_key, platform=PLATFORM, clock=clock)

    def open(self, *, timestamp: str, signature: str, body: bytes) -> CourierNews:
        """Verify first, then read."""
        return self._events.open(_news, timestamp=timestamp, signature=signature, body=body)


def _news(told: Any) -> CourierNews:
    if not isinstance(told, dict):
        raise ValueError("an event is no object")  # noqa: TRY004 - what is unreadable is one kind of fault
    event_no, sequence = strict_json.text_of(told, "event_no", longest=64), told.get("sequence")
    if _EVENT_NO.fullmatch(event_no) is None:
        raise ValueError("event_no is no number of an event")
    if type(sequence) is not int or not 0 < sequence < _HIGHEST:
        raise ValueError("sequence is no count")
    kind = strict_json.text_of(told, "kind", longest=16)
    if _KIND.fullmatch(kind) is None:
        raise ValueError("kind is no word")
    at = datetime.fromisoformat(strict_json.text_of(told, "at", longest=40))
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return CourierNews(
        reference=strict_json.text_of(told, "reference", longest=64),
        waybill=_number(told),
        event_no=event_no,
        sequence=sequence,
        kind=kind,
        at=at,
        place=one_line(str(told.get("place", "")), longest=100),
    )


def _number(told: dict[str, Any]) -> str:
    number = strict_json.text_of(told, "waybill", longest=40)
    if _WAYBILL.fullmatch(number) is None:
        raise ValueError("waybill is no number")
    return number
