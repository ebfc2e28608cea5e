"""What the fields of a subscribe message may hold; anything else is 47003 (platform's field types)."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from .message_templates import FIELDS, KEY_OF, WECHAT_TEMPLATES
from .wechat_errors import Refusal

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_MONTH_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = rf"\d{{4}}(?:年{_MONTH}月{_MONTH_DAY}日|[-/]{_MONTH}[-/]{_MONTH_DAY})"
_MOMENT = rf"(?:{_DAY} ?)?{_CLOCK}"
_DATE = rf"{_DAY}(?: ?{_CLOCK})?"
_CURRENCY = r"[¥￥$€£]"

PATTERNS = {
    "number": re.compile(r"-?\d+(?:\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "character_string": re.compile(r"[\x21-\x7e]{1,32}"),
    "time": re.compile(rf"{_MOMENT}(?: ?~ ?{_MOMENT})?"),
    "date": re.compile(rf"{_DATE}(?: ?~ ?{_DATE})?"),
    "amount": re.compile(rf"{_CURRENCY}?\d{{1,10}}(?:\.\d+)?元?"),
    "phone_number": re.compile(r"[\d+\-() ]{1,17}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "name": re.compile(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .'\-]{1,20}"),
}
LONGEST = {"thing": 20, "number": 32, "symbol": 5, "car_number": 8}


def _is_symbols(value: str) -> bool:
    return all(unicodedata.category(letter)[0] in "PS" for letter in value)


SPECIAL: dict[str, Callable[[str], bool]] = {"symbol": _is_symbols}


def check_data(template_id: str, data: Any) -> dict[str, str]:
    """Check a message's data against its approved template and return field → value.

    Raises Refusal 40037 for a template that nobody has approved, 47003 naming the first bad field.
    """
    if template_id not in WECHAT_TEMPLATES.values():
        raise Refusal(40037)
    if not isinstance(data, dict):
        raise Refusal(47003, "data is empty")
    wanted = FIELDS[KEY_OF[template_id]]
    for name in data:
        if name not in wanted:
            raise Refusal(47003, f"data.{name} is not in the template")
    return {name: _check_field(name, data.get(name)) for name in wanted}


def is_valid(name: str, value: str) -> bool:
    """Whether a field of this name (`thing1`, `time3`, …) may hold the value. Every character counts one."""
    kind = name.rstrip("0123456789")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in value):
        return False
    if len(value) > LONGEST.get(kind, 64):
        return False
    if kind in PATTERNS:
        return PATTERNS[kind].fullmatch(value) is not None
    return SPECIAL.get(kind, bool)(value)


def _check_field(name: str, given: Any) -> str:
    value = given.get("value") if isinstance(given, dict) else None
    if value is None or value == "":
        raise Refusal(47003, f"data.{name}.value is empty")
    if not isinstance(value, str) or not is_valid(name, value):
        raise Refusal(47003, f"data.{name}.value invalid")
    return value
