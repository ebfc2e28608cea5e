"""Every way through the questions of the demo city (演示事项的情形)."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cases.forms import Kind as FormKind
from app.cases.forms import fields_of
from app.catalogue import form_shape
from app.situations import checking, engine, guide
from app.situations.tables import Kind, Question, Table
from app.situations.ways import ways
from tests.city_fixtures import document

TODAY = date(2026, 11, 21)
ITEMS = {item["item_key"]: item for item in document("items.json")["items"]}
ASKING = sorted(key for key, item in ITEMS.items() if item.get("situations"))


def an_answer(draw: Any, question: Question) -> engine.Answer:
    if question.kind is Kind.NUMBER:
        return int(draw(st.integers(0, 60)))
    if question.kind is Kind.DATE:
        return TODAY + timedelta(days=draw(st.integers(-40_000, 4_000)))
    if question.kind is Kind.YES_NO:
        return str(draw(st.sampled_from([engine.YES, engine.NO])))
    return str(draw(st.sampled_from([choice.value for choice in question.choices])))


@st.composite
def people(draw: Any) -> tuple[dict[str, Any], Table, dict[str, engine.Answer]]:
    item = ITEMS[draw(st.sampled_from(ASKING))]
    table = guide.table_of(item)
    return item, table, {question.key: an_answer(draw, question) for question in table.questions}


def test_many_items_ask_and_all_have_a_form() -> None:
    assert len(ASKING) >= 25
    assert all(fields_of(item) and item["form"] for item in ITEMS.values())


def test_the_kinds_of_a_form_are_those_a_case_knows() -> None:
    assert {kind.value for kind in FormKind} == form_shape.KINDS


def test_what_every_application_asks_is_known_where_points_are_checked() -> None:
    asked = {field.key: field.kind.value for field in fields_of({"server_type": ["2"]})}

    assert asked == form_shape.USUAL


@pytest.mark.parametrize("key", ASKING)
def test_every_way_ends_and_somebody_may_apply(key: str) -> None:
    table = guide.table_of(ITEMS[key])
    found = [engine.decide(table, known, today=TODAY) for known in checking.paths(table, today=TODAY)]

    assert any(outcome.eligible for outcome in found)
    assert all(refusal.reason for outcome in found for refusal in outcome.refusals)


@settings(max_examples=300, deadline=None)
@given(people())
def test_no_material_outside_the_list_and_each_once(person: Any) -> None:
    item, _, answers = person
    listed = [material["material_code"] for material in item["materials"]]
    got = [material["material_code"] for material in guide.for_person(item, answers, today=TODAY).materials]

    assert got == [code for code in listed if code in set(got)]


@settings(max_examples=300, deadline=None)
@given(people())
def test_each_way_that_is_named_really_leads_there(person: Any) -> None:
    _, table, answers = person
    for way in ways(table, answers, today=TODAY):
        changed = answers if way.question is None else {**answers, way.question.key: way.answer}
        day = way.on or TODAY

        assert engine.decide(table, changed, today=day).eligible
        assert not engine.unanswered(table, changed, today=day)


@settings(max_examples=200, deadline=None)
@given(people(), st.randoms())
def test_the_order_of_the_rows_does_not_matter(person: Any, dice: random.Random) -> None:
    _, table, answers = person
    rows = list(table.rows)
    dice.shuffle(rows)
    one = engine.decide(table, answers, today=TODAY)
    other = engine.decide(Table(table.questions, tuple(rows)), answers, today=TODAY)

    assert (one.need, one.skip, one.limit, one.place, one.visits, set(one.refusals), set(one.notes)) == (
        *(other.need, other.skip, other.limit, other.place, other.visits),
        *(set(other.refusals), set(other.notes)),
    )
    assert set(one.fees or ()) == set(other.fees or ())
