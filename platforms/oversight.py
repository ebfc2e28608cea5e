"""The city's supervision platform (事中事后监管平台): what happened to licences, told once under a number.

An event goes as the bytes that were noted, signed like every request of the line; the same number with the
same bytes is the same event. The receipt names the SHA-256 of what arrived.
"""

from typing import Final

from platforms import receipts
from platforms.clock import Clock, utc_now
from platforms.receipts import Receipt
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "oversight"


class Oversight:
    """Tells the platform. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Oversight", clock=clock)

    def tell(self, event_no: str, content: bytes) -> Receipt:
        """Tell an event (推送); the same number is one event."""
        operation = "tell"
        path = f"/events/{self._line.reference(event_no, operation)}"
        read = self._line.send(path, operation, content=content, kind="application/json")
        return receipts.read(self._line, read, event_no=event_no)

    def ask(self, event_no: str) -> Receipt | None:
        """Ask for an event by its number; None when the platform has none."""
        operation = "ask"
        read = self._line.find(f"/events/{self._line.reference(event_no, operation)}", operation)
        return None if read is None else receipts.read(self._line, read, event_no=event_no)
