"""A desk on a Monday morning."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from app import clock, db
from tests import desk_fixtures
from tests.city_fixtures import MONDAY


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """Halls and items; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        yield


@pytest.fixture
def statements(database: None) -> Iterator[list[str]]:
    """What the database is asked from now on."""
    del database
    seen: list[str] = []

    def note(*asked: object) -> None:
        seen.append(str(asked[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)
