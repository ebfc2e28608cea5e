"""A desk on a Monday morning."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import clock
from app.staff.models import Role
from tests import desk_fixtures
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Halls and items; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        yield


@pytest.fixture
def helper(client: FlaskClient, city: None) -> Browser:
    """A clerk of the corner in which citizens are helped."""
    del city
    return browser(client, Role.FRONT_DESK, centre_id="C01", name="王帮办")


@pytest.fixture
def elder(city: None) -> int:
    """Somebody whom they help."""
    del city
    return make_citizen("林秀英")
