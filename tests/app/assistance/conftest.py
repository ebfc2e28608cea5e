"""A citizen in the hall and a clerk of its corner, on a Monday morning."""

from collections.abc import Iterator

import pytest

from app import clock
from app.staff.sessions import OnDuty
from tests import desk_fixtures
from tests.assistance_fixtures import helper
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen


@pytest.fixture
def elder(database: None) -> Iterator[int]:
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        yield make_citizen("林秀英")


@pytest.fixture
def clerk(elder: int) -> OnDuty:
    del elder
    return helper()
