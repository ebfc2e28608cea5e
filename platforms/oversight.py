"""The city's supervision platform (事中事后监管平台): licences told once under a number, findings told back.

An event goes as the bytes that were noted, signed like every request of the line; the same number with the
same bytes is the same event. The receipt names the SHA-256 of what arrived.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from platforms import receipts, strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.receipts import DigestReceipt
from platforms.signed_events import SignedEvents
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "oversight"
_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_RESULT = re.compile(r"[a-z_]{2,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a supervisor found (监管结果反馈): of which event of ours, when, in a word and in a sentence."""

    message_no: str
    event_no: str
    result: str
    found_on: date
    said: str


class Oversight:
    """Tells the platform. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Oversight", clock=clock)

    def tell(self, event_no: str, content: bytes) -> DigestReceipt:
        """Tell an event (推送); the same number is one event."""
        operation = "tell"
        path = f"/events/{self._line.reference(event_no, operation)}"
        read = self._line.send(path, operation, content=content, kind="application/json")
        return receipts.read_digest(self._line, read, event_no=event_no)

    def ask(self, event_no: str) -> DigestReceipt | None:
        """Ask for an event by its number; None when the platform has none."""
        operation = "ask"
        read = self._line.find(f"/events/{self._line.reference(event_no, operation)}", operation)
        return None if read is None else receipts.read_digest(self._line, read, event_no=event_no)


class OversightDoor:
    """Opens what the platform sends. Raises BadSignature, Malformed."""

    def __init__(self, event_key: str, *, clock: Clock = utc_now) -> None:
        self._events = SignedEvents(event_key, platform=PLATFORM, clock=clock)

    def open(self, *, timestamp: str, signature: str, body: bytes) -> Finding:
        """Verify first, then read."""
        return self._events.open(_finding, timestamp=timestamp, signature=signature, body=body)


def _finding(told: dict[str, Any]) -> Finding:
    message_no, event_no, result = (
        strict_json.text_of(told, name, longest=64) for name in ("message_no", "event_no", "result")
    )
    if _NUMBER.fullmatch(message_no) is None or _NUMBER.fullmatch(event_no) is None:
        raise ValueError("a number is none")
    if _RESULT.fullmatch(result) is None:
        raise ValueError("no word for what was found")
    said = told.get("said")
    return Finding(
        message_no=message_no,
        event_no=event_no,
        result=result,
        found_on=date.fromisoformat(strict_json.text_of(told, "found_on", longest=10)),
        said=one_line(said if isinstance(said, str) else "", longest=500),
    )
