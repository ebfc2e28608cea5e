"""Taking what the registry tells once and in its own order (登记信息接收).

Deliveries come twice, late and out of order. An event is kept once by its number; of what is told about one
subject in one respect (`topic`) only the newest by the registry's own count changes anything, and an older
one that arrives later is kept as history alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.enterprises.models import RegistryMessage


class Fate(StrEnum):
    """What a delivery turned out to be."""

    NEWEST = "newest"
    OVERTAKEN = "overtaken"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery's fate; `message_id` is the row of an event that was kept, 0 for one that came again."""

    fate: Fate
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One event: about whom, in which respect, the registry's count, when it happened, what it says."""

    event_id: str
    kind: str
    subject: str
    topic: str
    sequence: int
    happened_on: date
    values: Mapping[str, str]


def take(session: Session, told: Told) -> Taken:
    """Keep an event, and say whether it is the newest of its subject and topic."""
    # Two deliveries about one subject come one after the other, so that each sees what the other kept.
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"registry\n{told.subject}\n{told.topic}", 0))
    session.execute(select(lock))
    newest = session.scalar(
        select(func.max(RegistryMessage.sequence)).where(
            RegistryMessage.subject == told.subject, RegistryMessage.topic == told.topic
        )
    )
    overtaken = newest is not None and newest >= told.sequence
    kept = session.scalar(
        insert(RegistryMessage)
        .values(
            event_id=told.event_id,
            kind=told.kind,
            subject=told.subject,
            topic=told.topic,
            sequence=told.sequence,
            happened_on=told.happened_on,
            sealed_values=json.dumps(dict(told.values), ensure_ascii=False),
            overtaken=overtaken,
            received_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[RegistryMessage.event_id])
        .returning(RegistryMessage.id)
    )
    if kept is None:
        return Taken(Fate.AGAIN)
    return Taken(Fate.OVERTAKEN if overtaken else Fate.NEWEST, kept)
