"""An empty database for the next test (清空数据库).

To truncate every table makes new files for each of them and its indexes: 200 ms, longer than most tests. What
a test has written is a few rows in a few tables; one function, planned once in a connection, finds these
tables and deletes their rows without the checks and triggers that a program would meet. It has a connection
of its own: to set checks aside there and back again throws away what the server has planned.
"""

from functools import cache

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from app import db
from app.db import Base

SCHEMA = "kept_for_tests"
# Rows that the demo city has by the thousand go faster with their files.
_LARGE = 1_000_000
_FORGIVING = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
_EMPTY = f"""
DECLARE found text;
BEGIN
    FOREACH found IN ARRAY {SCHEMA}.filled() LOOP
        found := quote_ident(found);
        IF pg_relation_size(found) > {_LARGE} THEN
            EXECUTE 'TRUNCATE ' || found || ' CASCADE';
        ELSE
            EXECUTE 'DELETE FROM ' || found;
        END IF;
    END LOOP;
    PERFORM setval(quote_ident(sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = current_schema AND last_value IS NOT NULL;
END
"""


class ChecksStandInTheWay(Exception):
    """The tests' role may not set checks and triggers aside."""

    def __str__(self) -> str:
        """What to do about it."""
        return "as superuser: GRANT SET ON PARAMETER session_replication_role TO <the role of DATABASE_URL>"


def prepare(connection: Connection) -> None:
    """Make the function that empties every table, and the place for what is kept.

    Raises ChecksStandInTheWay.
    """
    if not connection.scalar(text(_FORGIVING)):
        raise ChecksStandInTheWay
    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    names = [table.name for table in Base.metadata.sorted_tables]
    looks = ", ".join(f"CASE WHEN EXISTS (SELECT FROM \"{name}\") THEN '{name}' END" for name in names)
    connection.exec_driver_sql(
        f"CREATE FUNCTION {SCHEMA}.filled() RETURNS text[] LANGUAGE plpgsql AS"
        f" $$ BEGIN RETURN array_remove(ARRAY[{looks}], NULL); END $$"
    )
    connection.exec_driver_sql(
        f"CREATE FUNCTION {SCHEMA}.empty() RETURNS void LANGUAGE plpgsql AS $${_EMPTY}$$"
    )


def unchecked() -> Engine:
    """The connection in which checks and triggers are set aside."""
    return _unchecked(db.engine().url)


@cache
def _unchecked(url: URL) -> Engine:
    # Asked before each use whether it lives: a test may have ended every connection of the server.
    made = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)
    event.listen(made, "connect", lambda connection, _: _set_checks_aside(connection))
    return made


def _set_checks_aside(connection: psycopg.Connection) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.commit()


def empty() -> None:
    """Leave every table empty and every sequence at its beginning."""
    with unchecked().begin() as connection:
        connection.execute(text(f"SELECT {SCHEMA}.empty()"))


def filled(connection: Connection) -> list[str]:
    """The tables with rows, those that others refer to first."""
    found: list[str] = connection.scalar(text(f"SELECT {SCHEMA}.filled()"))
    return found
