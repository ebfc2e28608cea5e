from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases import forms
from app.cases.errors import FormRefused, FormTooLarge
from app.cases.forms import Form, FormField, Kind
from tests.case_fixtures import FORM

TODAY = date(2026, 11, 20)
BODY: dict[str, Any] = {"result": {"delivery": ["电子推送", "窗口自取"]}, "server_type": ["1"]}
EMPTY = Form({}, {})


def faults(**changes: str) -> dict[str, list[str]]:
    values = {**FORM, **changes}
    return forms.faults(forms.fields_of(BODY), values, today=TODAY)


def test_a_full_form_has_no_faults() -> None:
    assert faults() == {}


def test_everything_that_is_missing_is_named_at_once() -> None:
    found = forms.faults(forms.fields_of(BODY), {}, today=TODAY)

    assert set(found) == {"applicant_name", "id_number", "phone", "address", "delivery"}
    assert found["delivery"] == ["请选择结果领取方式"]


@pytest.mark.parametrize(
    ("field", "text"),
    [("id_number", "11010519491231002"), ("phone", "12345"), ("delivery", "无人机")],
)
def test_a_wrong_value_is_named_with_what_to_do(field: str, text: str) -> None:
    found = faults(**{field: text})

    assert set(found) == {field}
    assert "请" in found[field][0] or "应" in found[field][0]


def test_numbers_are_kept_as_they_are_written() -> None:
    typed = {"id_number": " １１０１０５19491231002x", "phone": "+86 138-0000-0000"}
    form = forms.merged(forms.fields_of(BODY), EMPTY, typed)

    assert form.values == {"id_number": "11010519491231002X", "phone": "13800000000"}


def test_marks_that_nobody_sees_neither_fill_a_field_nor_turn_it_round() -> None:
    typed = {"applicant_name": "\u200b", "address": "示例路\u202e1号", "phone": "\u202d13800000000\u202c"}
    form = forms.merged(forms.fields_of(BODY), EMPTY, typed)

    assert form.values == {"address": "示例路1号", "phone": "13800000000"}


def test_only_a_long_text_has_lines() -> None:
    form = forms.merged(forms.fields_of(BODY), EMPTY, {"applicant_name": "王\n小明", "note": "一\r\n二"})

    assert form.values == {"applicant_name": "王 小明", "note": "一\n二"}


def test_half_typed_values_are_kept_and_others_are_left_alone() -> None:
    fields = forms.fields_of(BODY)
    form = forms.merged(fields, forms.merged(fields, EMPTY, {"phone": "138"}), {"note": "下午在家"})

    assert form.values == {"phone": "138", "note": "下午在家"}


def test_null_clears_a_field() -> None:
    form = forms.merged(forms.fields_of(BODY), Form({"note": "x"}, {}), {"note": None})

    assert form.values == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"is_admin": "1"},
        {"note": 5},
        {"note": ["x"]},
        {"note": "长" * 501},
        {"note": "a\x00b"},
        {"note": "a\x85b"},
        {"k" * 500: "x"},
    ],
)
def test_what_is_no_field_or_no_text_is_refused_and_named(changes: dict[str, object]) -> None:
    with pytest.raises(FormRefused) as refused:
        forms.merged(forms.fields_of(BODY), EMPTY, changes)

    assert list(refused.value.errors or {}) == [next(iter(changes))[:64]]


def test_a_prefilled_value_loses_its_source_when_it_is_changed() -> None:
    fields = forms.fields_of(BODY)
    known = Form({"phone": "13800000000", "applicant_name": "林"}, {"phone": "a", "applicant_name": "b"})
    form = forms.merged(fields, known, {"phone": "13900000000", "applicant_name": "林"})

    assert form.sources == {"applicant_name": "b"}


def test_a_form_is_a_page_and_not_a_book() -> None:
    many = Form({f"field{number}": "长" * 2000 for number in range(10)}, {})

    with pytest.raises(FormTooLarge):
        many.sealed()


def test_a_guide_may_bring_its_own_form() -> None:
    own = [{"key": "shop", "label": "店名"}, {"key": "opened", "label": "开业日期", "kind": "date"}]
    fields = forms.fields_of({"form": own})
    found = forms.faults(fields, {"shop": "小店", "opened": "明天"}, today=TODAY)

    assert fields[1] == FormField("opened", "开业日期", Kind.DATE)
    assert set(found) == {"opened"}


@pytest.mark.parametrize(
    ("typed", "right"),
    [("２０２６-01-31", True), ("20260131", False), ("2026-W05-6", False), ("2026-02-30", False)],
)
def test_a_date_has_one_written_form(typed: str, *, right: bool) -> None:
    fields = (FormField("born", "出生日期", Kind.DATE),)
    values = forms.merged(fields, EMPTY, {"born": typed}).values

    assert (forms.faults(fields, values, today=TODAY) == {}) is right


def test_a_matter_of_organisations_asks_for_the_organisation() -> None:
    fields = forms.fields_of({**BODY, "server_type": ["2"]})
    wrong = {**FORM, "organisation_name": "示例公司", "organisation_code": "91110000600037341M"}

    assert [field.key for field in fields[:2]] == ["organisation_name", "organisation_code"]
    assert set(forms.faults(fields, wrong, today=TODAY)) == {"organisation_code"}


@given(st.dictionaries(st.sampled_from(sorted(FORM)), st.one_of(st.none(), st.text(max_size=60))))
def test_whatever_is_kept_comes_back(changes: dict[str, Any]) -> None:
    fields = forms.fields_of(BODY)
    try:
        form = forms.merged(fields, EMPTY, changes)
    except FormRefused:
        return
    assert forms.opened(form.sealed()) == form
    assert isinstance(forms.faults(fields, form.values, today=TODAY), dict)
