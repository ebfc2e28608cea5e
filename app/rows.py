"""Several rows of one table written by one statement (成批写入): each column is sent as an array.

As many statements as rows, even when they travel together, cost Python and PostgreSQL each of them. The
values go to the driver as they are, but for JSON; a column that holds an array, or is encrypted, cannot be
sent so.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.db import engine

Row = Mapping[str, Any]

_STILL_THERE = "state = %(held)s"


def add(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, in their order.

    Raises ValueError when they do not all give the same columns, TypeError for one that cannot be sent so.
    """
    names = _names(rows)
    session.connection().exec_driver_sql(_adding(table, names), _sent(table, names, rows))


def change(session: Session, table: Table, rows: Sequence[Row], *, held: str) -> int:
    """Set the columns of rows, each with its `id`, that are in the state `held`; how many were.

    Raises as `add` does.
    """
    names = _names(rows)
    sent = _sent(table, names, rows) | {"held": held}
    return session.connection().exec_driver_sql(_changing(table, names), sent).rowcount


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    (names,) = {tuple(row) for row in rows}  # of a row with others they would be left out unseen
    return names


def _sent(table: Table, names: Sequence[str], rows: Sequence[Row]) -> dict[str, Any]:
    sent: dict[str, Any] = {name: [row[name] for row in rows] for name in names}
    for name in names:
        if isinstance(table.c[name].type, JSONB):
            sent[name] = [Jsonb(value) for value in sent[name]]
    return sent


@cache
def _adding(table: Table, names: tuple[str, ...]) -> str:
    columns = ", ".join(names)
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {_given(table, names)}"  # noqa: S608


@cache
def _changing(table: Table, names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = given.{name}" for name in names if name != "id")
    return (
        f"UPDATE {table.name} SET {changes} FROM {_given(table, names)} "  # noqa: S608
        f"WHERE {table.name}.id = given.id AND {table.name}.{_STILL_THERE}"
    )


def _given(table: Table, names: Sequence[str]) -> str:
    unfit = [name for name in names if isinstance(table.c[name].type, (ARRAY, TypeDecorator))]
    if unfit:  # an encrypted text would be kept as it is
        raise TypeError(f"{table.name}: {', '.join(unfit)} cannot be sent as an array")
    arrays = (f"%({name})s::{table.c[name].type.compile(engine().dialect)}[]" for name in names)
    return f"unnest({', '.join(arrays)}) AS given ({', '.join(names)})"
