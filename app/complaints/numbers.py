"""Complaint numbers (诉求编号)."""

import re

from sqlalchemy import Sequence, select
from sqlalchemy.orm import Session

from app import clock
from app.check_characters import mod_37_36, tidy
from app.db import Base

# Eight digits; it starts again after 99,999,999, and the date keeps the numbers apart.
COMPLAINT_NUMBERS = Sequence(
    "complaint_numbers", minvalue=1, maxvalue=99_999_999, cycle=True, metadata=Base.metadata
)
_PREFIX = "TS"
_WRITTEN = re.compile(r"TS[0-9]{16}[0-9A-Z]")


def new_complaint_no(session: Session) -> str:
    """A number nobody has: TS, the date in Shanghai (8), a sequence (8), a check character MOD 37,36."""
    body = f"{clock.today():%Y%m%d}{session.scalar(select(COMPLAINT_NUMBERS.next_value())):08d}"
    return f"{_PREFIX}{body}{mod_37_36(body)}"


def complaint_no(text: str) -> str | None:
    """The number as it is stored, or None when a text cannot be one; spaces and small letters are fine."""
    number = tidy(text)
    if _WRITTEN.fullmatch(number) is None or mod_37_36(number[2:-1]) != number[-1]:
        return None
    return number
