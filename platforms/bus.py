"""The province's transfer bus (省级办件流转平台): hand-overs told and asked about over a signed line.

A hand-over is repeated under its own reference.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from platforms import strict_json
from platforms.clean_text import one_line
from platforms.clock import Clock, utc_now
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "bus"


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


class Bus:
    """Tells and asks the bus. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Bus", clock=clock)

    def hand_over(self, told: HandOver) -> HandOverFact:
        """Tell the bus of a hand-over (转出); the same reference is one hand-over."""
        operation = "hand_over"
        wanted = {
            "reference": self._line.reference(told.reference, operation),
            "case_no": one_line(told.case_no, longest=40),
            "task_code": one_line(told.task_code, longest=40),
            "from_centre": one_line(told.from_code, longest=32),
            "to_centre": one_line(told.to_code, longest=32),
        }
        return self._fact(self._line.tell("/transfers", operation, told=wanted), told.reference)

    def ask(self, reference: str) -> HandOverFact | None:
        """Ask for a hand-over by our reference; None when the bus has none."""
        operation = "ask"
        read = self._line.find(f"/transfers/{self._line.reference(reference, operation)}", operation)
        return None if read is None else self._fact(read, reference)

    def _fact(self, read: dict[str, Any], reference: str) -> HandOverFact:
        try:
            fact = _read_fact(read)
        except ValueError as error:
            raise self._line.unreadable("read", str(error)) from None
        if fact.reference != reference:
            raise self._line.unreadable("read", "another reference")
        return fact


def _read_fact(read: dict[str, Any]) -> HandOverFact:
    told = read.get("received_at")
    received_at = None if told is None else datetime.fromisoformat(str(told))
    if received_at is not None and received_at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return HandOverFact(
        strict_json.text_of(read, "reference", longest=64),
        strict_json.text_of(read, "number", longest=40),
        received_at,
    )
