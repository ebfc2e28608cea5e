"""A visit as a calendar entry (日历文件), RFC 5545."""

from datetime import UTC, datetime

from app import clock
from app.appointments.models import AppointmentStatus, Visit

_LONGEST = 75  # octets of a line, RFC 5545 3.1
_HOUR = "-PT2H"


def calendar_file(visit: Visit, *, host: str) -> bytes:
    """The entry; a cancelled visit says so, and phones that asked again take it away."""
    cancelled = visit.status == AppointmentStatus.CANCELLED
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yima//Appointments//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:appointment-{visit.id}@{host}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"DTSTART:{_moment(visit.starts_at)}",
        f"DTEND:{_moment(visit.ends_at)}",
        f"SEQUENCE:{int(clock.now().timestamp())}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(visit.task_name)}",
        f"LOCATION:{_text(f'{visit.centre_name} {visit.address}')}",
        f"GEO:{visit.lat};{visit.lng}",
        f"DESCRIPTION:{_text(f'{visit.window_group}窗口。请带齐材料，到大厅出示预约码签到。')}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(visit.task_name)}",
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
