"""The database and the one unit of work (数据库、工作单元)."""

import contextlib
import select
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, LiteralString

import psycopg
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import PoolProxiedConnection

__all__ = [
    "Base",
    "Session",
    "UnitDoomedError",
    "after_commit",
    "connect",
    "engine",
    "glance",
    "unit_of_work",
]

# Small and bounded on purpose: a hot row collapses in PostgreSQL when more connections queue for it.
POOL_SIZE = 4
# No row has a greater id, and PostgreSQL refuses to compare one: whatever is asked for by such is not there.
LARGEST_ID = 2**63 - 1

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table shares: times with zones, 64-bit ids, JSON as jsonb, named constraints."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


@dataclass
class _Unit:
    """One running unit of work of this thread."""

    session: Session
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    doomed: bool = False


class UnitDoomedError(RuntimeError):
    """A part of the unit of work failed and the rest must not be kept without it."""


_engine: Engine | None = None
_glances: Engine | None = None
_unit: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


def connect(url: str, *, pool_size: int = POOL_SIZE) -> Engine:
    """Point this process at its database; called once by bootstrap."""
    global _engine, _glances  # noqa: PLW0603 - one database for the whole process
    for earlier in filter(None, (_engine, _glances)):
        earlier.dispose()
    _engine = _connected(url, pool_size=pool_size)
    # Connections that never hold a transaction: nothing to set before a glance and nothing to reset after it.
    _glances = _connected(url, pool_size=pool_size, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    return _engine


def _connected(url: str, **options: Any) -> Engine:
    made = create_engine(
        url,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text ends in a log, and parameters name people
        connect_args={
            "connect_timeout": 5,
            "options": "-c timezone=UTC -c statement_timeout=15000 -c lock_timeout=8000"
            " -c idle_in_transaction_session_timeout=30000",
        },
        **options,
    )
    event.listen(made, "checkout", _refuse_dead)
    return made


def _refuse_dead(connection: Any, record: Any, proxy: Any) -> None:
    """Have the pool replace a connection that the server has ended while it lay there.

    An idle connection has nothing to read but its own end; looking costs no way to the server and back.
    """
    del record, proxy
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def glance(statement: LiteralString, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of one read that stands alone, without a transaction around it, or None.

    It is in the driver's own words and its answer comes in binary: to put a statement together takes longer
    than to run it, and bytes written as text are twice as many. Raises what SQLAlchemy raises.
    """
    if _glances is None:
        raise RuntimeError("the database is not connected yet")
    try:
        with contextlib.closing(_glances.raw_connection()) as pooled:
            return _first_row(pooled, statement, values)
    except psycopg.Error as error:
        raise DBAPIError.instance(
            statement, tuple(values), error, psycopg.Error, hide_parameters=True, dialect=_glances.dialect
        ) from error


def _first_row(
    pooled: PoolProxiedConnection, statement: LiteralString, values: Sequence[Any]
) -> tuple[Any, ...] | None:
    connection: psycopg.Connection[tuple[Any, ...]] = pooled.driver_connection  # type: ignore[assignment]
    try:
        return connection.execute(statement, values, binary=True).fetchone()
    finally:
        if connection.closed:
            pooled.invalidate()


def engine() -> Engine:
    """The engine of this process; raises RuntimeError before `connect`."""
    if _engine is None:
        raise RuntimeError("the database is not connected yet")
    return _engine


@contextlib.contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: all of it is kept, or nothing.

    A unit of work inside another joins it; if the inner one fails, the outer one cannot be kept either.
    Nothing in it may wait for the network.
    """
    outer = _unit.get()
    if outer is not None:
        try:
            yield outer.session
        except BaseException:
            outer.doomed = True
            raise
        return
    with Session(engine(), expire_on_commit=False) as session:
        unit = _Unit(session)
        token = _unit.set(unit)
        try:
            yield session
            if unit.doomed:
                raise UnitDoomedError
            session.commit()
        finally:
            _unit.reset(token)
    for callback in unit.after_commit:
        callback()


def after_commit(callback: Callable[[], None]) -> None:
    """Run something once the outer transaction is kept, or never.

    SQLAlchemy's own after_commit also fires when a savepoint is released, hence this one.
    """
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("after_commit needs a running unit of work")
    if callback not in unit.after_commit:
        unit.after_commit.append(callback)
