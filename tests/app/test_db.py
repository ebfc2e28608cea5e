import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.db import POOL_SIZE, UnitDoomedError, after_commit, engine, glance, unit_of_work

pytestmark = pytest.mark.usefixtures("database")


def count() -> int:
    with unit_of_work() as session:
        return session.scalar(text("SELECT count(*) FROM outbox")) or 0


def insert(name: str) -> None:
    with unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO outbox (name, payload, created_at, next_attempt_at)"
                " VALUES (:name, '{}', now(), now())"
            ),
            {"name": name},
        )


def test_what_a_unit_of_work_did_is_kept_as_a_whole() -> None:
    insert("one")

    assert count() == 1


def test_nothing_is_kept_when_it_fails() -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        insert("one")
        raise RuntimeError

    assert count() == 0


def test_an_inner_unit_of_work_joins_the_outer_one() -> None:
    with unit_of_work() as outer:
        with unit_of_work() as inner:
            assert inner is outer
        insert("one")

    assert count() == 1


def test_an_inner_failure_cannot_be_swallowed() -> None:
    with pytest.raises(UnitDoomedError), unit_of_work():
        try:
            with unit_of_work():
                insert("one")
                raise ValueError
        except ValueError:
            pass

    assert count() == 0


def test_a_callback_runs_after_the_outer_commit_and_not_when_a_savepoint_is_released() -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(count())

    with unit_of_work() as session:
        with session.begin_nested():
            after_commit(look)
            insert("one")
        assert seen == []

    assert seen == [1]


def test_a_callback_never_runs_when_nothing_was_kept() -> None:
    seen: list[str] = []
    with pytest.raises(RuntimeError), unit_of_work():
        after_commit(lambda: seen.append("ran"))
        raise RuntimeError

    assert seen == []


def end_every_connection() -> None:
    with engine().connect() as last:
        last.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND datname = current_database()"
            )
        )


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used() -> None:
    with unit_of_work(), engine().connect(), engine().connect():
        insert("one")
    end_every_connection()

    for _ in range(4):
        assert count() == 1


def test_a_glance_sees_what_is_kept() -> None:
    insert("one")

    assert glance("SELECT name FROM outbox WHERE name = %s", ("one",)) == ("one",)
    assert glance("SELECT name FROM outbox WHERE name = %s", ("two",)) is None


def test_a_glance_gives_a_connection_back_also_when_it_fails() -> None:
    for _ in range(2 * POOL_SIZE):
        with pytest.raises(DBAPIError):
            glance("SELECT 1 / %s::int", (0,))

    assert glance("SELECT 1", ()) == (1,)


def test_a_glance_whose_connection_the_server_ends_fails_once_and_the_next_one_works() -> None:
    with pytest.raises(OperationalError):
        glance("SELECT pg_terminate_backend(pg_backend_pid())", ())

    assert glance("SELECT 1", ()) == (1,)
