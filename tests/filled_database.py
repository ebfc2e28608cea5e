"""At least one row in every table, made from the models themselves."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Column, Engine, Table, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.db import Base

_MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


_CHECKS = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST(:name AS regclass)"


def fill(engine: Engine) -> None:
    """Insert one row into each table; checks are set aside, types, keys and uniqueness are not."""
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            for constraint in connection.scalars(
                text(_CHECKS),
                {"name": f'"{table.name}"'},
            ).all():
                connection.execute(text(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{constraint}"'))
            connection.execute(table.insert().values(_row(table)))


def _row(table: Table) -> dict[str, Any]:
    return {
        column.name: _value(column)
        for column in table.columns
        if not column.nullable and column.computed is None and column.identity is None
    }


def _value(column: Column[Any]) -> Any:
    if isinstance(column.type, JSONB):
        return {}
    if isinstance(column.type, ARRAY):
        return []
    kind = column.type.python_type if not hasattr(column.type, "impl") else str
    values: dict[type, Any] = {
        int: 1,
        float: 1.0,
        bool: True,
        str: "1",
        bytes: b"1",
        datetime: _MOMENT,
        date: _MOMENT.date(),
        time: _MOMENT.time(),
        uuid.UUID: uuid.UUID(int=1),
        dict: {},
        list: [],
    }
    return values[kind]
