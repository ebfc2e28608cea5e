"""What the registry tells us (登记信息推送): one signed event a letter, opened here before all else.

The signature is the hex HMAC-SHA256, under a key that only the registry writes with, of Unix seconds, a line
feed and the body. An event has a number of its own, which stays when it is sent again, and a sequence number
that counts what happened to one subject.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from platforms import strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.signed_events import SignedEvents

_PLATFORM: Final = "registry"
_LONGEST_VALUE: Final = 200
_MOST_VALUES: Final = 20
_HIGHEST: Final = 2**53
_EVENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RegistryEvent:
    """One verified event. `subject` is a 统一社会信用代码 or our case number, `values` what it says of it."""

    event_id: str
    kind: str
    subject: str
    sequence: int
    happened_on: date
    values: Mapping[str, str]


class RegistryDoor:
    """Opens what the registry sends. Raises BadSignature, Malformed."""

    def __init__(self, event_key: str, *, clock: Clock = utc_now) -> None:
        self._events = SignedEvents(event_key, platform=_PLATFORM, clock=clock)

    def open(self, *, timestamp: str, signature: str, body: bytes) -> RegistryEvent:
        """Verify first, then read."""
        return self._events.open(_read, timestamp=timestamp, signature=signature, body=body)


def _read(told: dict[str, Any]) -> RegistryEvent:
    event_id, sequence = strict_json.text_of(told, "event_id", longest=64), told.get("sequence")
    if _EVENT_ID.fullmatch(event_id) is None:
        raise ValueError("event_id is no number of an event")
    if type(sequence) is not int or not 0 < sequence < _HIGHEST:
        raise ValueError("sequence is no count")
    return RegistryEvent(
        event_id=event_id,
        kind=strict_json.text_of(told, "kind", longest=32),
        subject=strict_json.text_of(told, "subject", longest=32).upper(),
        sequence=sequence,
        happened_on=date.fromisoformat(strict_json.text_of(told, "happened_on", longest=10)),
        values=_values(strict_json.object_of(told, "values")),
    )


def _values(told: dict[str, Any]) -> dict[str, str]:
    if len(told) > _MOST_VALUES or not all(isinstance(value, str) for value in told.values()):
        raise ValueError("values are no few texts")
    return {one_line(key, longest=32): one_line(value, longest=_LONGEST_VALUE) for key, value in told.items()}
