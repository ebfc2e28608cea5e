"""A city on a Monday morning, with an item that is booked and citizens who book."""

from collections.abc import Iterator

import pytest

from app import clock
from tests.city_fixtures import MONDAY, load_city, publish_items


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Halls, calendar and rules; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        yield


@pytest.fixture
def task_code(city: None) -> str:
    """An item that the police windows take by appointment."""
    del city
    return publish_items("id-first")[0]
