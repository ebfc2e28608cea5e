"""What a message is made of (消息草稿): a draft, the platforms' templates, how their fields are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app import clock

# A thing field holds twenty characters, counted one by one; longer ones are refused by the platform.
_THING = 20

CASE_PROGRESS = "case_progress"
APPOINTMENT_BOOKED = "appointment_booked"
PAYMENT_RESULT = "payment_result"
CERTIFICATE_READY = "certificate_ready"
VISIT_NOTICE = "visit_notice"
TEMPLATES = (CASE_PROGRESS, APPOINTMENT_BOOKED, PAYMENT_RESULT, CERTIFICATE_READY, VISIT_NOTICE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is stored; `subject` names the happening, `fields` fill the platform's template."""

    citizen_id: int
    subject: str
    title: str
    text: str
    page: str
    template: str
    fields: Mapping[str, str]
    must_arrive: bool = False
    # A company whose matter it is, and in which items: then all who handle these for the company are told.
    company: tuple[int, tuple[str, ...]] | None = None
    # The authority under which it was handed in: its agent follows it too (代办人).
    delegation_id: int | None = None


def company(organisation_id: int | None, *task_codes: str) -> tuple[int, tuple[str, ...]] | None:
    """The company of a matter, as a draft names it; None for a person's own."""
    return None if organisation_id is None else (organisation_id, task_codes)


def thing(text: str) -> str:
    """A text as a `thing` field: one line of at most twenty characters."""
    line = " ".join(text.split())
    return line if len(line) <= _THING else line[: _THING - 1] + "…"


def moment(at: datetime) -> str:
    """A time as a `time` field."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def yuan(fen: int) -> str:
    """Fen as yuan for people to read."""
    return f"{fen // 100}.{fen % 100:02d}"
