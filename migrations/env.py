"""Runs migrations against DATABASE_URL; one transaction for all of them, one runner at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

import bootstrap  # noqa: F401 - knows every room and so every table
from app import settings
from app.db import Base

_ONE_AT_A_TIME = 7_119_023_001


def run() -> None:
    """Upgrade or downgrade."""
    url = context.config.attributes.get("url") or settings.current().database_url
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            compare_server_default=True,
        )
        context.run_migrations()


run()
