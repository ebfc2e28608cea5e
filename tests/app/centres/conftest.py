"""The halls of the demo city on a Monday morning."""

from collections.abc import Iterator

import pytest

from app import clock
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Halls, calendar and rules; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        yield
