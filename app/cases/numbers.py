"""Case numbers and query codes (办件编号、查询码)."""

import re
import secrets

from sqlalchemy import Sequence, select
from sqlalchemy.orm import Session

from app import clock, settings
from app.check_characters import mod_37_36, tidy
from app.db import Base

# Eight digits; it starts again after 99,999,999, and the date keeps the numbers apart.
CASE_NUMBERS = Sequence("case_numbers", minvalue=1, maxvalue=99_999_999, cycle=True, metadata=Base.metadata)

_WRITTEN = re.compile(r"[0-9]{22}[0-9A-Z]")


def new_case_no(session: Session) -> str:
    """A number nobody has: region (6), date in Shanghai (8), sequence (8), check character MOD 37,36."""
    sequence = session.scalar(select(CASE_NUMBERS.next_value()))
    body = f"{settings.current().region_code}{clock.today():%Y%m%d}{sequence:08d}"
    return body + mod_37_36(body)


def case_no(text: str) -> str | None:
    """The number as it is stored, or None when a text cannot be one; spaces and small letters are fine."""
    number = tidy(text)
    if _WRITTEN.fullmatch(number) is None or mod_37_36(number[:-1]) != number[-1]:
        return None
    return number


def new_query_code() -> str:
    """Six random digits with which a case is followed without a login."""
    return f"{secrets.randbelow(1_000_000):06d}"
