"""A test begins with nothing of the one before, whatever that has written (清空数据库)."""

import pytest
from sqlalchemy import text

from app.audit import service as audit
from app.db import Base, engine, unit_of_work
from tests import desk_fixtures, emptying
from tests.people_fixtures import make_citizen

pytestmark = pytest.mark.usefixtures("database")


def test_every_table_is_empty_and_every_number_begins_again() -> None:
    desk_fixtures.open_city()
    first = make_citizen()

    emptying.empty()

    assert counted() == {}
    assert make_citizen() == first == 1


def test_what_is_there_by_the_thousand_goes_too() -> None:
    rows = "SELECT repeat('x', 60), '{}', now(), now() FROM generate_series(1, 20000)"
    with unit_of_work() as session:
        session.execute(text(f"INSERT INTO outbox (name, payload, created_at, next_attempt_at) {rows}"))

    emptying.empty()

    assert counted() == {}


def test_rows_that_nobody_may_remove_are_gone() -> None:
    desk_fixtures.open_city()
    with unit_of_work() as session:
        audit.record(session, actor="system", action="staff.created", subject="clerk:1")

    emptying.empty()

    assert counted() == {}


def test_checks_are_set_aside_nowhere_else() -> None:
    emptying.empty()

    with engine().connect() as connection:
        assert connection.scalar(text("SHOW session_replication_role")) == "origin"


def counted() -> dict[str, int]:
    """The rows of each table that has any, counted one by one."""
    with engine().connect() as connection:
        tables = emptying.filled(connection)
        names = Base.metadata.tables
        rows = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}
    found = {name: count for name, count in rows.items() if count}
    assert sorted(tables) == sorted(found)
    return found
