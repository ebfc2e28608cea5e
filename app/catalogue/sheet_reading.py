"""Reading a list of items from Excel (导入事项表): every bad row by sheet, row and reason, in Chinese.

Formulas are not calculated and macros are not looked at; a cell with a formula is named as a fault.
"""

import json
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from app.catalogue import rules, sheet_guard, sheet_opening, sheets
from app.catalogue.field_kinds import ABSENT
from app.catalogue.importing import Placed
from app.catalogue.item_fields import BY_NAME, label_of
from app.catalogue.item_shape import Finding
from app.catalogue.sheet_results import Located, SheetReading
from app.catalogue.sheets import GONE, KEY, MAIN, REST, Column

MOST_ROWS = 50_000
MOST_ITEMS = 5_000
MOST_FAULTS = 5_000
_MOST_COLUMNS = 256
_LONGEST = 32_767  # what Excel itself allows
_NOTHING = {GONE, "[]", '""', "null", "{}"}
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, ET.ParseError, EOFError, OSError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError, OverflowError),
)


class _TooManyFaults(Exception):
    """Nobody mends more at once, and a file of nothing else would fill the memory."""


@dataclass(slots=True)
class _Entry:
    """One item on its way: where its parts stand."""

    row: int
    cells: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    rest: dict[str, dict[int, tuple[int, str]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Book:
    """A workbook that is being read."""

    heads: dict[str, list[Any]] = field(default_factory=dict)
    rows: dict[tuple[str, int], list[Any]] = field(default_factory=dict)
    findings: list[Placed] = field(default_factory=list)
    entries: dict[str, _Entry] = field(default_factory=dict)
    refusing: int = 0

    def fault(self, sheet: str, row: int, *, where: str, rule: str, sentence: str) -> None:
        """Name a fault of one cell or row."""
        self.found(Located(row, Finding(where, rule, sentence), sheet))

    def whole_fault(self, rule: str, sentence: str) -> None:
        """Name what is wrong with the file itself."""
        self.findings.append(Located(0, Finding("file", rule, sentence), "整个文件"))

    def found(self, located: Located) -> None:
        """Take note of a finding; raises _TooManyFaults."""
        self.refusing += located.finding.refuses
        if self.refusing > MOST_FAULTS:
            raise _TooManyFaults
        self.findings.append(located)


def read_sheet(content: bytes) -> SheetReading:
    """Read and check a whole workbook. Never raises for what the file holds."""
    book = _Book()
    items: list[dict[str, Any]] = []
    try:
        if _is_read(book, content):
            items = [_item(book, entry) for entry in book.entries.values()]
    except _TooManyFaults:
        book.whole_fault("size", f"错误超过{MOST_FAULTS}处，只列出前面的，请先改好再导入")
    if not items and not book.findings:
        book.fault(MAIN, 0, where="items", rule="required", sentence="表里没有事项")
    return SheetReading(items, book.findings, book.heads, book.rows)


def _is_read(book: _Book, content: bytes) -> bool:
    """Whether the file could be read to its end; what is wrong with it is a fault of the whole file."""
    try:
        sheet_guard.look(content)
        _read_all(book, content)
    except sheet_guard.Unsafe as error:
        book.whole_fault(error.rule, error.sentence)
    except _DAMAGED:
        book.whole_fault("file", "表格损坏，请用表格软件另存为新的.xlsx文件")
    return not any(placed.line == 0 for placed in book.findings)


def _read_all(book: _Book, content: bytes) -> None:
    opened = sheet_opening.opened(content)
    try:
        if MAIN not in opened.sheetnames:
            book.whole_fault("sheet", f"没有名为“{MAIN}”的表，请用下载的模板填写")
            return
        for name in sheets.sheet_names():
            if name in opened.sheetnames:
                _read_fields(book, opened, name)
        if REST in opened.sheetnames:
            _read_rest(book, opened)
    finally:
        opened.close()


def _rows(book: _Book, opened: Workbook, name: str) -> Iterator[tuple[int, list[Any]]]:
    """The rows that hold something, with their number; the first is the head."""
    sheet = opened[name]
    if not hasattr(sheet, "reset_dimensions"):  # a chart is a sheet too
        book.fault(name, 0, where="file", rule="sheet", sentence="这张表里没有单元格，请用下载的模板填写")
        return
    found = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS)
    before: object = None
    for number, cells in enumerate(found, start=1):
        if number > MOST_ROWS + 1:
            told = f"超过{MOST_ROWS}行，请分成几个文件导入"
            book.fault(name, number, where="file", rule="size", sentence=told)
            return
        if cells is before:
            continue  # for rows that are not there the library has one and the same
        before = cells
        values = [_value(book, name, cell, row=number) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if any(value is not None for value in values):
            yield number, values


def _value(book: _Book, sheet: str, cell: Any, *, row: int) -> Any:
    value = cell.value
    where = "" if value is None else f"{cell.column_letter}{row}"
    if value is not None and cell.data_type in {"f", "e"}:
        told = "是公式，请改成填好的内容" if cell.data_type == "f" else "是出错的单元格，请重新填写"
        book.fault(sheet, row, where=where, rule="formula", sentence=told)
        return None
    if isinstance(value, str) and len(value) > _LONGEST:
        book.fault(sheet, row, where=where, rule="length", sentence=f"超过{_LONGEST}个字")
        return None
    return None if isinstance(value, str) and not value.strip() else value


def _read_fields(book: _Book, opened: Workbook, name: str) -> None:
    found = _rows(book, opened, name)
    number, head = next(found, (1, []))
    book.heads[name] = head
    placed = _head(book, name, head, row=number)
    if placed is None:
        return
    for row, values in found:
        cells = _cells(book, name, row=row, values=values, placed=placed)
        key = cells.get(KEY.name)
        if isinstance(key, str) and key.startswith(sheets.EXAMPLE):
            continue
        book.rows[name, row] = values
        if not isinstance(key, str):
            book.fault(name, row, where=KEY.name, rule="required", sentence="没有填")
        elif name == MAIN:
            _begin(book, row, key=key, cells=cells)
        elif key not in book.entries:
            book.fault(name, row, where=KEY.name, rule="link", sentence=f"“{key}”不在“{MAIN}”表里")
        else:
            entry, table = book.entries[key], sheets.table_of(name).name
            del cells[KEY.name]
            entry.rows.setdefault(table, []).append(cells)
            entry.places.setdefault(table, []).append(row)


def _begin(book: _Book, row: int, *, key: str, cells: dict[str, Any]) -> None:
    if key in book.entries:
        told = f"{key}与第{book.entries[key].row}行重复"
        book.fault(MAIN, row, where=KEY.name, rule="unique", sentence=told)
    elif len(book.entries) == MOST_ITEMS:
        book.fault(
            MAIN, row, where=KEY.name, rule="size", sentence=f"超过{MOST_ITEMS}个事项，请分成几个文件导入"
        )
    else:
        book.entries[key] = _Entry(row, cells)


def _head(book: _Book, name: str, head: list[Any], *, row: int) -> dict[int, Column] | None:
    """Which column stands where; None when the sheet cannot be read."""
    known = {alias: column for column in sheets.columns(name) for alias in (column.label, column.path)}
    placed: dict[int, Column] = {}
    for place, said in enumerate(head):
        title = "" if said is None else "".join(str(said).split()).removesuffix("*")
        if not title:
            continue
        column = known.get(title)
        if column is None:
            told = f"不认识列名“{title[:40]}”，请改成模板里的列名，或删掉这一列"
            book.fault(name, row, where="head", rule="head", sentence=told)
        elif column in placed.values():
            book.fault(name, row, where="head", rule="head", sentence=f"列名“{title}”重复")
        else:
            placed[place] = column
    if not any(column.path == KEY.name for column in placed.values()):
        book.fault(name, row, where="head", rule="head", sentence=f"缺少“{KEY.label}”列")
        return None
    return placed


def _cells(
    book: _Book, name: str, *, row: int, values: list[Any], placed: Mapping[int, Column]
) -> dict[str, Any]:
    """The values of one row by path; what stands outside the named columns is a fault, not lost."""
    cells: dict[str, Any] = {}
    for place, value in enumerate(values):
        column = placed.get(place)
        if column is None:
            if value is not None:
                book.fault(
                    name, row, where="head", rule="head", sentence=f"第{place + 1}列没有认得的列名，却有内容"
                )
            continue
        try:
            found = sheets.from_cell(column.field, value)
        except sheets.BadCell as error:
            book.fault(name, row, where=column.path, rule="digits", sentence=str(error))
            continue
        if found is not ABSENT:
            cells[column.path] = found
    return cells


def _read_rest(book: _Book, opened: Workbook) -> None:
    found = _rows(book, opened, REST)
    _, book.heads[REST] = next(found, (1, list(sheets.REST_HEAD)))
    for row, values in found:
        book.rows[REST, row] = values
        key, shown, number, piece = (*values, None, None, None, None)[:4]
        entry = book.entries.get(str(key))
        name = _name(shown)
        if entry is None:
            book.fault(REST, row, where=KEY.name, rule="link", sentence=f"“{key}”不在“{MAIN}”表里")
        elif name is None or not isinstance(number, int) or not isinstance(piece, str):
            book.fault(REST, row, where="rest", rule="rest", sentence="这张表由导出生成，请不要手工改动")
        elif number in entry.rest.setdefault(name, {}):
            book.fault(REST, row, where="rest", rule="rest", sentence=f"{name}的序号{number}重复")
        else:
            entry.rest[name][number] = (row, piece)


def _name(shown: object) -> str | None:
    try:
        return sheets.name_of(shown) if isinstance(shown, str) else None
    except ValueError:
        return None


def _item(book: _Book, entry: _Entry) -> dict[str, Any]:
    item = sheets.item_of(entry.cells, entry.rows)
    for name, pieces in entry.rest.items():
        row = min(row for row, _ in pieces.values())
        whole = "".join(piece for _, (_, piece) in sorted(pieces.items()))
        if _is_filled(entry, name):
            if whole not in _NOTHING:  # of an empty field the sheets may say more
                told = f"“{label_of(name)}”两处都填了，请删掉“{REST}”表里的这几行"
                book.fault(REST, row, where=name, rule="rest", sentence=told)
            continue
        if whole == GONE:
            item.pop(name, None)
            continue
        try:
            item[name] = json.loads(whole)
        except (ValueError, RecursionError):
            book.fault(REST, row, where=name, rule="rest", sentence="内容不完整，请重新导出")
    for finding in rules.check(item):
        sheet, row = _place(entry, finding.field)
        book.found(Located(row, finding, sheet))
    return item


def _is_filled(entry: _Entry, name: str) -> bool:
    """Whether the sheets hold a field themselves."""
    return bool(entry.rows.get(name)) or any(path.partition(".")[0] == name for path in entry.cells)


def _place(entry: _Entry, path: str) -> tuple[str, int]:
    """Sheet and row of what a finding is about."""
    name, _, rest = path.partition("[")
    number = rest.partition("]")[0]
    if name in entry.rest:
        return REST, min(row for row, _ in entry.rest[name].values())
    places = entry.places.get(name, [])
    if number.isdecimal() and int(number) < len(places):
        return BY_NAME[name].label, places[int(number)]
    return MAIN, entry.row
