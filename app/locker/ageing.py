"""How long a photo of a paper may be used again (可再用多久), by the kind of material. Pure.

A year at most, whatever it is; a photo never grows younger by being used.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

_YEAR, _HALF_YEAR, _QUARTER = 12, 6, 3
# Codes of the national exchange tables (材料类型).
_FORM, _OTHER = "2", "3"
# Certificates by name that say how something is today rather than what was granted.
_SOON_STALE = frozenset({"CREDIT", "LOAN", "MED_EXAM", "INSPECT", "TAX", "INSURANCE", "LEASE", "BANK", "ORG"})


def months(material: Mapping[str, Any]) -> int:
    """For how many months after it was taken a photo may be used again; 0: never.

    A form is written for one matter (申请表格文书): never. A certificate with a place in the certificate
    library is good for a year, other proofs for three months; portraits and the rest for six, as the usual
    “近6个月内” asks.
    """
    if material.get("material_type") == _FORM:
        return 0
    if material.get("material_type") == _OTHER:
        return _HALF_YEAR
    licence = material.get("license_key")
    return _YEAR if licence and licence not in _SOON_STALE else _QUARTER


def last_day(taken_on: date, after_months: int) -> date:
    """The last day on which a photo may be used: the same day of a later month, or that month's last."""
    year, month = divmod(taken_on.year * 12 + taken_on.month - 1 + after_months, 12)
    return date(year, month + 1, min(taken_on.day, monthrange(year, month + 1)[1]))


def kind_of(name: str) -> str:
    """What makes a material the same kind of thing in another case: its name without spaces."""
    return "".join(name.split())
