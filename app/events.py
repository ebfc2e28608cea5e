"""What has happened (事件): written in the same transaction, told after it, or never.

`publish` writes an outbox row. `deliver` reads the rows and calls the subscribers of one visible table,
each in a savepoint of its own: a subscriber that fails is tried again alone, and none runs twice for the
same event. Subscribers only touch the database; whoever needs the network writes an intent instead.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, delete, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock, queues, rows
from app.crypto import UnreadableError
from app.db import Base, after_commit, unit_of_work
from app.errors import DomainError

log = logging.getLogger(__name__)

BATCH = 50
_FIRST_PAUSE_S = 5
_LONGEST_PAUSE_S = 3600
_KEPT_FOR = timedelta(days=30)
_DROPPED_AT_ONCE = 10_000
# What one event may come to grief by without holding up everybody else's: rules, the database, a lost key,
# and our own slips. What is left ends the job: the process being stopped, or no memory.
_TROUBLE = (
    DomainError,
    SQLAlchemyError,
    UnreadableError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Event:
    """A fact in the past tense; its fields are ids and plain words, nothing personal."""


Subscriber = Callable[[Session, Any], None]
Subscriptions = Mapping[type[Event], Sequence[Subscriber]]


class OutboxRow(Base):
    """One event waiting to be told, or told (事件发件箱)."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "next_attempt_at", "id", postgresql_where="delivered_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    delivered_to: Mapped[list[str]] = mapped_column(ARRAY(String(128)), default=list, server_default="{}")
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


# Into the table itself: nearly every tap says something, and nobody reads back what he said.
_OUTBOX = OutboxRow.metadata.tables[OutboxRow.__tablename__]
_subscriptions: dict[type[Event], tuple[Subscriber, ...]] = {}


def wire(subscriptions: Subscriptions) -> None:
    """Say who hears what; called once by bootstrap. Every event is listed, also one nobody hears."""
    _subscriptions.clear()
    _subscriptions.update({event: tuple(hearers) for event, hearers in subscriptions.items()})


def publish(session: Session, event: Event) -> None:
    """Say that something has happened; heard after the commit, or never."""
    publish_all(session, [event])


def publish_all(session: Session, published: Sequence[Event]) -> None:
    """Say that several things have happened, in one go."""
    rows.add(session, _OUTBOX, [row(event) for event in published])
    announce()


def row(event: Event) -> dict[str, Any]:
    """The outbox columns of an event, for a service that writes it inside a statement of its own."""
    now = clock.now()
    return {"name": type(event).__name__, "payload": asdict(event), "created_at": now, "next_attempt_at": now}


def announce() -> None:
    """Have the outbox read soon after the commit."""
    after_commit(_nudge)


def _nudge() -> None:
    queues.nudge(queues.Queue.EVENTS, deliver)


def deliver() -> int:
    """Tell everything that waits (job); how many rows it took. Safe to repeat and to run in parallel."""
    queues.nudge_taken(deliver)
    taken = 0
    while batch := _deliver_batch():
        taken += batch
    return taken


def _deliver_batch() -> int:
    with unit_of_work() as session:
        waiting = (
            select(OutboxRow)
            .where(OutboxRow.delivered_at.is_(None), OutboxRow.next_attempt_at <= clock.now())
            .order_by(OutboxRow.next_attempt_at, OutboxRow.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        found = session.scalars(waiting).all()
        for each in found:
            _tell(session, each)
        return len(found)


def _tell(session: Session, found: OutboxRow) -> None:
    by_name = {event.__name__: event for event in _subscriptions}
    event_type = by_name.get(found.name)
    if event_type is None:
        _put_off(found, f"no event is called {found.name}")
        return
    try:
        event = event_type(**found.payload)
    except TypeError:
        # Written by another version of the program, whose event had other fields.
        log.exception("event_unreadable", extra={"event": found.name, "outbox_id": found.id})
        _put_off(found, "its fields are of another version")
        return
    missed = [
        subscriber
        for subscriber in _subscriptions[event_type]
        if _subscriber_name(subscriber) not in found.delivered_to
        and not _heard(session, found, subscriber=subscriber, event=event)
    ]
    if not missed:
        found.delivered_at = clock.now()


def _heard(session: Session, found: OutboxRow, *, subscriber: Subscriber, event: Event) -> bool:
    name = _subscriber_name(subscriber)
    try:
        with session.begin_nested():
            subscriber(session, event)
    except _TROUBLE as error:
        log.exception(
            "subscriber_failed", extra={"event": found.name, "outbox_id": found.id, "subscriber": name}
        )
        _put_off(found, f"{name}: {type(error).__name__}")
        return False
    found.delivered_to = [*found.delivered_to, name]
    return True


def _put_off(found: OutboxRow, reason: str) -> None:
    found.attempts += 1
    found.last_error = reason
    pause = min(_FIRST_PAUSE_S * 2 ** min(found.attempts, 12), _LONGEST_PAUSE_S)
    found.next_attempt_at = clock.now() + timedelta(seconds=pause)


def _subscriber_name(subscriber: Subscriber) -> str:
    return f"{subscriber.__module__}.{getattr(subscriber, '__name__', repr(subscriber))}"


def forget_told() -> int:
    """Drop what was told long ago (job), a bounded number at a time; returns how many."""
    old = (
        select(OutboxRow.id)
        .where(OutboxRow.delivered_at < clock.now() - _KEPT_FOR)
        .order_by(OutboxRow.id)
        .limit(_DROPPED_AT_ONCE)
    )
    with unit_of_work() as session:
        return len(
            session.scalars(delete(OutboxRow).where(OutboxRow.id.in_(old)).returning(OutboxRow.id)).all()
        )
