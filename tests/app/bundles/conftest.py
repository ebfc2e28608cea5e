"""The demo city on a Monday morning, and somebody with a newborn child."""

from collections.abc import Iterator

import pytest

from app import clock, events
from subscriptions import SUBSCRIPTIONS
from tests import case_fixtures
from tests.catalogue_fixtures import load_catalogue
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Calendar, items, bundles; who hears what is wired; the clock stands still."""
    del database
    events.wire(SUBSCRIPTIONS)
    with clock.stopped_at(MONDAY):
        load_city()
        load_catalogue()
        yield


@pytest.fixture
def citizen(city: None) -> int:
    """Somebody who applies."""
    del city
    return case_fixtures.citizen()
