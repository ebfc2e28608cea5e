"""A city in which a food licence can be applied for, on a Monday morning."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.city_fixtures import load_city
from tests.clock_fixtures import on


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Calendar alone; the clock stands still."""
    del database
    with on(date(2026, 11, 16)):
        load_city()
        yield
