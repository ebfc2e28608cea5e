"""Databases beside the one of the tests (另建数据库), in the same server."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url

_OURS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = :name AND usename = current_user
"""


@contextlib.contextmanager
def fresh_database(address: str, *, name: str) -> Iterator[str]:
    """The address of an empty database in the server of `address`; it is gone afterwards."""
    # No pool: what a drop that fails left open would fail another test when it is collected.
    server = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        _drop(connection, name)
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            _drop(connection, name)


def _drop(connection: Connection, name: str) -> None:
    """Drop it if it is there, whoever of ours is still connected.

    Not WITH (FORCE): that ends every process in the database, and only a superuser may end the server's own
    cleaner, should it be at work there. Without it the server sends its cleaner away itself.
    """
    connection.execute(text(_OURS), {"name": name})
    connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
