"""Supervision numbers (监察编号): at most twenty characters (GB/T 39046 table 11)."""

from sqlalchemy import Sequence, func, select
from sqlalchemy.orm import Session

from app import clock
from app.check_characters import mod_37_36
from app.db import Base

# Eight digits; it starts again after 99,999,999, and the date keeps the numbers apart.
SUPERVISION_NUMBERS = Sequence(
    "supervision_numbers", minvalue=1, maxvalue=99_999_999, cycle=True, metadata=Base.metadata
)
_PREFIX = "JC"


def new_numbers(session: Session, many: int) -> list[str]:
    """Numbers nobody has: JC, the date in Shanghai (8), a sequence (8), a check character MOD 37,36."""
    next_ones = select(SUPERVISION_NUMBERS.next_value()).select_from(func.generate_series(1, many))
    bodies = [f"{clock.today():%Y%m%d}{number:08d}" for number in session.scalars(next_ones)]
    return [f"{_PREFIX}{body}{mod_37_36(body)}" for body in bodies]
