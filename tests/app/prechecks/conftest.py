"""A city on a Monday morning in which a lost identity card is applied for, and somebody who lost one."""

from collections.abc import Iterator

import pytest

from app import clock
from tests import case_fixtures
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def citizen(database: None) -> Iterator[int]:
    """Somebody who lost a card; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        case_fixtures.publish_id_lost(precheck_days=1)
        yield case_fixtures.citizen()
