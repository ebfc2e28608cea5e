"""Limits with pauses against a slow count day by day, on the published calendar."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases import counting
from app.cases.counting import Span
from app.centres.working_days import Pause, Unit
from tests.app.centres.test_working_days import CALENDAR, VECTORS

DAY = timedelta(days=1)
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 7, 31))
units: st.SearchStrategy[Unit] = st.sampled_from(["WORKDAY", "DAY"])
spans = st.builds(Span, st.integers(1, 30), units, st.sampled_from([0, 0, 1, 10]))


@st.composite
def pauses_in_turn(draw: st.DrawFn) -> list[Pause]:
    """One pause at a time, as the table allows them."""
    day, found = draw(days_of_2026), []
    for wait, length in draw(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 15)), max_size=4)):
        day += wait * DAY
        found.append((day, day + length * DAY))
        day += length * DAY
    return found


def counts(day: date, unit: Unit) -> bool:
    return unit == "DAY" or CALENDAR.is_working_day(day)


def slowly(start: date, span: Span, pauses: Sequence[Pause]) -> date:
    """Walk from day to day; a last day that was cut short waits for as many days as its pause took."""
    wanted: list[Unit] = [span.unit] * span.days + ["WORKDAY"] * span.more
    unit, day = wanted[-1], start
    while wanted:
        day += DAY
        stands = any(began < day <= ended for began, ended in pauses)
        if not stands and counts(day, wanted[0]):
            wanted.pop(0)
    for began, ended in sorted(pauses):
        if began == day:
            for later in range(1, (ended - began).days + 1):
                if counts(began + later * DAY, unit):
                    day = began + later * DAY
    return day


def due(start: date, span: Span, pauses: Sequence[Pause] = ()) -> date:
    return counting.due(CALENDAR, start, span, pauses=pauses).on


@given(days_of_2026, spans, pauses_in_turn())
def test_a_limit_is_what_a_count_day_by_day_finds(start: date, span: Span, pauses: list[Pause]) -> None:
    assert due(start, span, pauses) == slowly(start, span, pauses)


@given(days_of_2026, spans, pauses_in_turn())
def test_a_pause_never_moves_a_limit_back(start: date, span: Span, pauses: list[Pause]) -> None:
    moved = [due(start, span, pauses[:many]) for many in range(len(pauses) + 1)]

    assert moved == sorted(moved)


@given(days_of_2026, spans, pauses_in_turn(), st.randoms())
def test_the_order_of_pauses_does_not_matter(
    start: date, span: Span, pauses: list[Pause], chance: object
) -> None:
    mixed = sorted(pauses, key=lambda _: chance.random())  # type: ignore[attr-defined]

    assert due(start, span, mixed) == due(start, span, pauses)


@given(days_of_2026, st.integers(1, 30), st.integers(0, 60))
def test_a_pause_without_a_working_day_adds_none(start: date, days: int, later: int) -> None:
    span, friday = Span(days, "WORKDAY"), start + later * DAY
    while CALENDAR.is_working_day(friday + DAY):
        friday += DAY

    assert due(start, span, [(friday, friday + DAY)]) == due(start, span)
    assert due(start, span, [(friday, friday)]) == due(start, span)


@given(days_of_2026, st.integers(1, 30), st.integers(0, 29), st.integers(0, 15))
def test_just_the_working_days_inside_a_pause_are_added(
    start: date, days: int, after: int, length: int
) -> None:
    began = start + after * DAY
    ended = began + length * DAY
    inside = sum(CALENDAR.is_working_day(began + each * DAY) for each in range(1, length + 1))
    if began <= due(start, Span(days, "WORKDAY")):
        assert due(start, Span(days, "WORKDAY"), [(began, ended)]) == due(
            start, Span(days + inside, "WORKDAY")
        )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_the_sixteen_vectors_hold_with_days_on_which_pauses_began(vector: dict[str, object]) -> None:
    pauses = [
        (date.fromisoformat(first) - DAY, date.fromisoformat(last))
        for first, last in vector["pauses"]  # type: ignore[attr-defined]
    ]
    start, days = date.fromisoformat(str(vector["start"])), int(str(vector["workdays"]))

    assert due(start, Span(days, "WORKDAY"), pauses) == date.fromisoformat(str(vector["due"]))


def test_whoever_pauses_on_the_last_day_has_the_day_of_the_return() -> None:
    friday, tuesday = date(2026, 3, 6), date(2026, 3, 10)

    assert due(date(2026, 2, 28), Span(5, "WORKDAY")) == friday
    assert due(date(2026, 2, 28), Span(5, "WORKDAY"), [(friday, tuesday)]) == tuesday


def test_a_limit_that_was_over_stays_over() -> None:
    late = (date(2026, 3, 9), date(2026, 3, 13))

    assert due(date(2026, 2, 28), Span(5, "WORKDAY"), [late]) == date(2026, 3, 6)


def test_a_limit_in_natural_days_moves_by_every_day() -> None:
    weekend = (date(2026, 3, 6), date(2026, 3, 9))

    assert due(date(2026, 3, 2), Span(10, "DAY"), [weekend]) == date(2026, 3, 15)


def test_a_pause_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        due(date(2026, 3, 2), Span(10, "DAY"), [(date(2026, 3, 9), date(2026, 3, 6))])


def test_a_year_without_a_calendar_makes_a_limit_provisional() -> None:
    within = counting.due(CALENDAR, date(2026, 12, 21), Span(5, "WORKDAY"))
    across = counting.due(CALENDAR, date(2026, 12, 21), Span(5, "WORKDAY", more=10))

    assert (within.provisional, across.provisional) == (False, True)
