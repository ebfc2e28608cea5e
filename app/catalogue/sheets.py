"""The catalogue as sheets (事项清单表格): which column holds which field, and how a value stands in a cell.

One sheet for items and one for each of their lists, linked by the task code. What a cell cannot hold exactly
stands as JSON on a sheet of its own, so that a file that was exported can be imported without loss.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.catalogue.codes import CodeList
from app.catalogue.field_kinds import ABSENT, Field, Kind
from app.catalogue.item_fields import BY_NAME, FIELDS, tables

MAIN, REST, WORDS = "事项", "其他内容", "代码"
KEY = BY_NAME["task_code"]
REST_HEAD = (KEY.label, "字段", "序号", "内容")
GONE = "-"  # on the sheet REST: the item does not have this field
SEE_REST = f"见“{REST}”表"
LONGEST_CELL = 32_000
EXAMPLE = "示例"

_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_BETWEEN_CODES = re.compile(r"[\n、，,；;]+")
_TOO_MANY_DIGITS = 10**15
_YES, _NO = {"是", "有", "√", "✓", "1", "true", "y"}, {"否", "无", "×", "0", "false", "n"}

Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the path of its field below the row, and what stands above it."""

    path: str
    label: str
    field: Field


class BadCell(Exception):
    """A cell whose value was lost before it came to us."""


def columns(sheet: str) -> tuple[Column, ...]:
    """The columns of a sheet, the key first."""
    return _COLUMNS[sheet]


def sheet_names() -> tuple[str, ...]:
    """The sheets that hold fields, the items first."""
    return tuple(_COLUMNS)


def table_of(sheet: str) -> Field:
    """The field whose rows stand on a sheet."""
    return _TABLES[sheet]


def _columns_of_items() -> Iterator[Column]:
    for field in FIELDS:
        if field.kind is Kind.GROUP:
            for part in field.parts:
                yield Column(f"{field.name}.{part.name}", f"{field.label}·{part.label}", part)
        elif field.kind is not Kind.ROWS:
            yield Column(field.name, field.label, field)


_TABLES = {field.label: field for field in tables()}
_KEY_COLUMN = Column(KEY.name, KEY.label, KEY)
_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    MAIN: tuple(_columns_of_items()),
    **{
        name: (_KEY_COLUMN, *(Column(part.name, part.label, part) for part in field.parts))
        for name, field in _TABLES.items()
    },
}


def to_cell(field: Field, value: Any) -> str | int | None:
    """What stands in the cell for a value; nothing for what no cell can hold."""
    if value is None:
        return None
    if field.kind is Kind.FLAG:
        return {True: "是", False: "否"}.get(value) if isinstance(value, bool) else None
    if field.kind is Kind.WHOLE:
        return value if type(value) is int and abs(value) < _TOO_MANY_DIGITS else None
    if field.kind is Kind.TEXTS:
        lines = value if isinstance(value, list) else []
        return _fit("\n".join(_word(field.words, line) for line in lines if isinstance(line, str)))
    return _fit(_word(field.words, value)) if isinstance(value, str) else None


def _fit(text: str) -> str | None:
    return _UNFIT.sub("", text)[:LONGEST_CELL] or None


def _word(words: CodeList | None, value: str) -> str:
    return shown_word(words, value) if words is not None and value in words else value


def shown_word(words: CodeList, code: str) -> str:
    """A code with its word, as it stands in cells and in the lists to choose from."""
    return code if not code.isascii() else f"{code} {words[code]}"


def from_cell(field: Field, value: object) -> Any:
    """The value of a cell, ABSENT when it is empty; raises BadCell. Whether it is right, the rules say."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value in {"", SEE_REST}:
        return ABSENT
    if field.kind is Kind.FLAG:
        said = str(value).casefold()
        return True if said in _YES else False if said in _NO else value
    if field.kind is Kind.WHOLE:
        return _whole(value)
    text = _text(value)
    if field.kind is Kind.TEXTS:
        parts = _BETWEEN_CODES.split(text) if field.words is not None else text.split("\n")
        return [_code(field.words, part.strip()) for part in parts if part.strip()]
    return _code(field.words, text)


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer() and abs(value) < _TOO_MANY_DIGITS:
        return int(value)
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) < len(str(_TOO_MANY_DIGITS))
    ):
        return int(value)
    return value


def _text(value: object) -> str:
    """Text as it was typed; a code that Excel has taken for a number has lost its digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float) and abs(value) < _TOO_MANY_DIGITS:
        return str(int(value)) if float(value).is_integer() else str(value)
    raise BadCell("被表格软件改成了数字，后面的数位已丢失；请把这一列设成“文本”格式，再重新填写")


def _code(words: CodeList | None, text: str) -> str:
    """The code that is meant: alone, with its word behind it, by its word, or without its leading zero."""
    if words is None or text in words:
        return text
    first = text.split(maxsplit=1)[0]
    if first in words:
        return first
    by_word = [code for code, word in words.items() if word == text]
    if len(by_word) == 1:
        return by_word[0]
    padded = f"0{text}"
    return padded if padded in words else text


def item_of(cells: Cells, rows: Mapping[str, Iterable[Cells]]) -> dict[str, Any]:
    """An item from the values of its cells (by path, without empty ones) and of the rows of its lists."""
    item: dict[str, Any] = {}
    for field in FIELDS:
        if field.kind is Kind.ROWS:
            item[field.name] = [_object(field.parts, row, "") for row in rows.get(field.name, ())]
        elif field.kind is Kind.GROUP:
            prefix = f"{field.name}."
            if any(part.name and prefix + part.name in cells for part in field.parts):
                item[field.name] = _object(field.parts, cells, prefix)
        elif field.name in cells:
            item[field.name] = cells[field.name]
        elif field.blank is not ABSENT:
            item[field.name] = _copy(field.blank)
    return item


def _object(parts: tuple[Field, ...], cells: Cells, prefix: str) -> dict[str, Any]:
    made = {part.name: cells.get(prefix + part.name, part.blank) for part in parts}
    return {name: _copy(value) for name, value in made.items() if value is not ABSENT}


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def cells_of(columns_: Iterable[Column], value: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the cells of a row, by path."""
    cells: dict[str, Any] = {}
    for column in columns_:
        group, _, name = column.path.rpartition(".")
        inner = value.get(group) if group else value
        if isinstance(inner, Mapping):
            cells[column.path] = to_cell(column.field, inner.get(name))
    return cells


def read_back(columns_: Iterable[Column], cells: Cells) -> dict[str, Any]:
    """The values of cells, without empty ones; raises BadCell."""
    values = {column.path: from_cell(column.field, cells.get(column.path)) for column in columns_}
    return {path: value for path, value in values.items() if value is not ABSENT}


def shown_name(name: str) -> str:
    """A field's name as it stands on the sheet REST: an odd one as JSON."""
    return name if _PLAIN_NAME.fullmatch(name) else exact(name)


def name_of(shown: str) -> str:
    """The field's name behind it; raises ValueError."""
    return str(json.loads(shown)) if shown.startswith('"') else shown


def exact(value: Any) -> str:
    """A value as JSON that any sheet can hold: plain ASCII, without what Excel takes for an escape."""
    return json.dumps(value, sort_keys=True).replace("_x", "\\u005fx")
