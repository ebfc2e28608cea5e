"""Writing sheets (导出事项表、下载模板、问题清单): what `sheet_reading` reads, and its report of bad rows."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.catalogue import codes, sheets
from app.catalogue.field_kinds import ABSENT, Field, Kind
from app.catalogue.item_fields import FIELDS
from app.catalogue.sheet_results import Located, SheetReading
from app.catalogue.sheets import GONE, KEY, MAIN, REST, SEE_REST, WORDS, Column

Item = dict[str, Any]

_EXAMPLE = Path(__file__).parent / "sheet_example.json"
_HEAD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_NEEDED = PatternFill("solid", fgColor="FFF2CC")
_WIDTH = 22
_PIECE = 30_000
_ROWS_WITH_LISTS = 2_000
_YES_NO = '"是,否"'


def export(items: Iterable[Item]) -> bytes:
    """Items as a workbook that is read back exactly."""
    book = Workbook(write_only=True)
    made = {name: book.create_sheet(name) for name in (*sheets.sheet_names(), REST)}
    for name, sheet in made.items():
        sheet.freeze_panes = "B2"
        head = sheets.REST_HEAD if name == REST else [column.label for column in sheets.columns(name)]
        sheet.append([_cell(sheet, said, bold=True) for said in head])
    for item in items:
        _append(made, item)
    return _saved(book)


def template() -> bytes:
    """An empty workbook to fill in: notes at the heads, lists to choose from, and an example."""
    book = Workbook()
    book.remove(book.active)
    ranges = _write_words(book)
    example = orjson.loads(_EXAMPLE.read_bytes())
    for place, name in enumerate(sheets.sheet_names()):
        sheet = book.create_sheet(name, place)
        sheet.freeze_panes = "B2"
        asked = [column for column in sheets.columns(name) if not column.field.derived]
        for number, column in enumerate(asked, start=1):
            _write_head(sheet, number, column)
            _offer_words(sheet, number, column.field, ranges=ranges)
        for row, value in enumerate(_example_rows(name, example), start=2):
            cells = sheets.cells_of(asked, value)
            for number, column in enumerate(asked, start=1):
                said = cells.get(column.path)
                if column.path == KEY.name:
                    said = f"{sheets.EXAMPLE}：{example[KEY.name]}"
                if said is not None:
                    _put(sheet.cell(row, number), said).alignment = _WRAP
    book.active = 0
    return _saved(book)


def report(reading: SheetReading) -> bytes:
    """The bad rows as they came, each with the column 问题 behind it, and what concerns the whole file."""
    book = Workbook(write_only=True)
    told: dict[tuple[str, int], list[str]] = {}
    for placed in reading.findings:
        sheet = placed.sheet if isinstance(placed, Located) else MAIN
        words = placed.words if isinstance(placed, Located) else placed.finding.sentence
        mark = "" if placed.finding.refuses else "提醒："
        told.setdefault((sheet, placed.line), []).append(f"{mark}{words}")
    for name in dict.fromkeys(sheet for sheet, row in told if (sheet, row) in reading.rows):
        _report_sheet(book, name, reading, told=told)
    whole = book.create_sheet("整个文件")
    whole.append([_cell(whole, said, bold=True) for said in ("表", "原行号", "问题")])
    for (sheet, row), lines in told.items():
        if (sheet, row) not in reading.rows:
            whole.append([_cell(whole, sheet), row, _cell(whole, "\n".join(lines))])
    if not told:
        whole.append([None, None, _cell(whole, "没有发现问题")])
    return _saved(book)


def _report_sheet(
    book: Workbook, name: str, reading: SheetReading, *, told: dict[tuple[str, int], list[str]]
) -> None:
    sheet = book.create_sheet(name)
    head = list(reading.heads.get(name, ()))
    sheet.append([_cell(sheet, said, bold=True) for said in (*head, "问题", "原行号")])
    for (of, row), words in sorted(told.items()):
        values = reading.rows.get((of, row))
        if of == name and values is not None:
            padded = [*values, *[None] * (len(head) - len(values))]
            sheet.append([*(_cell(sheet, value) for value in padded), _cell(sheet, "\n".join(words)), row])


def _append(made: dict[str, Any], item: Item) -> None:
    """One item on all sheets; what the sheets would not give back exactly goes to the sheet REST."""
    cells = sheets.cells_of(sheets.columns(MAIN), item)
    rows = {
        name: _cells_of_rows(name, item.get(sheets.table_of(name).name)) for name in sheets.sheet_names()[1:]
    }
    back = sheets.item_of(
        sheets.read_back(sheets.columns(MAIN), cells),
        {
            sheets.table_of(name).name: [sheets.read_back(sheets.columns(name)[1:], row) for row in found]
            for name, found in rows.items()
        },
    )
    known = dict.fromkeys([*(field.name for field in FIELDS), *item])
    lossy = [name for name in known if _bytes(item, name) != _bytes(back, name)]
    for path in cells:
        if path.partition(".")[0] in lossy:
            cells[path] = SEE_REST
    _append_row(made[MAIN], sheets.columns(MAIN), cells)
    for name, found in rows.items():
        for row in found if sheets.table_of(name).name not in lossy else ():
            _append_row(made[name], sheets.columns(name), {**row, KEY.name: item[KEY.name]})
    for name in lossy:
        whole = sheets.exact(item[name]) if name in item else GONE
        for number, start in enumerate(range(0, len(whole), _PIECE), start=1):
            piece = whole[start : start + _PIECE]
            _append_piece(made[REST], item[KEY.name], name, number=number, piece=piece)


def _cells_of_rows(name: str, found: object) -> list[dict[str, Any]]:
    """What stands in the cells of a list; nothing of what is no list of objects, which goes to REST."""
    rows = found if isinstance(found, list) else []
    return [sheets.cells_of(sheets.columns(name)[1:], row) for row in rows if isinstance(row, dict)]


def _append_piece(sheet: Any, key: str, name: str, *, number: int, piece: str) -> None:
    sheet.append([_cell(sheet, said) for said in (key, sheets.shown_name(name), number, piece)])


def _bytes(item: Item, name: str) -> object:
    return orjson.dumps(item[name], option=orjson.OPT_SORT_KEYS) if name in item else ABSENT


def _append_row(sheet: Any, columns: Sequence[Column], cells: dict[str, Any]) -> None:
    sheet.append([_cell(sheet, cells.get(column.path)) for column in columns])


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """A cell; a text that begins like a formula or an error stays a text."""
    if value is None:
        return None
    made = _put(WriteOnlyCell(sheet), value)
    if bold:
        made.font = _HEAD
    return made


def _put(cell: Any, value: Any) -> Any:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"  # so that Excel does not take a code for a number when it is edited
    return cell


def _write_words(book: Workbook) -> dict[str, str]:
    """The code lists with their origin, and where each stands."""
    sheet = book.create_sheet(WORDS)
    ranges: dict[str, str] = {}
    for number, words in enumerate(codes.LISTS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTH
        sheet.cell(1, number, words.title).font = _HEAD
        sheet.cell(2, number, f"出处：{words.origin}").alignment = _WRAP
        for row, code in enumerate(words, start=3):
            _put(sheet.cell(row, number), sheets.shown_word(words, code))
        ranges[words.title] = f"'{WORDS}'!${letter}$3:${letter}${len(words) + 2}"
    return ranges


def _write_head(sheet: Any, number: int, column: Column) -> None:
    cell = sheet.cell(1, number, f"{column.label}*" if column.field.needed else column.label)
    cell.font = _HEAD
    if column.field.needed:
        cell.fill = _NEEDED
    cell.comment = Comment(_note(column), "一码办", width=260, height=120)
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = _WIDTH
    if column.field.kind in {Kind.TEXT, Kind.TEXTS}:
        sheet.column_dimensions[letter].number_format = "@"


def _note(column: Column) -> str:
    told = [f"字段名：{column.path}", column.field.note]
    field = column.field
    if field.kind is Kind.TEXTS:
        told.append("可填多项，一行一项（单元格内换行）")
    if field.kind is Kind.WHOLE:
        told.append(f"填整数，0到{field.longest}")
    if field.words is not None:
        told.append(f"见“{WORDS}”表“{field.words.title}”")
    if field.date:
        told.append("写成2026-11-20")
    return "\n".join(line for line in told if line)


def _offer_words(sheet: Any, number: int, field: Field, *, ranges: dict[str, str]) -> None:
    source = _YES_NO if field.kind is Kind.FLAG else None
    if field.words is not None and field.kind is Kind.TEXT:
        source = ranges[field.words.title]
    if source is None:
        return
    offered = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    offered.error = "请从列表里选"
    letter = get_column_letter(number)
    offered.add(f"{letter}2:{letter}{_ROWS_WITH_LISTS}")
    sheet.add_data_validation(offered)


def _example_rows(sheet: str, example: Item) -> list[Item]:
    if sheet == MAIN:
        return [example]
    rows: list[Item] = example.get(sheets.table_of(sheet).name) or []
    return rows


def _saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
