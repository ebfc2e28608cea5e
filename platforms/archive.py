"""The city's archive system (电子档案系统): packages handed over, and asked about by their numbers.

A package goes as it is, signed like every request of the line, and the same number with the same bytes is the
same package. The receipt names the SHA-256 of what arrived.
"""

from typing import Final

from platforms import receipts
from platforms.clock import Clock, utc_now
from platforms.receipts import DigestReceipt
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "archive"


class CityArchive:
    """Asks the archive system. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Archive", clock=clock)

    def hand_over(self, archive_no: str, content: bytes) -> DigestReceipt:
        """Hand a package over (移交); the same number is one package."""
        operation = "hand_over"
        path = f"/packages/{self._line.reference(archive_no, operation)}"
        read = self._line.send(path, operation, content=content, kind="application/zip")
        return receipts.read_digest(self._line, read, archive_no=archive_no)

    def ask(self, archive_no: str) -> DigestReceipt | None:
        """Ask for a package by its number; None when the archive system has none."""
        operation = "ask"
        read = self._line.find(f"/packages/{self._line.reference(archive_no, operation)}", operation)
        return None if read is None else receipts.read_digest(self._line, read, archive_no=archive_no)
