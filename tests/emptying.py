"""An empty database for the next test (清空数据库).

To truncate every table makes new files for each of them and its indexes: 200 ms, longer than most tests. What
a test has written is a few rows in a few tables; one function, planned once in a connection, deletes them
without the checks and triggers that a program would meet.
"""

from sqlalchemy import Connection, Engine, text

from app.db import Base

SCHEMA = "kept_for_tests"
# Rows that the demo city has by the thousand go faster with their files.
_LARGE = 1_000_000
_FORGIVING = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
_USED_SEQUENCES = """
PERFORM setval(quote_ident(sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = current_schema AND last_value IS NOT NULL;
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
    tables = "".join(_emptied(table.name) for table in Base.metadata.sorted_tables)
    connection.exec_driver_sql(
        f"CREATE FUNCTION {SCHEMA}.empty() RETURNS void LANGUAGE plpgsql"
        f" SET session_replication_role = replica AS $$ BEGIN {tables} {_USED_SEQUENCES} END $$"
    )


def empty(engine: Engine) -> None:
    """Leave every table empty and every sequence at its beginning."""
    with engine.begin() as connection:
        connection.execute(text(f"SELECT {SCHEMA}.empty()"))


def _emptied(table: str) -> str:
    return (
        f'IF EXISTS (SELECT FROM "{table}") THEN'
        f' IF pg_relation_size(\'"{table}"\') > {_LARGE} THEN TRUNCATE "{table}" CASCADE;'
        f' ELSE DELETE FROM "{table}"; END IF; END IF;\n'
    )
