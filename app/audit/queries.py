"""What can be asked of the audit log (审计查询): is it whole, and who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.chain import Line
from app.audit.models import AuditEntry
from app.db import LARGEST_ID

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines are wanted; None means all. `actors` are those of clerks, `since` and `until` a stretch."""

    actors: Sequence[str] | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the chain is whole: the good `entries`, the last one's hash, and the first bad one, if any."""

    entries: int
    head: bytes
    broken_at: int | None


def verify(session: Session) -> Verdict:
    """Walk the whole chain; a line that was changed, removed or put in between breaks it.

    That its end was cut off cannot be told from the chain alone: compare with a head that was logged before.
    """
    entries, head = 0, chain.BEGINNING
    while batch := _batch_after(session, entries):
        for entry in batch:
            if not _hangs_on(entry, entries, head):
                return Verdict(entries, head, broken_at=entry.id)
            entries, head = entry.id, entry.hash
        session.expunge_all()
    return Verdict(entries, head, broken_at=None)


def verify_between(session: Session, *, first_id: int, last_id: int) -> Verdict:
    """Walk the chain from one line to another, both inside; `entries` is the last good line's id.

    The line before the first is taken as it stands. A line that is missing breaks the chain.
    """
    before = session.get(AuditEntry, first_id - 1)
    entries, head = first_id - 1, chain.BEGINNING if before is None else before.hash
    while entries < last_id:
        batch = [entry for entry in _batch_after(session, entries) if entry.id <= last_id]
        for entry in batch:
            if not _hangs_on(entry, entries, head):
                return Verdict(entries, head, broken_at=entry.id)
            entries, head = entry.id, entry.hash
        if not batch:
            return Verdict(entries, head, broken_at=entries + 1)
    return Verdict(entries, head, broken_at=None)


def page(
    session: Session, *, sought: Sought, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """Lines of the log, newest first; `before_id` continues a list."""
    asked = select(AuditEntry).where(AuditEntry.id < min(before_id or LARGEST_ID, LARGEST_ID))
    if sought.actors is not None:
        asked = asked.where(AuditEntry.actor.in_(sought.actors))
    if sought.subject is not None:
        asked = asked.where(AuditEntry.subject == sought.subject)
    # Lines stand in the order of time: the ends of a stretch are found first, so that no other line is read.
    if sought.since is not None:
        first = select(AuditEntry.id).where(AuditEntry.at >= sought.since)
        first = first.order_by(AuditEntry.at, AuditEntry.id).limit(1)
        asked = asked.where(AuditEntry.id >= first.scalar_subquery())
    if sought.until is not None:
        last = select(AuditEntry.id).where(AuditEntry.at < sought.until)
        last = last.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(1)
        asked = asked.where(AuditEntry.id <= last.scalar_subquery())
    return session.scalars(asked.order_by(AuditEntry.id.desc()).limit(limit)).all()


def head(session: Session) -> tuple[int, bytes]:
    """How many lines there are and the hash of the last, to be kept somewhere else."""
    last = session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    return (0, chain.BEGINNING) if last is None else (last.id, last.hash)


def of_subject(
    session: Session, *, subject: str, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """What was done with one thing, newest first; `before_id` continues a list."""
    asked = select(AuditEntry).where(AuditEntry.subject == subject)
    if before_id is not None:
        asked = asked.where(AuditEntry.id < before_id)
    return session.scalars(asked.order_by(AuditEntry.id.desc()).limit(limit)).all()


def about_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """Who looked at or changed what belongs to a citizen (谁看过我的信息), newest first."""
    asked = select(AuditEntry).where(AuditEntry.citizen_id == citizen_id)
    if before_id is not None:
        asked = asked.where(AuditEntry.id < before_id)
    return session.scalars(asked.order_by(AuditEntry.id.desc()).limit(limit)).all()


def noted_since(session: Session, *, actor: str, subject: str, since: datetime) -> bool:
    """Whether the log names this actor with this thing since a moment."""
    asked = select(AuditEntry.id).where(
        AuditEntry.actor == actor, AuditEntry.subject == subject, AuditEntry.at >= since
    )
    return session.scalar(asked.limit(1)) is not None


def _hangs_on(entry: AuditEntry, before: int, head: bytes) -> bool:
    """Whether a line is the next one and as it was written; one that no writer could have made is not."""
    try:
        return (entry.id, entry.prev_hash) == (before + 1, head) and chain.digest(_line(entry)) == entry.hash
    except (TypeError, ValueError):
        return False


def _batch_after(session: Session, entry_id: int) -> Sequence[AuditEntry]:
    asked = select(AuditEntry).where(AuditEntry.id > entry_id).order_by(AuditEntry.id).limit(_BATCH)
    return session.scalars(asked).all()


def _line(entry: AuditEntry) -> Line:
    return Line(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        citizen_id=entry.citizen_id,
        details=entry.details,
        prev_hash=entry.prev_hash,
    )
