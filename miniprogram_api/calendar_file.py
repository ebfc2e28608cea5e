"""A visit as a calendar entry (日历文件), RFC 5545."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app import clock

_LONGEST = 75  # octets of a line, RFC 5545 3.1
_HOUR = "-PT2H"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a calendar: when, what, where; `at` is the place as latitude and longitude."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    summary: str
    description: str
    location: str = ""
    at: tuple[float, float] | None = None


def calendar_file(entry: Entry, *, host: str) -> bytes:
    """The file; what is cancelled says so, and phones that asked again take it away."""
    where = [f"LOCATION:{_text(entry.location)}"] if entry.location else []
    if entry.at is not None:
        where.append(f"GEO:{entry.at[0]};{entry.at[1]}")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yima//Appointments//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}@{host}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"DTSTART:{_moment(entry.starts_at)}",
        f"DTEND:{_moment(entry.ends_at)}",
        f"SEQUENCE:{int(clock.now().timestamp())}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(entry.summary)}",
        *where,
        f"DESCRIPTION:{_text(entry.description)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(entry.summary)}",
        f"TRIGGER:{_HOUR}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets that never cut a character."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > _LONGEST:
            pieces.append(piece)
            piece = b" "  # a folded line goes on after one space, which counts
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
