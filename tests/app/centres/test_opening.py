"""When a hall opens and closes, for any hours; which is nearest and open for an item (R087)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.centres import hours, queries
from app.centres.queries import Found, Point
from app.centres.working_days import WorkCalendar
from app.db import unit_of_work

SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=clock.SHANGHAI)
CALENDAR = WorkCalendar(
    off={date(2026, 10, day): "国庆节" for day in range(1, 8)},
    make_up=frozenset({date(2026, 10, 10), date(2026, 9, 20)}),
    known=frozenset({2026}),
    published=frozenset({2026}),
)
QUARTERS = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """Hours of a week, up to two stretches a day."""
    week = {}
    for day in "1234567":
        marks = sorted(draw(st.sets(QUARTERS, max_size=4)))
        week[day] = [list(pair) for pair in zip(marks[::2], marks[1::2], strict=False)]
    return week


MOMENTS = st.integers(0, 40 * 24 * 4).map(
    lambda quarters: datetime(2026, 9, 10, tzinfo=UTC) + timedelta(minutes=15 * quarters)
)


@given(weeks(), MOMENTS)
def test_an_open_hall_closes_later_and_not_before_it_says(
    week: dict[str, list[list[str]]], at: datetime
) -> None:
    closes = hours.closes_at(week, at, CALENDAR)
    assert (closes is not None) is hours.is_open_at(week, at, CALENDAR)
    moment = at
    while closes is not None and moment < closes:
        assert hours.is_open_at(week, moment, CALENDAR)
        moment += timedelta(minutes=15)


@given(weeks(), MOMENTS)
def test_between_now_and_the_next_opening_no_hall_opens(
    week: dict[str, list[list[str]]], at: datetime
) -> None:
    opens = hours.opens_next(week, at, calendar=CALENDAR)
    if opens is None:
        assert not any(week[day] for day in "12345")
        return
    assert opens > at
    assert hours.is_open_at(week, opens, CALENDAR)
    moment = hours.closes_at(week, at, CALENDAR) or at
    while moment < opens:
        assert not hours.is_open_at(week, moment, CALENDAR) or moment == at
        moment += timedelta(minutes=15)


def test_after_the_holiday_a_make_up_saturday_follows_the_first_working_day() -> None:
    week = {**{day: [["09:00", "17:00"]] for day in "12345"}, "6": [], "7": []}
    before = datetime(2026, 9, 30, 18, 0, tzinfo=clock.SHANGHAI)
    friday = datetime(2026, 10, 9, 18, 0, tzinfo=clock.SHANGHAI)
    assert hours.opens_next(week, before, calendar=CALENDAR) == datetime(
        2026, 10, 8, 9, 0, tzinfo=clock.SHANGHAI
    )
    assert hours.opens_next(week, friday, calendar=CALENDAR) == datetime(
        2026, 10, 10, 9, 0, tzinfo=clock.SHANGHAI
    )


def look(field: str, at: datetime, near: Point) -> list[Found]:
    with unit_of_work() as session:
        return queries.find(session, field=field, at=at, near=near)


@pytest.mark.usefixtures("city")
def test_on_a_saturday_the_nearest_hall_on_duty_is_not_the_nearest_hall() -> None:
    # beside C08, which is shut on Saturdays; C03 has police on its shift
    found = look("公安", SATURDAY, Point(26.0755, 119.306))
    assert [one.centre.id for one in found[:2]] == ["C08", "C03"]
    assert next(one.centre.id for one in found if one.on_duty) == "C03"
    shut = found[0]
    assert (shut.open_now, shut.closes_at) == (False, None)
    assert shut.opens_next == datetime(2026, 11, 23, 9, 0, tzinfo=clock.SHANGHAI)


@pytest.mark.usefixtures("city")
def test_an_open_hall_without_a_window_on_shift_says_when_the_window_opens() -> None:
    found = {one.centre.id: one for one in look("公积金", SATURDAY, Point(26.0533, 119.3142))}
    hall = found["C01"]
    assert (hall.open_now, hall.on_duty, hall.closes_at) == (True, False, None)
    assert hall.opens_next == datetime(2026, 11, 23, 9, 0, tzinfo=clock.SHANGHAI)
    assert (hall.distance_m, hall.walk_minutes) == (0, 0)


@pytest.mark.usefixtures("city")
def test_numbers_end_before_the_hall_closes() -> None:
    with unit_of_work() as session:
        hall = queries.see(session, centre_id="C01", at=SATURDAY)
    assert hall.closes_at == datetime(2026, 11, 21, 16, 0, tzinfo=clock.SHANGHAI)
    assert hall.last_ticket_at == datetime(2026, 11, 21, 15, 30, tzinfo=clock.SHANGHAI)
