"""How the program itself is (服务状态): alive, ready, measured."""

from pathlib import Path

import redis
from flask import Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import db, queues
from web.callers import PUBLIC
from web.door import Door

door = Door("service", __name__)

_ALIVE = b'{"status":"ok"}'
_ICON = Path(__file__).with_name("favicon.svg").read_bytes()
# Revisions are named like their files, in one line (a promise test keeps that): the last name is the newest.
_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations" / "versions"
_NEWEST_MIGRATION = max(path.stem for path in _MIGRATIONS.glob("[0-9]*.py"))


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


@door.get("/favicon.ico", auth=PUBLIC)
def favicon() -> ResponseReturnValue:
    """Give the sign that browsers ask for with every page: the 一 of 一码办."""
    icon = Response(_ICON, mimetype="image/svg+xml")
    icon.headers["Cache-Control"] = "public, max-age=86400"
    return icon


@door.get("/metrics", auth=PUBLIC)
def metrics() -> ResponseReturnValue:
    """Counters for Prometheus; holds nothing personal."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database_state() -> str:
    try:
        with db.engine().connect() as connection:
            current = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return "away"
    return "ok" if current == _NEWEST_MIGRATION else "not_migrated"


def _redis_state() -> str:
    try:
        queues.connection().ping()
    except redis.RedisError:
        return "away"
    return "ok"
