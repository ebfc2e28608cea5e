"""A city on a Monday morning."""

from collections.abc import Iterator

import pytest

from app import clock
from tests import desk_fixtures
from tests.city_fixtures import MONDAY


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Halls and items; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        yield
