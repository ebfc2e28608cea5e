"""Rows that a job could not work through (处理不了的记录): logged once by each error, then counted.

One row per key, so that a job that comes back every minute says nothing twice, and a desk can show what waits
and since when.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import String, case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import unit_of_work

_LONGEST = 64


class Trouble:
    """What a table of troubles has beside its key: the error's name, since when, and how often it was met."""

    error: Mapped[str] = mapped_column(String(_LONGEST))
    since: Mapped[datetime]
    tries: Mapped[int]


def is_new(table: type[Trouble], error: Exception, **key: Any) -> bool:
    """Count that a row made trouble; whether for the first time by this error; a unit of work."""
    new = insert(table).values(error=type(error).__name__[:_LONGEST], since=clock.now(), tries=1, **key)
    same = table.error == new.excluded.error
    counted = new.on_conflict_do_update(
        index_elements=list(key),
        set_={
            "error": new.excluded.error,
            "since": case((same, table.since), else_=new.excluded.since),
            "tries": case((same, table.tries + 1), else_=1),
        },
    )
    with unit_of_work() as session:
        return session.scalar(counted.returning(table.tries)) == 1
