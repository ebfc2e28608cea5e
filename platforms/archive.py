"""The city's archive system (电子档案系统): packages handed over, and asked about by their numbers.

A package goes as it is, signed like every request of the line, and the same number with the same bytes is the
same package. The receipt names the SHA-256 of what arrived.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from platforms import strict_json
from platforms.clock import Clock, utc_now
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "archive"
_RECEIPT = re.compile(r"[0-9A-Za-z-]{4,64}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ArchiveReceipt:
    """That the archive system has a package (接收回执): its number, when, and the SHA-256 of what it has."""

    number: str
    at: datetime
    sha256: str


class CityArchive:
    """Asks the archive system. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Archive", clock=clock)

    def hand_over(self, archive_no: str, content: bytes) -> ArchiveReceipt:
        """Hand a package over (移交); the same number is one package."""
        operation = "hand_over"
        path = f"/packages/{self._line.reference(archive_no, operation)}"
        return self._receipt(self._line.send(path, operation, content=content), archive_no)

    def ask(self, archive_no: str) -> ArchiveReceipt | None:
        """Ask for a package by its number; None when the archive system has none."""
        operation = "ask"
        read = self._line.find(f"/packages/{self._line.reference(archive_no, operation)}", operation)
        return None if read is None else self._receipt(read, archive_no)

    def _receipt(self, read: dict[str, Any], archive_no: str) -> ArchiveReceipt:
        try:
            if strict_json.text_of(read, "archive_no", longest=64) != archive_no:
                raise ValueError("another package")  # noqa: TRY301 - one way out for every fault
            number = strict_json.text_of(read, "receipt_no", longest=64)
            sha256 = strict_json.text_of(read, "sha256", longest=64)
            at = datetime.fromisoformat(strict_json.text_of(read, "received_at", longest=40))
            if _RECEIPT.fullmatch(number) is None or _DIGEST.fullmatch(sha256) is None or at.tzinfo is None:
                raise ValueError("no receipt")  # noqa: TRY301
        except ValueError as error:
            raise self._line.unreadable("read", str(error)) from None
        return ArchiveReceipt(number, at, sha256)
