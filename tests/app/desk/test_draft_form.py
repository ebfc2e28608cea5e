"""A guide's draft as a form and back (指南草稿表单)."""

from typing import Any

import pytest

from app.catalogue import rules
from app.catalogue.item_fields import FIELDS
from app.catalogue.item_shape import Finding
from app.desk import draft_form
from app.desk.draft_form import Control, Typed
from app.desk.draft_sections import FORM, REVIEW_POINTS, SECTIONS, SITUATIONS
from tests.catalogue_fixtures import item
from tests.city_fixtures import document

EVERY_ITEM = [one["item_key"] for one in document("items.json")["items"]]


def controls(body: dict[str, Any], *findings: Finding) -> dict[str, Control]:
    parts = [part for section in draft_form.shown(body, findings) for part in section.parts]
    found = [control for part in parts for control in part.controls]
    found += [control for part in parts for line in part.lines or [] for control in line.controls]
    return {control.path: control for control in found}


def typed(body: dict[str, Any], **changes: str) -> Typed:
    """What a browser sends when a clerk changes some fields and presses the button."""
    sent: dict[str, list[str]] = {}
    for path, control in controls(body).items():
        several = control.kind == "choices"
        sent[path] = (
            [code for code, _ in control.options if code in control.chosen] if several else [control.value]
        )
    for name in [field.name for section in SECTIONS for field in section.fields if field.parts]:
        sent[f"{name}.rows"] = [str(len(body.get(name) or []))]
    return sent | {path.replace("__", "."): [text] for path, text in changes.items()}


def test_every_field_stands_in_one_section() -> None:
    placed = [field.name for section in SECTIONS for field in section.fields]

    assert sorted(placed) == sorted(
        [field.name for field in FIELDS if not field.derived]
        + [FORM.name, SITUATIONS.name, REVIEW_POINTS.name]
    )


@pytest.mark.parametrize("key", EVERY_ITEM)
def test_what_nobody_touched_stays_exactly_as_it_was(key: str) -> None:
    body = item(key)

    assert draft_form.written(body, typed(body)) == body


def test_a_changed_field_is_taken_over() -> None:
    body = item()

    made = draft_form.written(body, typed(body, promise_day="3", materials__0__fill_note="首页和本人页"))
    assert (made["promise_day"], made["materials"][0]["fill_note"]) == (3, "首页和本人页")
    assert {**made, "promise_day": body["promise_day"], "materials": body["materials"]} == body


def test_what_is_no_number_stays_as_it_was_typed_and_is_named() -> None:
    body = item()

    made = draft_form.written(body, typed(body, promise_day="三天"))
    assert controls(made, *rules.check(made))["promise_day"].value == "三天"
    assert controls(made, *rules.check(made))["promise_day"].faults == ["要填整数"]


def test_the_situations_are_written_on_a_page_of_their_own_and_counted_here() -> None:
    body = item(situations="half typed")

    assert draft_form.written(body, typed(body, situations="{}"))["situations"] == "half typed"
    assert controls(body, *rules.check(body))["situations"].faults


def test_a_row_is_added_with_the_next_number() -> None:
    body = item()

    made = draft_form.written(body, typed(body, add="materials"))
    assert len(made["materials"]) == len(body["materials"]) + 1
    assert made["materials"][-1]["order_num"] == body["materials"][-1]["order_num"] + 1


def test_a_row_is_taken_out() -> None:
    body = item()

    made = draft_form.written(body, typed(body, materials__0__gone="1"))
    assert made["materials"] == body["materials"][1:]


def test_rows_are_put_into_another_order() -> None:
    body = item()

    made = draft_form.written(body, typed(body, handle_flow__0__place="9"))
    assert made["handle_flow"] == [*body["handle_flow"][1:], body["handle_flow"][0]]


def test_an_emptied_field_is_gone() -> None:
    body = item()

    made = draft_form.written(body, typed(body, promise_explain=""))
    assert "promise_explain" not in made


def test_the_words_beside_a_code_follow_it() -> None:
    body = item(project_type="2", project_type_text="承诺件")

    made = draft_form.written(body, typed(body, project_type="1"))
    assert (made["project_type_text"], made["promise_day"]) == ("即办件", 0)


def test_a_fault_stands_beside_its_field_and_is_counted() -> None:
    sections = draft_form.shown(item(), [Finding("materials[1].name", "catch_all", "请写清")])

    assert {section.key: section.faults for section in sections if section.faults} == {"materials": 1}
    assert controls(item(), Finding("materials[1].name", "catch_all", "请写清"))["materials.1.name"].faults


def test_a_row_is_added_below_one_whose_number_is_none() -> None:
    made = draft_form.written(item(), typed(item(), materials__0__order_num="x", add="materials"))

    assert made["materials"][0]["order_num"] == "x"
    assert made["materials"][-1]["order_num"] == len(made["materials"])


def test_a_list_that_is_longer_than_anybody_types_loses_nothing() -> None:
    body = item(faqs=[{"question": f"问{n}", "answer": "答"} for n in range(300)])

    assert draft_form.written(body, typed(body)) == body


def test_a_character_that_nothing_holds_is_left_out() -> None:
    assert draft_form.written(item(), {"task_name": ["证\x00件"]})["task_name"] == "证件"


@pytest.mark.parametrize("rows", ["-1", "９", "1e9", "", "999999999"])
def test_a_strange_number_of_rows_does_no_harm(rows: str) -> None:
    made = draft_form.written(item(), {"materials.rows": [rows]})

    assert len(made["materials"]) <= 200
