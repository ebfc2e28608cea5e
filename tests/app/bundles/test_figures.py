from dataclasses import replace
from typing import Any

import pytest

from app.bundles import figures, queries
from app.bundles.figures import Change, Figures
from app.catalogue.together import Part
from app.db import unit_of_work
from tests.catalogue_fixtures import item, load_catalogue, publish


def part(code: str, *materials: dict[str, Any], **changes: Any) -> Part:
    procedure = [{"name": "申请", "role": "申请人"}, {"name": "办结", "role": "综合窗口"}]
    made = Part(code, {}, list(materials), procedure, ["C01"], promise_day=3, visits=1, form_body={})
    return replace(made, **changes)


def wanted(name: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "is_need": "1", "license_key": "ID_CARD", **changes}


def together(*parts: Part) -> Figures:
    """Figures of parts that all go in parallel."""
    return figures.of({one.task_code: one for one in parts}, [[one.task_code for one in parts]])


def test_the_same_material_is_asked_once() -> None:
    found = together(part("a", wanted("居民身份证")), part("b", wanted("居民 身份证"), wanted("照片")))

    assert found.materials == Change(3, 2)


def test_what_an_earlier_part_yields_is_not_asked_and_its_like_from_elsewhere_is() -> None:
    birth = part("a", wanted("照片"), result_name="出生医学证明（首次）")
    later = part("b", wanted("出生医学证明"))

    assert figures.of({"a": birth, "b": later}, [["a"], ["b"]]).materials == Change(2, 1)
    assert together(birth, later).materials == Change(2, 2)


def test_a_choice_is_met_by_what_an_earlier_part_yields() -> None:
    choice = [wanted("合同", is_need="2", one_of="home"), wanted("房产证", is_need="2", one_of="home")]
    parts = {"a": part("a", result_name="房产证"), "b": part("b", *choice)}

    assert figures.of(parts, [["a"], ["b"]]).materials == Change(1, 0)


def test_a_card_of_the_parents_is_not_the_applicants() -> None:
    assert together(part("a", wanted("居民身份证")), part("b", wanted("父母居民身份证"))).materials.after == 2


def test_a_choice_counts_once_and_what_is_not_needed_not_at_all() -> None:
    choice = [wanted("合同", is_need="2", one_of="home"), wanted("房产证", is_need="2", one_of="home")]

    assert together(part("a", *choice, wanted("其他", is_need="2"))).materials == Change(1, 1)
    assert together(part("a", *choice), part("b", *choice)).materials == Change(2, 1)


@pytest.mark.parametrize(("halls", "visits"), [(["C01", "C02"], 1), (["C02"], 2)])
def test_a_visit_is_shared_only_in_a_hall_that_handles_both(halls: list[str], visits: int) -> None:
    assert together(part("a"), part("b", halls=halls)).visits == Change(2, visits)


def test_a_part_without_a_visit_takes_no_hall_away() -> None:
    assert together(part("a"), part("b"), part("c", halls=[], visits=0)).visits == Change(2, 1)


def test_parts_of_one_step_run_at_the_same_time() -> None:
    parts = {"a": part("a"), "b": part("b", promise_day=10), "c": part("c")}

    assert figures.of(parts, [["a", "b"], ["c"]]).days == Change(16, 13)
    assert figures.of(parts, [["a", "b"], ["c"]]).slowest == 10


def test_applying_is_done_once_and_deciding_by_every_office() -> None:
    assert together(part("a"), part("b")).steps == Change(4, 3)


def test_nothing_is_left_of_a_bundle_whose_items_are_all_gone() -> None:
    none = Change(0, 0)

    assert figures.of({}, [["a"], ["b"]]) == Figures(none, none, none, none, none, 0)


def test_figures_follow_the_guides_in_force(database: object) -> None:
    load_catalogue()
    with unit_of_work() as session:
        before = queries.bundle(session, key="newborn").figures
    publish(item("birth-reg", promise_day=2, materials=item("birth-reg")["materials"][:1]))
    with unit_of_work() as session:
        after = queries.bundle(session, key="newborn").figures

    assert (before.forms, after.forms) == (Change(5, 1), Change(5, 1))
    assert (after.days.after, after.materials.before) == (before.days.after + 2, before.materials.before - 1)
