"""A city in which a lost identity card can be applied for, on a Monday morning."""

from collections.abc import Iterator

import pytest

from app import clock
from tests import case_fixtures
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Calendar and one item; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        case_fixtures.publish_id_lost()
        yield


@pytest.fixture
def citizen(city: None) -> int:
    """Somebody who lost a card."""
    del city
    return case_fixtures.citizen()
