"""The city's credit platform (公共信用信息平台): lists asked about, records told, over a signed line.

A question names a person or a company by number and is therefore never in an address. A record is told under
its own reference, and the same reference with the same content is one record.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from platforms import receipts, strict_json
from platforms.clock import Clock, utc_now
from platforms.receipts import Receipt
from platforms.signed_line import LineConfig, SignedLine

PLATFORM: Final = "credit"
LISTS: Final = ("red", "black")
_MOST_ENTRIES: Final = 50


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list (红黑名单): which, whose, why, from when, and its last day if it has one."""

    kind: str
    authority: str
    reason: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class CreditReport:
    """One report as it is told (信用信息报送); every part is text, days as YYYY-MM-DD.

    `kind` is record, withdrawal, expiry or repair; `record` the reference of the record that is meant, which
    is the report's own for a record.
    """

    reference: str
    kind: str
    record: str
    subject_kind: str
    number: str
    what: str
    promise_sha256: str
    evidence_sha256: str
    decision: str
    legal_basis: str
    since: str
    until: str


class CreditPlatform:
    """Asks and tells the credit platform. One for the process. Raises Refused, Busy, Unknown."""

    def __init__(self, config: LineConfig, *, clock: Clock = utc_now) -> None:
        self._line = SignedLine(config, platform=PLATFORM, prefix="Credit", clock=clock)

    def entries(self, reference: str, *, subject_kind: str, number: str) -> list[ListEntry]:
        """The entries of one person or company (名单查询); `reference` is that of the question."""
        operation = "query"
        told = {
            "reference": self._line.reference(reference, operation),
            "subject_kind": subject_kind,
            "number": number,
        }
        read = self._line.tell("/queries", operation, told=told)
        try:
            _same(read, "reference", reference)
            _same(read, "number", number)
            return _entries(read.get("entries"))
        except ValueError as error:
            raise self._line.unreadable(operation, str(error)) from None

    def report(self, told: CreditReport) -> Receipt:
        """Tell of a record, or of what became of one (报送); the same reference is one report."""
        operation = "report"
        self._line.reference(told.reference, operation)
        read = self._line.tell("/reports", operation, told=asdict(told))
        return receipts.read(self._line, read, reference=told.reference)

    def ask(self, reference: str) -> Receipt | None:
        """Ask for a report by its reference; None when the platform has none."""
        operation = "ask"
        read = self._line.find(f"/reports/{self._line.reference(reference, operation)}", operation)
        return None if read is None else receipts.read(self._line, read, reference=reference)


def _same(read: Mapping[str, Any], key: str, wanted: str) -> None:
    if read.get(key) != wanted:
        raise ValueError(f"another {key}")


def _entries(read: Any) -> list[ListEntry]:
    if not isinstance(read, list) or len(read) > _MOST_ENTRIES:
        raise ValueError("entries are not a list")
    return [_entry(each) for each in read]


def _entry(read: Any) -> ListEntry:
    if not isinstance(read, dict) or read.get("list") not in LISTS:
        raise ValueError("not an entry of a known list")
    until = strict_json.optional_text(read, "until", longest=10)
    return ListEntry(
        kind=read["list"],
        authority=strict_json.text_of(read, "authority", longest=100),
        reason=strict_json.text_of(read, "reason", longest=300),
        since=date.fromisoformat(strict_json.text_of(read, "since", longest=10)),
        until=None if until is None else date.fromisoformat(until),
    )
