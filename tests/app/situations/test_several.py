"""Questions of which several answers may be ticked (多选), or none of them."""

from datetime import date
from typing import Any

import pytest

from app.situations import checking, engine, saying
from app.situations.guide import answers_of
from app.situations.tables import Table, read
from app.situations.ways import ways

TODAY = date(2026, 11, 21)
KINDS = [
    {"value": value, "text": text} for value, text in (("low", "低保"), ("ill", "残疾"), ("vet", "优抚"))
]
GROUPS = {"key": "groups", "text": "属于哪几种？", "kind": "several", "choices": KINDS}
LOW = [{"q": "groups", "has": ["low", "ill"]}]
ROWS = [
    {"when": LOW, "need": ["M1"]},
    {"when": [{"q": "groups", "has_not": ["low", "ill"]}], "skip": ["M1"]},
]


def table(**change: Any) -> Table:
    return read({"questions": [GROUPS], "rows": ROWS} | change)


def answered(given: str) -> engine.Answer | None:
    return answers_of(table(), {"groups": given}).get("groups")


def faults(**change: Any) -> list[str]:
    raw = {"questions": [GROUPS], "rows": ROWS} | change
    return [said for _, said in checking.faults(raw, materials=["M1"], fees=[], today=TODAY)]


@pytest.mark.parametrize(("given", "read_as"), [("ill,low", "low,ill"), ("vet", "vet"), ("-", "-")])
def test_the_same_ticks_are_the_same_answer_in_whatever_order(given: str, read_as: str) -> None:
    assert answered(given) == read_as


@pytest.mark.parametrize("given", ["", ",", "low,", "low,low", "low,-", "nobody", "low ill", "LOW"])
def test_what_names_no_choices_is_no_answer(given: str) -> None:
    assert answered(given) is None


@pytest.mark.parametrize(
    ("given", "needed"), [("low", True), ("ill,vet", True), ("vet", False), ("-", False)]
)
def test_any_of_the_named_ticks_is_enough(given: str, needed: bool) -> None:  # noqa: FBT001 - a table of cases
    outcome = engine.decide(table(), {"groups": given}, today=TODAY)

    assert (outcome.need, outcome.skip) == (
        (frozenset({"M1"}), frozenset()) if needed else (frozenset(), frozenset({"M1"}))
    )


def test_the_ticks_are_said_in_words() -> None:
    question = table().questions[0]

    assert [saying.in_words(question, answer) for answer in ("low,vet", "-")] == ["低保、优抚", "都不是"]


def test_a_right_table_has_no_fault() -> None:
    assert faults() == []


def test_rows_that_contradict_each_other_for_some_ticks_are_named() -> None:
    found = faults(
        rows=[{"when": LOW, "need": ["M1"]}, {"when": [{"q": "groups", "has": ["vet"]}], "skip": ["M1"]}]
    )

    assert "和第2条规则矛盾（M1），比如：属于哪几种？低保、优抚" in found[0]


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ({"has": ["nobody"]}, "没有这个选项"),
        ({"is": "low"}, "请重新选"),
        ({"in": ["low"]}, "请重新选"),
        ({"has": []}, "没有写完"),
        ({"has": "low"}, "没有写完"),
    ],
)
def test_a_wrong_condition_is_named(condition: dict[str, Any], word: str) -> None:
    assert word in faults(rows=[{"when": [{"q": "groups", **condition}], "need": ["M1"]}])[0]


def test_more_choices_than_can_be_tried_are_refused() -> None:
    many = [{"value": f"c{number}", "text": "甲"} for number in range(9)]

    assert faults(questions=[{**GROUPS, "choices": many}], rows=[]) == [
        "多选最多8个选项，请合并或分成几个问题"
    ]


def test_whoever_may_not_hears_which_ticks_would_help() -> None:
    refusing = table(rows=[{"when": [{"q": "groups", "has_not": ["low"]}], "refuse": {"reason": "只给低保"}}])

    assert [way.answer for way in ways(refusing, {"groups": "-"}, today=TODAY)] == ["low"]
