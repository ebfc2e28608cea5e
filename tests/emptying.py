"""An empty database for the next test (清空数据库).

To truncate every table makes new files for each of them and its indexes: 200 ms, longer than most tests.
What a test has written is a few rows in a few tables; to delete those takes some milliseconds.
"""

from sqlalchemy import Connection, Engine, text

from app.db import Base

# What is written there stays; only the whole table can be emptied.
_APPEND_ONLY = {
    "archive_documents",
    "archives",
    "case_clock_events",
    "documents",
    "material_remarks",
    "signed_undertakings",
}
# And what proves is never emptied at all, but by the owner of the tables, who can take the trigger away.
_KEPT = ("audit_entries", "case_receipt_openings", "case_receipts", "daily_leaves", "daily_roots")
# Triggers write while rows are deleted, into tables that were empty when we looked.
_PASSES = 4
_USED_SEQUENCES = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = current_schema AND last_value IS NOT NULL
"""


def empty(engine: Engine) -> None:
    """Leave every table empty and every sequence at its beginning."""
    with engine.begin() as connection:
        for _ in range(_PASSES):
            if not _delete_rows(connection):
                break
        else:
            raise AssertionError("rows come back while they are deleted")
        connection.execute(text(_USED_SEQUENCES))


def _delete_rows(connection: Connection) -> bool:
    """Delete what is there, rows that name others first; whether anything was."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    looks = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)
    written = set(connection.scalars(text(" UNION ALL ".join(looks))))
    if written.intersection(_KEPT):
        for what in (
            *(f"ALTER TABLE {name} DISABLE TRIGGER {name}_kept" for name in _KEPT),
            f"TRUNCATE {', '.join(_KEPT)}",
            *(f"ALTER TABLE {name} ENABLE TRIGGER {name}_kept" for name in _KEPT),
        ):
            connection.execute(text(what))
    for name in tables:
        if name in written.difference(_KEPT):
            empty_it = f'TRUNCATE "{name}" CASCADE' if name in _APPEND_ONLY else f'DELETE FROM "{name}"'
            connection.execute(text(empty_it))
    return bool(written)
