"""A hall at ten on a Monday morning, with an item that its police windows take."""

from collections.abc import Iterator

import pytest

from app import clock
from tests.app.queueing.halls import TEN
from tests.city_fixtures import load_city, publish_items


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Halls, calendar and rules; the clock stands still."""
    del database
    with clock.stopped_at(TEN):
        load_city()
        yield


@pytest.fixture
def task_code(city: None) -> str:
    """An item of the police windows."""
    del city
    return publish_items("id-first")[0]
