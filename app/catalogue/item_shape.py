"""What each field of an item may hold (事项要素校验), by the table of fields; sentences are for clerks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalogue.field_kinds import Field, Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one item: where, against which rule, in one sentence."""

    field: str
    rule: str
    sentence: str
    refuses: bool = True


_LONGEST_TEXT = 20_000  # characters
_DEEPEST = 32
_BEYOND = 2**63
# Material and fee codes stand in addresses and in columns of this length.
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TYPES: Mapping[Kind, tuple[type, str]] = {
    Kind.TEXT: (str, "文字"),
    Kind.WHOLE: (int, "整数"),
    Kind.FLAG: (bool, "“是”或“否”"),
    Kind.TEXTS: (list, "一组文字"),
    Kind.ROWS: (list, "一张子表"),
    Kind.GROUP: (dict, "一组内容"),
}


def unstorable(value: object, path: str = "", *, depth: int = 0) -> Iterator[Finding]:
    """What no guide can hold: NUL, half a character, a number beyond 64 bits, a text or nest without end."""
    where = path or "item"
    if isinstance(value, str):
        yield from _unstorable_text(where, value)
    elif isinstance(value, int | float) and not -_BEYOND < value < _BEYOND:
        yield Finding(where, "number", "数太大，存不下")
    elif isinstance(value, dict | list) and depth > _DEEPEST:
        yield Finding(where, "depth", f"嵌套超过{_DEEPEST}层，请拆开写")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from unstorable(key, path)
            yield from unstorable(inner, f"{path}.{key}" if path else str(key), depth=depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from unstorable(inner, f"{path}[{place}]", depth=depth + 1)


def _unstorable_text(where: str, value: str) -> Iterator[Finding]:
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        told = where.encode("utf-8", "replace").decode()
        yield Finding(told, "characters", "含有存不下的字符，请重新输入这段文字")
    if len(value) > _LONGEST_TEXT:
        yield Finding(where, "length", f"有{len(value)}个字，最多{_LONGEST_TEXT}个字")


def check_field(
    path: str, value: Any, field: Field, *, ours: bool, absent_is_fine: bool
) -> Iterator[Finding]:
    """What one field breaks; `absent_is_fine` when its source does not publish it."""
    wanted, said = _TYPES[field.kind]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        yield Finding(path, "type", f"要填{said}")
    elif isinstance(value, int):
        if wanted is int and not 0 <= value <= field.longest:
            yield Finding(path, "range", f"要在0到{field.longest}之间")
    elif isinstance(value, str):
        yield from _check_text(path, value, field)
    elif isinstance(value, list):
        if len(value) < field.fewest and not absent_is_fine:
            yield Finding(path, field.rule, f"至少要有{field.fewest}项")
        yield from _check_list(path, value, field, ours=ours)
    elif isinstance(value, dict):
        yield from check_parts(path, value, field.parts, ours=ours)


def check_parts(
    path: str, value: Mapping[str, Any], parts: tuple[Field, ...], *, ours: bool
) -> Iterator[Finding]:
    """What the parts of one object break; a text that may be left out may also be empty."""
    for part in parts:
        where = f"{path}.{part.name}"
        needed = part.needed and (ours or not part.ours)
        found = value.get(part.name)
        empty = part.name not in value or (found == "" and part.kind is Kind.TEXT)
        if empty and needed:
            yield Finding(where, part.rule, "没有填")
        elif not empty and not (found is None and part.nullable):
            yield from check_field(where, found, part, ours=ours, absent_is_fine=False)


def _check_text(path: str, value: str, field: Field) -> Iterator[Finding]:
    if field.words is not None:
        if value not in field.words:
            yield Finding(path, "code", f"“{value[:50]}”不在代码表里，可填：{'、'.join(field.words)}")
    elif not field.fewest <= len(value) <= field.longest:
        yield Finding(path, "length", f"有{len(value)}个字，要{field.fewest}到{field.longest}个字")
    elif field.plain and not _PLAIN.fullmatch(value):
        yield Finding(path, "code", "只能用1到64个字母、数字、点和横线")
    elif field.digest and not _DIGEST.fullmatch(value):
        yield Finding(path, "code", "要填上传文件后得到的校验值，64个小写的十六进制字符")
    elif field.date and value and not is_date(value):
        yield Finding(path, "date", "要写成2026-11-20这样的日期")


def _check_list(path: str, values: list[Any], field: Field, *, ours: bool) -> Iterator[Finding]:
    for place, value in enumerate(values):
        where = f"{path}[{place}]"
        if field.kind is Kind.ROWS:
            if isinstance(value, dict):
                yield from check_parts(where, value, field.parts, ours=ours)
            else:
                yield Finding(where, "type", "要填一行内容")
        elif not isinstance(value, str):
            yield Finding(where, "type", "要填文字")
        elif field.words is not None and value not in field.words:
            yield Finding(where, "code", f"“{value[:50]}”不在代码表里，可填：{'、'.join(field.words)}")


def is_date(text: object) -> bool:
    """Whether it is a date such as 2026-11-20."""
    if not isinstance(text, str):
        return False
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
