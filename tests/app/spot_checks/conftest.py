"""The demo city on a Monday, an instant item, and clerks who look again at what the machine decided."""

from collections.abc import Iterator

import pytest

from app import clock
from tests import review_fixtures
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def monday(database: None) -> Iterator[None]:
    """The machine decides 失业登记; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        review_fixtures.publish_instant()
        yield
