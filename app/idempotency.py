"""One tap, one effect (幂等): what a key was answered with, kept in the same transaction as the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock
from app.crypto import cipher
from app.db import Base, unit_of_work
from app.errors import Conflict, DomainError, Invalid

KEPT_FOR = timedelta(days=2)
_PURPOSE = "idempotency_keys.body"


class KeyReused(Invalid):
    """The same key came with another body."""

    code = "idempotency_key_reused"
    message = "这次提交与上一次的内容不同，请返回重新提交"


class StillRunning(Conflict):
    """The first request with this key has not finished yet."""

    code = "still_running"
    message = "正在处理，请稍候几秒再看结果"


@dataclass(frozen=True)
class Claim:
    """Who taps what: the person, the route and the key the phone made for this tap."""

    owner: str
    route: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: bytes


class KeptAnswer(Base):
    """The answer one key was given (幂等键)."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("owner", "route", "key"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    route: Mapped[str] = mapped_column(String(128))
    key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


# Ready to send, since every tap asks and building a statement anew costs more than asking it; one question,
# since each costs a way to the database and back; for many taps at once, since they may come together.
_LOCK_AND_LOOK = """
SELECT pg_try_advisory_xact_lock(hashtextextended(tap.name, 0)), kept.fingerprint, kept.status, kept.body
FROM unnest(%(names)s::text[], %(owners)s::varchar[], %(routes)s::varchar[], %(keys)s::varchar[])
  WITH ORDINALITY AS tap (name, owner, route, key, turn)
LEFT JOIN idempotency_keys AS kept
  ON kept.owner = tap.owner AND kept.route = tap.route AND kept.key = tap.key
ORDER BY tap.turn
"""
_KEEP = """
INSERT INTO idempotency_keys (owner, route, key, fingerprint, status, body, created_at)
SELECT owner, route, key, fingerprint, status, body, %(now)s
FROM unnest(%(owners)s::varchar[], %(routes)s::varchar[], %(keys)s::varchar[], %(fingerprints)b::bytea[],
  %(statuses)s::bigint[], %(bodies)b::bytea[]) AS tap (owner, route, key, fingerprint, status, body)
ON CONFLICT DO NOTHING
"""


def begin(session: Session, claim: Claim) -> Answer | None:
    """Take the key for this transaction; the earlier answer when there is one.

    The lock ends with the transaction, so a crash leaves nothing behind and a retry does the work.
    Raises StillRunning while another request holds the key, KeyReused when the body differs.
    """
    (found,) = begin_all(session, [claim])
    if isinstance(found, DomainError):
        raise found
    return found


def begin_all(session: Session, claims: Sequence[Claim]) -> list[Answer | StillRunning | KeyReused | None]:
    """Take the keys of several taps as `begin` does, each with its answer, or what `begin` would raise."""
    rows = session.connection().exec_driver_sql(
        _LOCK_AND_LOOK,
        {
            "names": [f"{claim.owner}\n{claim.route}\n{claim.key}" for claim in claims],
            "owners": [claim.owner for claim in claims],
            "routes": [claim.route for claim in claims],
            "keys": [claim.key for claim in claims],
        },
    )
    return [_outcome(claim, tuple(row)) for claim, row in zip(claims, rows, strict=True)]


def _outcome(
    claim: Claim, row: tuple[bool, bytes | None, int, bytes]
) -> Answer | StillRunning | KeyReused | None:
    mine, fingerprint, status, body = row
    if not mine:
        return StillRunning(retry_after=1)
    if fingerprint is None:
        return None
    if fingerprint != claim.fingerprint:
        return KeyReused()
    return Answer(status, cipher().open(body, purpose=_PURPOSE))


def keep(session: Session, claim: Claim, answer: Answer) -> None:
    """Remember the answer; kept together with the work, or not at all.

    Raises StillRunning when another request ended between our look and our lock: its answer is the one.
    """
    keep_all(session, [(claim, answer)])


def keep_all(session: Session, answered: Sequence[tuple[Claim, Answer]]) -> None:
    """Remember the answers of several taps; raises StillRunning when one of them must not be."""
    session.flush()
    kept = session.connection().exec_driver_sql(
        _KEEP,
        {
            "owners": [claim.owner for claim, _ in answered],
            "routes": [claim.route for claim, _ in answered],
            "keys": [claim.key for claim, _ in answered],
            "fingerprints": [claim.fingerprint for claim, _ in answered],
            "statuses": [answer.status for _, answer in answered],
            # An answer may hold what the person has just typed, such as their citizen number.
            "bodies": [cipher().seal(answer.body, purpose=_PURPOSE) for _, answer in answered],
            "now": clock.now(),
        },
    )
    if kept.rowcount != len(answered):
        raise StillRunning(retry_after=1)


def forget_old(session: Session) -> int:
    """Drop keys nobody will repeat any more; returns how many."""
    gone = session.execute(
        delete(KeptAnswer).where(KeptAnswer.created_at < clock.now() - KEPT_FOR).returning(KeptAnswer.id)
    )
    return len(gone.all())


def forget_old_keys() -> None:
    """Drop idempotency keys nobody will repeat (job)."""
    with unit_of_work() as session:
        forget_old(session)
