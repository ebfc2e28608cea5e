"""The code that one investment project keeps through all approvals (投资项目统一代码).

24 characters, the hyphens included: year, place, branch of the economy, kind of project, serial number, as
in 2026-350102-48-01-000123. Published with the online platform for the approval of investment projects; it
has no check character.
"""

import re
from datetime import date

from app.check_characters import tidy

_PARTS = (4, 6, 2, 2, 6)
_WRITTEN = re.compile(
    r"(?P<year>20[0-9]{2})-[0-9]{6}-(?P<branch>[0-9]{2})-(?P<kind>0[1-9])-(?P<serial>[0-9]{6})"
)
_FIRST_YEAR = 2014  # no project got a code before
_DASHES = re.compile(r"[\u2010-\u2015\u2212_]")
_LAST_BRANCH = 97  # of GB/T 4754


def written(text: str) -> str:
    """The code as it is kept: whatever dash was typed, or none, becomes the hyphen between its parts."""
    plain = _DASHES.sub("-", tidy(text))
    digits = plain.replace("-", "")
    if len(digits) != sum(_PARTS) or not (digits.isascii() and digits.isdigit()):
        return plain
    starts = [sum(_PARTS[:place]) for place in range(len(_PARTS))]
    return "-".join(digits[start : start + length] for start, length in zip(starts, _PARTS, strict=True))


def is_right(code: str, *, today: date) -> bool:
    """Whether it can be a project's code: of a year that has begun, a branch of GB/T 4754, a kind."""
    found = _WRITTEN.fullmatch(code)
    return (
        found is not None
        and _FIRST_YEAR <= int(found["year"]) <= today.year
        and 0 < int(found["branch"]) <= _LAST_BRANCH
    )
