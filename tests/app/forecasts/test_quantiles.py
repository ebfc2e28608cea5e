"""What half and nine of ten took is what real cases took (分位数)."""

from hypothesis import given
from hypothesis import strategies as st

from app.forecasts.quantiles import HALF, NINE_TENTHS, late_percent, quantile

DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=100).map(sorted)
PERCENT = st.integers(1, 100)


def test_of_a_hundred_cases_the_fiftieth_and_the_ninetieth() -> None:
    days = list(range(1, 101))

    assert (quantile(days, HALF), quantile(days, NINE_TENTHS)) == (50, 90)


@given(DAYS, PERCENT)
def test_at_least_so_many_percent_were_done_by_then_and_no_day_sooner_would_do(
    days: list[int], percent: int
) -> None:
    found = quantile(days, percent)

    assert found in days
    assert 100 * sum(each <= found for each in days) >= percent * len(days)
    assert 100 * sum(each < found for each in days) < percent * len(days)


@given(DAYS, PERCENT, PERCENT)
def test_more_percent_never_take_less_time(days: list[int], one: int, other: int) -> None:
    assert quantile(days, min(one, other)) <= quantile(days, max(one, other))


@given(DAYS, st.integers(1, 50))
def test_each_case_twice_changes_nothing(days: list[int], percent: int) -> None:
    assert quantile(sorted(days * 2), percent) == quantile(days, percent)


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_the_longer_it_takes_the_likelier_it_is_late(days: list[int], elapsed: int, limit: int) -> None:
    now, later = (late_percent(days, elapsed=each, limit=limit) for each in (elapsed, elapsed + 1))

    assert 0 <= now <= 100
    assert later >= now or elapsed > limit


def test_what_takes_longer_than_all_before_has_nothing_to_hope_by() -> None:
    assert late_percent([1, 2, 3], elapsed=4, limit=10) == 100
