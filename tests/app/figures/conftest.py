"""A city in which a lost identity card, which promises one visit, can be applied for."""

from collections.abc import Iterator

import pytest

from app import clock
from tests import case_fixtures
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def card_office(database: None) -> Iterator[None]:
    """Calendar, halls and one item; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        case_fixtures.publish_id_lost()
        yield


@pytest.fixture
def citizen(card_office: None) -> int:
    """Somebody who lost a card."""
    del card_office
    return case_fixtures.citizen()
