"""Questions, rows and what follows from them."""

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.situations import checking, engine, guide
from app.situations.tables import Table, read
from app.situations.ways import Way, ways

TODAY = date(2026, 11, 21)
TABLE: dict[str, Any] = {
    "questions": [
        {"key": "born", "text": "您哪天出生？", "kind": "date"},
        {"key": "paid", "text": "缴了几年？", "kind": "number"},
        {
            "key": "kind",
            "text": "哪一种？",
            "kind": "choice",
            "choices": [{"value": "a", "text": "甲"}, {"value": "b", "text": "乙"}],
        },
        {"key": "more", "text": "要加印吗？", "kind": "yes_no", "ask_when": [{"q": "kind", "is": "b"}]},
    ],
    "rows": [
        {
            "when": [{"q": "born", "years_below": 60}],
            "refuse": {"reason": "年满六十周岁才能领", "law": "社会保险法"},
        },
        {"when": [{"q": "paid", "below": 15}], "refuse": {"reason": "缴费不满十五年"}},
        {"when": [{"q": "kind", "is": "a"}], "skip": ["M1"], "fees": ["F1"]},
        {"when": [{"q": "more", "is": "yes"}], "need": ["M2"], "fees": ["F2"], "visits": 1},
    ],
}
BODY: dict[str, Any] = {
    "situations": TABLE,
    "promise_day": 5,
    "promise_unit": "WORKDAY",
    "limit_scene_num": 0,
    "materials": [
        {"material_code": "M1", "name": "身份证", "is_need": "1"},
        {"material_code": "M2", "name": "委托书", "is_need": "2"},
    ],
    "fees": [
        {"fee_code": "F0", "charge": "always"},
        {"fee_code": "F1", "charge": "choose"},
        {"fee_code": "F2", "charge": "choose"},
    ],
}
A, FEW = [{"q": "kind", "is": "a"}], [{"q": "paid", "below": 9}]
FINE: dict[str, engine.Answer] = {"born": date(1960, 1, 1), "paid": 20, "kind": "b", "more": "yes"}


@pytest.fixture
def table() -> Table:
    return read(TABLE)


def faults(**changes: Any) -> list[tuple[str, str]]:
    return checking.faults({**TABLE, **changes}, materials=["M1", "M2"], fees=["F1", "F2"], today=TODAY)


def test_the_demo_table_has_no_fault() -> None:
    assert faults() == []


def test_only_what_matters_is_asked(table: Table) -> None:
    def keys(**answers: engine.Answer) -> list[str]:
        return [question.key for question in engine.asked(table, answers, today=TODAY)]

    assert keys(kind="a") == ["born", "paid", "kind"]
    assert keys(kind="b") == ["born", "paid", "kind", "more"]


def test_an_answer_that_nobody_asked_for_changes_nothing(table: Table) -> None:
    told = {**FINE, "kind": "a"}

    assert engine.decide(table, {**told, "more": "yes"}, today=TODAY) == engine.decide(
        table, {k: v for k, v in told.items() if k != "more"}, today=TODAY
    )


def test_a_person_gets_exactly_their_materials_fees_and_visits() -> None:
    for_b = guide.for_person(BODY, FINE, today=TODAY)
    for_a = guide.for_person(BODY, {**FINE, "kind": "a"}, today=TODAY)

    assert [material["material_code"] for material in for_b.materials] == ["M1", "M2"]
    assert (for_a.materials, for_a.visits, for_b.visits) == ([], 0, 1)
    assert [fee["fee_code"] for fee in for_a.fees] == ["F0", "F1"]
    assert [fee["fee_code"] for fee in for_b.fees] == ["F0", "F2"]


def test_who_is_too_young_hears_from_which_day_on(table: Table) -> None:
    told = {**FINE, "born": date(1967, 3, 1)}

    assert [refusal.reason for refusal in engine.decide(table, told, today=TODAY).refusals] == [
        "年满六十周岁才能领"
    ]
    assert ways(table, told, today=TODAY) == [Way(on=date(2027, 3, 1))]


def test_who_could_change_an_answer_hears_which(table: Table) -> None:
    found = ways(table, {**FINE, "paid": 12}, today=TODAY)

    assert [(way.question and way.question.key, way.answer) for way in found] == [("paid", 15)]


def test_two_obstacles_have_no_single_way(table: Table) -> None:
    assert ways(table, {**FINE, "born": date(2000, 1, 1), "paid": 0}, today=TODAY) == []


def test_a_row_holds_only_between_its_days() -> None:
    rows = [{"when": [{"q": "kind", "is": "a"}], "visits": 3, "effective_from": "2027-01-01"}]
    table = read({**TABLE, "rows": rows})

    said = [engine.decide(table, {"kind": "a"}, today=day).visits for day in (TODAY, date(2027, 1, 1))]
    assert said == [None, 3]


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([{"when": [{"q": "kind", "is": "a"}], "need": ["M9"]}], "清单之外无证明"),
        ([{"when": [{"q": "kind", "is": "z"}]}], "没有这个选项"),
        ([{"when": [{"q": "nobody", "is": "a"}]}], "前面没有"),
        ([{"when": [{"q": "born", "below": 3}]}], "不能用"),
        ([{"when": [{"q": "born", "years_below": "three"}]}], "条件没有写完"),
        ([{"when": []}], "要有条件"),
        ([{"when": A, "visits": 1}, {"when": FEW, "visits": 2}], "到场次数"),
        ([{"when": A, "need": ["M1"]}, {"when": FEW, "skip": ["M1"]}], "M1"),
        ([{"when": [{"q": "kind", "is": "a"}], "limit": {"days": 3, "unit": "WEEK"}}], "WORKDAY"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named(rows: list[Any], word: str) -> None:
    found = faults(rows=rows)

    assert word in " ".join(sentence for _, sentence in found)
    assert {where.split(".")[0] for where, _ in found} <= {"rows[0]"}


def test_rows_that_contradict_each_other_are_both_named() -> None:
    rows = [{"when": FEW, "note": "少"}, {"when": A, "visits": 1}, {"when": FEW, "visits": 2}]

    assert faults(rows=rows) == [
        ("rows[1]", "和第3条规则矛盾（到场次数），比如：您哪天出生？2026年11月21日；缴了几年？0；哪一种？甲")
    ]


def test_a_table_by_which_nobody_may_apply_is_refused() -> None:
    rows = [{"when": [{"q": "kind", "in": ["a", "b"]}], "refuse": {"reason": "不办"}}]

    assert faults(rows=rows) == [("rows", "照这些规则谁也办不了，请检查不能办的条件")]


def test_more_ways_than_can_be_walked_are_refused_at_once() -> None:
    questions = [{"key": f"q{n}", "text": "是吗？", "kind": "yes_no"} for n in range(20)]
    found = faults(questions=questions, rows=[])

    assert [where for where, _ in found] == ["situations"]


@pytest.mark.parametrize(
    ("place", "odd"),
    [
        (("questions", 0, "text"), 5),
        (("questions", 0, "key"), []),
        (("questions", 0, "known_from"), "shoe_size"),
        (("questions", 2, "choices"), [{"value": [], "text": "甲"}]),
        (("rows", 0, "when"), [{"q": "born"}]),
        (("rows", 0, "when"), [{"q": "born", "is": {}}]),
        (("rows", 0, "refuse"), {"reason": None}),
        (("rows", 2, "skip"), "M1"),
        (("rows", 2, "skip"), [["M1"]]),
        (("rows", 2, "skips"), ["M1"]),
        (("rows", 3, "visits"), "once"),
        (("rows", 3, "limit"), {"days": 3}),
        (("rows", 3, "effective_from"), "20270301"),
    ],
)
def test_what_is_misshapen_is_refused_where_it_is(place: tuple[str, int, str], odd: object) -> None:
    table = copy.deepcopy(TABLE)
    table[place[0]][place[1]][place[2]] = odd

    found = checking.faults(table, materials=["M1", "M2"], fees=["F1", "F2"], today=TODAY)
    assert {where.removesuffix("[0]") for where, _ in found} == {f"{place[0]}[{place[1]}].{place[2]}"}


def _places(part: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, one in inner:
        yield (*so_far, name)
        yield from _places(one, (*so_far, name))


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(list(_places(TABLE))),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["q", "is"]), inner),
        max_leaves=4,
    ),
)
def test_nothing_that_stands_in_a_table_makes_the_checker_raise(place: tuple[Any, ...], odd: Any) -> None:
    table: Any = copy.deepcopy(TABLE)
    part = table
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = odd

    if not checking.faults(table, materials=["M1", "M2"], fees=["F1", "F2"], today=TODAY):
        person = guide.for_person({**BODY, "situations": table}, FINE, today=TODAY)
        assert {material["material_code"] for material in person.materials} <= {"M1", "M2"}


@pytest.mark.parametrize(
    "raw", [[], "x", {"questions": 3}, {"questions": [{"key": "a"}]}, {"questions": [7]}]
)
def test_what_is_no_table_is_refused_and_never_raises(raw: Any) -> None:
    assert checking.faults(raw, materials=[], fees=[], today=TODAY)


@pytest.mark.parametrize(
    ("key", "given", "read_as"),
    [
        ("born", "1967-03-01", date(1967, 3, 1)),
        ("born", "1967-02-30", None),
        ("born", "19670301", None),
        ("paid", "12", 12),
        ("paid", 12, 12),
        ("paid", -1, None),
        ("paid", True, None),
        ("kind", "a", "a"),
        ("kind", "z", None),
        ("more", "yes", "yes"),
        ("more", None, None),
    ],
)
def test_an_answer_is_read_or_refused(table: Table, key: str, given: object, read_as: object) -> None:
    question = table.question(key)
    assert question is not None
    assert engine.readable(question, given) == read_as


def test_the_29th_of_february_has_its_birthday_on_the_1st_of_march() -> None:
    assert engine.years_later(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert engine.years_later(date(9990, 1, 1), 60) == date.max
