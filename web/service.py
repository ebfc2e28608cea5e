"""How the program itself is (服务状态): alive, ready, measured."""

from pathlib import Path

import redis
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from app import db, queues
from web.callers import PUBLIC
from web.door import Door

door = Door("service", __name__)

_ALIVE = b'{"status":"ok"}'
_ROOT = Path(__file__).resolve().parent.parent


@door.get("/healthz", auth=PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say that the process lives."""
    return Response(_ALIVE, mimetype="application/json")


@door.get("/readyz", auth=PUBLIC)
def readyz() -> ResponseReturnValue:
    """Say whether the database, its migrations and Redis are there.

    Redis away is shown but still ready: reads and submissions work without it.
    """
    database = _database_state()
    body = {"database": database, "redis": _redis_state()}
    return body, 200 if database == "ok" else 503


@door.get("/metrics", auth=PUBLIC)
def metrics() -> ResponseReturnValue:
    """Counters for Prometheus; holds nothing personal."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database_state() -> str:
    try:
        with db.engine().connect() as connection:
            current = MigrationContext.configure(connection).get_current_heads()
    except SQLAlchemyError:
        return "away"
    wanted = ScriptDirectory.from_config(Config(_ROOT / "alembic.ini")).get_heads()
    return "ok" if set(current) == set(wanted) else "not_migrated"


def _redis_state() -> str:
    try:
        queues.connection().ping()
    except redis.RedisError:
        return "away"
    return "ok"
