"""The 15-minute circle and the names of halls."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.centres import circle, naming

PLACES = st.lists(
    st.tuples(st.floats(25.9, 26.2), st.floats(119.1, 119.6)), min_size=1, max_size=6, unique=True
)


def test_one_open_hall_reaches_its_share_of_the_circle_around_it() -> None:
    found = circle.circle([(26.05, 119.3)], open_halls=[(26.05, 119.3)])
    # the areas of two circles, as far as a grid can tell
    assert found.points == pytest.approx(math.pi * (circle.AREA_M / circle.STEP_M) ** 2, rel=0.05)
    assert found.within / found.points == pytest.approx((circle.REACH_M / circle.AREA_M) ** 2, abs=0.03)


@given(PLACES, st.data())
def test_more_open_halls_never_reach_fewer(halls: list[tuple[float, float]], data: st.DataObject) -> None:
    some = data.draw(st.lists(st.sampled_from(halls), unique=True))
    all_of, few = circle.circle(halls, open_halls=halls), circle.circle(halls, open_halls=some)
    assert all_of.points == few.points
    assert few.within <= all_of.within <= all_of.points
    assert circle.circle(halls, open_halls=()).within == 0


def test_a_city_without_halls_has_no_circle() -> None:
    assert circle.circle([], open_halls=[]) == circle.Circle(0, 0)


@pytest.mark.parametrize(("metres", "minutes"), [(0, 0), (1, 1), (72, 1), (73, 2), (1080, 15), (1081, 16)])
def test_a_way_takes_its_begun_minutes(metres: int, minutes: int) -> None:
    assert circle.walking_minutes(metres) == minutes


@pytest.mark.parametrize(
    ("level", "name", "is_right"),
    [
        ("乡镇", "某某镇中心", False),
        ("乡镇", "某某镇便民服务中心", True),
        ("县级", "鼓楼区政务服务中心", True),
        ("县级", "鼓楼区办事中心", False),
        ("社区", "某某社区便民服务站", True),
        ("社区", "某某社区便民服务中心", False),
        ("便民服务中心", "某某街道便民服务中心", True),
        ("别的", "某某政务服务中心", False),
    ],
)
def test_a_hall_is_called_by_its_level(level: str, name: str, *, is_right: bool) -> None:
    assert (naming.fault(level, name) is None) is is_right
