"""What many tests begin with, made once per test process as an operator does, then copied back (城市快照)."""

from collections.abc import Callable

from sqlalchemy import Connection, text

from app import clock
from tests.emptying import SCHEMA, filled, unchecked
from web.flask_app import YimaFlask

_SERIALS = """
SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), 'id') FROM information_schema.columns
WHERE table_schema = current_schema AND column_name = 'id'
"""


def load(app: YimaFlask) -> None:
    """Fill the empty tables with the demo city."""

    def loaded() -> None:
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        if result.exit_code != 0:
            raise RuntimeError(result.output)

    restored("demo", loaded)


def restored(name: str, make: Callable[[], None]) -> None:
    """What `make` writes into empty tables; as it is where others have written already."""
    with unchecked().begin() as connection:
        fresh = not filled(connection)
        known = connection.scalar(text("SELECT to_regproc(:copy)"), {"copy": f"{SCHEMA}.copy_{name}"})
        if fresh and known:
            connection.execute(text(f"SELECT {SCHEMA}.copy_{name}()"))
            connection.execute(text("UPDATE centres SET updated_at = :now"), {"now": clock.now()})
            return
    make()
    if fresh:
        with unchecked().begin() as connection:
            _keep(connection, name)


def _keep(connection: Connection, name: str) -> None:
    """Keep the rows beside the tables, and a function that copies them back."""
    serials: dict[str, str] = dict(map(tuple, connection.execute(text(_SERIALS))))
    copies = []
    for table in filled(connection):
        kept = f'{SCHEMA}."{name}_{table}"'
        connection.execute(text(f'CREATE TABLE {kept} AS TABLE "{table}"'))
        copies.append(f'INSERT INTO "{table}" SELECT * FROM {kept};')
        if serials.get(table):
            copies.append(f"PERFORM setval('{serials[table]}', (SELECT max(id) FROM \"{table}\"));")
    connection.exec_driver_sql(
        f"CREATE FUNCTION {SCHEMA}.copy_{name}() RETURNS void LANGUAGE plpgsql"
        f" AS $$ BEGIN {' '.join(copies)} END $$"
    )
