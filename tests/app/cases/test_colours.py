"""The colour of a limit changes at midnight in the city, and at no other minute."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.cases import colours, counting
from app.cases.colours import Colour
from tests.app.centres.test_working_days import CALENDAR

DUE = date(2026, 11, 20)  # a Friday
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("midnight", "before", "after"),
    [
        (date(2026, 11, 18), Colour.GREEN, Colour.YELLOW),
        (date(2026, 11, 19), Colour.YELLOW, Colour.RED),
        (date(2026, 11, 20), Colour.RED, Colour.RED),
        (date(2026, 11, 21), Colour.RED, Colour.OVERDUE),
    ],
)
def test_a_colour_changes_at_the_right_minute(midnight: date, before: Colour, after: Colour) -> None:
    moment = datetime(midnight.year, midnight.month, midnight.day, tzinfo=clock.SHANGHAI)
    seen = []
    for instant in (moment - MINUTE, moment):
        with clock.stopped_at(instant):
            seen.append(colours.colour(DUE, today=clock.today(), calendar=CALENDAR))

    assert seen == [before, after]


def test_a_limit_on_a_sunday_is_red_on_friday() -> None:
    assert colours.colour(date(2026, 11, 22), today=DUE, calendar=CALENDAR) is Colour.RED
    assert colours.words(date(2026, 11, 22), today=DUE, calendar=CALENDAR) == "红色预警，今天是最后一个工作日"


def test_a_long_holiday_brings_the_warning_forward() -> None:
    assert colours.colour(date(2026, 10, 8), today=date(2026, 9, 30), calendar=CALENDAR) is Colour.RED
    assert colours.colour(date(2026, 10, 8), today=date(2026, 9, 29), calendar=CALENDAR) is Colour.YELLOW


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, "时限暂停"),
        (date(2026, 11, 18), "已超期2天"),
        (date(2026, 11, 20), "红色预警，今天到期"),
        (date(2026, 11, 23), "红色预警，还有1个工作日"),
        (date(2026, 11, 24), "黄色预警，还有2个工作日"),
        (date(2026, 11, 27), "正常，还有5个工作日"),
    ],
)
def test_a_colour_is_never_without_its_words(last: date | None, words: str) -> None:
    assert colours.words(last, today=DUE, calendar=CALENDAR) == words


@given(st.dates(date(2026, 1, 1), date(2026, 11, 30)), st.integers(0, 20), st.integers(0, 3))
def test_the_horizon_is_the_last_day_with_so_many_working_days_left(
    today: date, ahead: int, left: int
) -> None:
    last = today + timedelta(days=ahead)
    near = counting.days_left(CALENDAR, last, today=today) <= left

    assert (last <= counting.horizon(CALENDAR, today=today, left=left)) == near
