"""Whether the database has to be migrated: asked cheaply, since the program's own answer takes seconds."""

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory

from runner.errors import CannotStart
from runner.places import ROOT


def pending(database_url: str) -> bool:
    """Whether a migration has not run yet. Raises CannotStart when the database cannot be reached."""
    newest = set(ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_heads())
    scheme, separator, rest = database_url.partition("://")
    try:
        with psycopg.connect(scheme.partition("+")[0] + separator + rest, connect_timeout=10) as asker:
            rows = asker.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.errors.UndefinedTable:
        return True
    except psycopg.Error as error:
        raise CannotStart(f"DATABASE_URL cannot be reached: {error}") from error
    return {row[0] for row in rows} != newest
