"""Mobile numbers as people type them (手机号)."""

import re
import unicodedata

from app.check_characters import visible
from app.crypto import blind_index
from app.people.errors import PhoneUnreadable

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_BETWEEN = re.compile(r"[\s\-()·.]+")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)", re.ASCII)
_LONGEST_TYPED = 40


def normal(typed: str) -> str:
    """The eleven digits of a mainland mobile number, however it was typed; raises PhoneUnreadable.

    Full-width digits, blanks, hyphens, +86 and marks that nobody sees are taken, since people copy numbers
    from everywhere.
    """
    if len(typed) > _LONGEST_TYPED:
        raise PhoneUnreadable(errors={"phone": [PhoneUnreadable.message]})
    digits = _COUNTRY.sub("", _BETWEEN.sub("", visible(unicodedata.normalize("NFKC", typed))))
    if not _MOBILE.fullmatch(digits):
        raise PhoneUnreadable(errors={"phone": [PhoneUnreadable.message]})
    return digits


def index(phone: str) -> bytes:
    """The keyed hash by which a normal number is found again."""
    return blind_index(phone, purpose="citizens.phone")


def masked(phone: str | None) -> str | None:
    """A number as it may be shown on a screen that others see: 138****5678."""
    return None if phone is None else f"{phone[:3]}****{phone[-4:]}"
