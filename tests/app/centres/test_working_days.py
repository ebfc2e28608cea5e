import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.centres import working_days
from app.centres.working_days import Unit, WorkCalendar
from app.db import unit_of_work
from tests.city_fixtures import document

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "working_day_vectors.json").read_text(encoding="utf-8")
)["vectors"]


def _calendar() -> WorkCalendar:
    given_days = document("calendar.json")
    published = frozenset(given_days["published_years"])
    return WorkCalendar(
        {date.fromisoformat(day): name for day, name in given_days["off_days"].items()},
        frozenset(date.fromisoformat(day) for day in given_days["makeup_workdays"]),
        known=published,
        published=published,
    )


CALENDAR = _calendar()
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 10, 31))
lengths = st.integers(0, 40)
units: st.SearchStrategy[Unit] = st.sampled_from(["WORKDAY", "DAY"])
pauses_of_2026 = st.lists(
    st.builds(
        lambda first, length: (first, first + timedelta(days=length)), days_of_2026, st.integers(0, 15)
    ),
    max_size=3,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_a_time_limit_ends_where_the_vectors_say(city: None, vector: dict[str, Any]) -> None:
    pauses = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in vector["pauses"]]
    with unit_of_work() as session:
        due = working_days.due_date(
            session,
            start=date.fromisoformat(vector["start"]),
            days=vector["workdays"],
            unit="WORKDAY",
            pauses=pauses,
        )
    assert due == date.fromisoformat(vector["due"])


def test_there_are_sixteen_vectors() -> None:
    assert len(VECTORS) == 16


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 8), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday that makes up
        (date(2026, 11, 21), False),  # a plain Saturday
        (date(2027, 10, 1), False),  # provisional, but the statute is known
        (date(2029, 5, 1), False),  # nothing is loaded of that year
        (date(2029, 5, 3), True),
    ],
)
def test_the_city_works_on_working_days(city: None, day: date, *, works: bool) -> None:
    with unit_of_work() as session:
        assert working_days.is_open(session, day=day) is works


def test_a_due_date_in_a_year_without_a_notice_is_provisional(city: None) -> None:
    with unit_of_work() as session:
        calendar = working_days.calendar(session)
    assert calendar.due(date(2026, 12, 30), 5, unit="WORKDAY").provisional
    assert not calendar.due(date(2026, 12, 1), 5, unit="WORKDAY").provisional


def test_natural_days_count_every_day() -> None:
    assert CALENDAR.due(date(2026, 9, 30), 10, unit="DAY").on == date(2026, 10, 10)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="pause"):
        CALENDAR.due(date(2026, 3, 2), 5, unit="DAY", pauses=[(date(2026, 3, 9), date(2026, 3, 8))])
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.due(date(2026, 3, 2), -1, unit="DAY")


@given(start=days_of_2026, days=lengths, unit=units)
def test_more_days_end_later(start: date, days: int, unit: Unit) -> None:
    assert CALENDAR.due(start, days, unit=unit).on < CALENDAR.due(start, days + 1, unit=unit).on


@given(start=days_of_2026, days=lengths, unit=units)
def test_starting_later_never_ends_earlier(start: date, days: int, unit: Unit) -> None:
    ends = [CALENDAR.due(start + timedelta(days=later), days, unit=unit).on for later in range(10)]
    assert all(one <= other for one, other in pairwise(ends))


@given(start=days_of_2026, days=st.integers(1, 40))
def test_a_limit_in_working_days_ends_on_one_and_holds_exactly_that_many(start: date, days: int) -> None:
    end = CALENDAR.due(start, days, unit="WORKDAY").on
    inside = [start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1)]
    assert CALENDAR.is_working_day(end)
    assert sum(CALENDAR.is_working_day(day) for day in inside) == days


@given(start=days_of_2026, days=st.integers(1, 30), pauses=pauses_of_2026, unit=units)
def test_a_pause_moves_the_end_by_the_days_it_held_back(
    start: date, days: int, pauses: list[tuple[date, date]], unit: Unit
) -> None:
    end = CALENDAR.due(start, days, unit=unit, pauses=pauses).on
    between = [start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1)]
    counted = [day for day in between if unit == "DAY" or CALENDAR.is_working_day(day)]
    held = [day for day in counted if any(first <= day <= last for first, last in pauses)]
    assert len(counted) - len(held) == days
    assert end not in held


@given(start=days_of_2026, days=lengths)
def test_a_pause_over_days_off_changes_nothing(start: date, days: int) -> None:
    national_day = (date(2026, 10, 1), date(2026, 10, 7))
    paused = CALENDAR.due(start, days, unit="WORKDAY", pauses=[national_day])
    assert paused == CALENDAR.due(start, days, unit="WORKDAY")
