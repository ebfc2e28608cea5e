"""The demo city for tests: loaded once per test process as an operator does, then copied back."""

from sqlalchemy import Connection, text

from app import db
from app.db import Base
from web.flask_app import YimaFlask

_SCHEMA = "city_snapshot"


def load(app: YimaFlask) -> None:
    """Fill the empty tables with the demo city."""
    with db.engine().begin() as connection:
        if _kept(connection):
            _copy_back(connection)
            return
    loaded = app.test_cli_runner().invoke(args=["demo", "load"])
    if loaded.exit_code != 0:
        raise RuntimeError(loaded.output)
    with db.engine().begin() as connection:
        _keep(connection)


def _kept(connection: Connection) -> list[str]:
    tables = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
    return list(connection.scalars(tables, {"schema": _SCHEMA}))


def _keep(connection: Connection) -> None:
    connection.execute(text(f"CREATE SCHEMA {_SCHEMA}"))
    for table in Base.metadata.sorted_tables:
        if connection.scalar(text(f'SELECT EXISTS (SELECT FROM "{table.name}")')):
            connection.execute(text(f'CREATE TABLE {_SCHEMA}."{table.name}" AS TABLE "{table.name}"'))


def _copy_back(connection: Connection) -> None:
    kept = set(_kept(connection))
    for table in Base.metadata.sorted_tables:
        if table.name not in kept:
            continue
        # Triggers have already written some of the rows of their own tables.
        copied = f'INSERT INTO "{table.name}" SELECT * FROM {_SCHEMA}."{table.name}" ON CONFLICT DO NOTHING'
        connection.execute(text(copied))
        serial = text(
            "SELECT pg_get_serial_sequence(:table, column_name) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = :table AND column_name = 'id'"
        )
        sequence = connection.scalar(serial, {"table": table.name})
        if sequence:
            last = text(f'SELECT setval(:sequence, (SELECT max(id) FROM "{table.name}"))')
            connection.execute(last, {"sequence": sequence})
