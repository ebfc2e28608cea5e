"""Lists of items as offices keep them: in and out of Excel (事项表)."""

import copy
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import rules, sheet_writing, sheets
from app.catalogue.field_kinds import Kind
from app.catalogue.item_fields import FIELDS
from app.catalogue.sheet_reading import read_sheet
from app.catalogue.sheet_results import Located, SheetReading
from tests.catalogue_fixtures import ID_LOST, item, record
from tests.city_fixtures import document

Change = Callable[[openpyxl.Workbook], object]


def _same(first: Any, second: Any) -> bool:
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def _changed(change: Change, *items: dict[str, Any]) -> SheetReading:
    """What is read after somebody has changed an exported workbook."""
    book = openpyxl.load_workbook(io.BytesIO(sheet_writing.export(items or [item()])))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return read_sheet(saved.getvalue())


def _set(sheet: str, label: str, value: Any, row: int = 2) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        head = [cell.value for cell in book[sheet][1]]
        book[sheet].cell(row, head.index(label) + 1).value = value

    return change


def _faults(reading: SheetReading) -> list[tuple[str, int, str, str]]:
    found = [one for one in reading.findings if isinstance(one, Located)]
    return [
        (one.sheet, one.line, one.finding.field, one.finding.rule) for one in found if one.finding.refuses
    ]


def _rows(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))


def test_the_whole_city_goes_through_a_workbook_unchanged() -> None:
    items = document("items.json")["items"]
    reading = read_sheet(sheet_writing.export(items))

    assert not reading.findings
    assert _same(reading.items, items)


def test_only_forms_and_questions_stand_in_cells_that_a_clerk_cannot_read() -> None:
    """They are edited on a page of their own; a list of an office carries them unharmed."""
    content = sheet_writing.export(document("items.json")["items"])
    head, *rest = _rows(content, sheets.REST)

    assert head == sheets.REST_HEAD
    assert {row[1] for row in rest} == {"form", "review_points", "situations"}


_TEXT = st.text(max_size=40)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_FITTING = {
    Kind.TEXT: _TEXT,
    Kind.TEXTS: st.lists(_TEXT, max_size=3),
    Kind.WHOLE: st.integers(0, 100),
    Kind.FLAG: st.booleans(),
    Kind.ROWS: st.lists(st.dictionaries(st.sampled_from(["name", "note", "question"]), _VALUE), max_size=2),
    Kind.GROUP: st.dictionaries(st.sampled_from(["text", "name", "bring"]), _VALUE),
}
_ANY_FIELD = st.sampled_from([field for field in FIELDS if field.name != "task_code"]).flatmap(
    lambda field: st.tuples(st.just(field.name), _FITTING[field.kind] | _VALUE)
)


@given(st.lists(_ANY_FIELD, max_size=6), st.dictionaries(_TEXT, _VALUE, max_size=2))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_an_item_holds_comes_back_from_a_workbook(
    changes: list[tuple[str, Any]], extra: dict[str, Any]
) -> None:
    wanted = {**extra, **item(), **dict(changes)}
    found = read_sheet(sheet_writing.export([wanted]))

    assert _same(found.items, [wanted])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "#N/A",
        "_x0041_",
        "a\rb",
        " outer ",
        "第一行\n\n第三行",
        "长" * 33_000,
        "\u2028",
        sheets.SEE_REST,
    ],
)
def test_a_text_that_excel_would_change_stays_what_it_is(text: str) -> None:
    wanted = item(transact_time=text, plain_names=[text, "[]"], materials=[])

    assert _same(read_sheet(sheet_writing.export([wanted])).items, [wanted])


@pytest.mark.parametrize("value", [5, "文字", [1], {"name": "x"}, True])
def test_a_list_that_is_none_is_kept_as_it_is(value: Any) -> None:
    wanted = item(materials=value)

    assert _same(read_sheet(sheet_writing.export([wanted])).items, [wanted])


def test_a_field_with_an_odd_name_does_not_stop_the_report() -> None:
    reading = read_sheet(sheet_writing.export([{**item(), "materials[²]": [1e300]}]))

    assert reading.refused
    assert sheet_writing.report(reading)


def test_an_item_of_another_province_goes_through_as_well() -> None:
    wanted = {**record(), "task_code": ID_LOST, "task_name": "示例"}

    assert _same(read_sheet(sheet_writing.export([wanted])).items, [wanted])


def test_codes_may_be_typed_as_words_or_without_their_zero() -> None:
    def change(book: openpyxl.Workbook) -> None:
        _set("事项", "事项类型", "行政确认")(book)
        _set("事项", "服务对象", "自然人、2 企业法人")(book)
        _set("事项", "收费", "有")(book)
        _set("材料", "必要性", 1)(book)

    found = _changed(change).items[0]

    assert (found["task_type"], found["server_type"], found["is_fee"]) == ("07", ["1", "2"], True)
    assert found["materials"][0]["is_need"] == "1"


def test_a_type_typed_as_a_number_keeps_its_zero() -> None:
    assert _changed(_set("事项", "事项类型", 7)).items[0]["task_type"] == "07"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_set("事项", "承诺时限", "十天"), ("事项", 2, "promise_day", "type")),
        (_set("事项", "实施编码", 1.135010e30), ("事项", 2, "task_code", "digits")),
        (_set("事项", "实施编码", "=A3"), ("事项", 2, "S2", "formula")),
        (
            _set("材料", "材料名称", "法律法规规定的其他材料", 3),
            ("材料", 3, "materials[1].name", "catch_all"),
        ),
        (_set("材料", "材料类型", "9"), ("材料", 2, "materials[0].material_type", "code")),
        (_set("收费", "收费项目", None), ("收费", 2, "fees[0].fee_name", "fee")),
        (_set("流程", "实施编码", "1" * 31), ("流程", 2, "task_code", "link")),
        (_set("流程", "实施编码", None), ("流程", 2, "task_code", "required")),
        (_set("流程", "环节", "#REF!"), ("流程", 2, "C2", "formula")),
        (_set("事项", "承诺时限", "x", 1), ("事项", 1, "head", "head")),
    ],
)
def test_a_bad_cell_is_named_by_sheet_row_and_rule(change: Change, fault: tuple[str, int, str, str]) -> None:
    found = _faults(_changed(change))
    if fault[3] == "formula":
        assert (*fault[:2], fault[3]) in [(sheet, row, rule) for sheet, row, _, rule in found]
    else:
        assert fault in found


def test_the_same_code_twice_is_refused() -> None:
    assert ("事项", 3, "task_code", "unique") in _faults(
        _changed(_set("事项", "实施编码", ID_LOST, 3), item(), item("marry"))
    )


def test_what_stands_beside_the_named_columns_is_not_lost_silently() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["流程"].cell(2, 30).value = "备注"

    assert ("流程", 2, "head", "head") in _faults(_changed(change))


def test_a_workbook_without_items_says_so() -> None:
    empty = sheet_writing.export([])

    assert _faults(read_sheet(empty)) == [("事项", 0, "items", "required")]


def test_a_field_filled_in_two_places_is_refused() -> None:
    wanted = item(transact_time=" 早上 ")

    assert [rule for *_, rule in _faults(_changed(_set("事项", "办理时间", "下午"), wanted))] == ["rest"]


def test_an_empty_field_may_be_filled_in() -> None:
    wanted = item(transact_addr=None, keywords=[])

    assert _changed(_set("事项", "办理地点", "示例路1号"), wanted).items[0]["transact_addr"] == "示例路1号"


def test_the_report_shows_the_bad_rows_as_they_came_with_the_reason() -> None:
    reading = _changed(_set("材料", "材料名称", "其他材料", 3), item(), item("marry"))
    head, *bad = _rows(sheet_writing.report(reading), "材料")

    assert head[-2:] == ("问题", "原行号")
    assert [(row[3], row[-1]) for row in bad] == [("其他材料", 3)]
    assert bad[0][-2].startswith("材料第2行·材料名称：不能要“其他材料”")


def test_the_report_of_a_good_workbook_says_so() -> None:
    report = sheet_writing.report(read_sheet(sheet_writing.export([item()])))

    assert _rows(report, "整个文件")[1][2] == "没有发现问题"


def test_the_template_holds_every_field_and_an_example_that_is_not_imported() -> None:
    content = sheet_writing.template()
    heads = {said.removesuffix("*") for said in _rows(content, "事项")[0]}
    wanted = {column.label for column in sheets.columns("事项") if not column.field.derived}

    assert heads == wanted
    assert _rows(content, "材料")[1][0].startswith("示例：")
    assert _faults(read_sheet(content)) == [("事项", 0, "items", "required")]


def test_the_example_of_the_template_can_be_imported_once_it_is_named_as_an_item() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_writing.template()))
    for name in sheets.sheet_names():
        for row in book[name].iter_rows(min_row=2):
            for cell in row:
                if str(cell.value).startswith("示例："):
                    cell.value = str(cell.value).removeprefix("示例：")
    saved = io.BytesIO()
    book.save(saved)
    reading = read_sheet(saved.getvalue())

    assert not reading.findings
    assert rules.check(reading.items[0]) == []
    assert all(reading.items[0][sheets.table_of(name).name] for name in sheets.sheet_names()[1:])


def test_the_template_offers_the_words_of_every_list() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_writing.template()))
    offered = book["事项"].data_validations.dataValidation

    assert {one.formula1 for one in offered if "是" in one.formula1} == {'"是,否"'}
    assert any(one.formula1.startswith("'代码'!") for one in offered)
    assert all("出处：" in cell.value for cell in book["代码"][2])


def test_every_head_is_its_own() -> None:
    for name in sheets.sheet_names():
        labels = [column.label for column in sheets.columns(name)]
        assert len(labels) == len(set(labels))


def test_a_copy_is_not_shared_between_rows() -> None:
    first, second = read_sheet(sheet_writing.export([item(), item("marry")])).items
    first["delegation"]["bring"].append("x")

    assert second == copy.deepcopy(item("marry"))
