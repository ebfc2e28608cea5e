"""Questions, rows and what follows from them."""

from datetime import date
from typing import Any

import pytest

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
        ([{"when": [{"q": "kind", "is": "z"}]}], "no such answer"),
        ([{"when": [{"q": "nobody", "is": "a"}]}], "no earlier question"),
        ([{"when": [{"q": "born", "below": 3}]}], "cannot be compared"),
        ([{"when": [{"q": "born", "years_below": "three"}]}], "whole number"),
        ([{"when": []}], "condition"),
        ([{"when": A, "visits": 1}, {"when": FEW, "visits": 2}], "visits"),
        ([{"when": A, "need": ["M1"]}, {"when": FEW, "skip": ["M1"]}], "M1"),
        ([{"when": [{"q": "kind", "is": "a"}], "limit": {"days": 3, "unit": "WEEK"}}], "WORKDAY"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named(rows: list[Any], word: str) -> None:
    assert word in " ".join(sentence for _, sentence in faults(rows=rows))


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
