"""A city on a Monday morning; trips are on Tuesday."""

from collections.abc import Iterator

import pytest

from app import clock
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    """Calendar and halls; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        yield
