"""One tap, one effect (幂等): what a key was answered with, kept in the same transaction as the work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock
from app.crypto import cipher
from app.db import Base
from app.errors import Conflict, Invalid

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


_KEYS = Base.metadata.tables[KeptAnswer.__tablename__]

# Put together once, since every tap asks; one question, since each costs a way to the database and back.
_LOCK_AND_LOOK = (
    select(
        func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)),
        _KEYS.c.fingerprint,
        _KEYS.c.status,
        _KEYS.c.body,
    )
    .select_from(select(literal(1)).subquery())
    .outerjoin(
        _KEYS,
        (_KEYS.c.owner == bindparam("owner"))
        & (_KEYS.c.route == bindparam("route"))
        & (_KEYS.c.key == bindparam("key")),
    )
)
_KEEP = insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.id)


def begin(session: Session, claim: Claim) -> Answer | None:
    """Take the key for this transaction; the earlier answer when there is one.

    The lock ends with the transaction, so a crash leaves nothing behind and a retry does the work.
    Raises StillRunning while another request holds the key, KeyReused when the body differs.
    """
    name = f"{claim.owner}\n{claim.route}\n{claim.key}"
    mine, fingerprint, status, body = session.execute(
        _LOCK_AND_LOOK, {"name": name, "owner": claim.owner, "route": claim.route, "key": claim.key}
    ).one()
    if not mine:
        raise StillRunning(retry_after=1)
    if fingerprint is None:
        return None
    if fingerprint != claim.fingerprint:
        raise KeyReused
    return Answer(status, cipher().open(body, purpose=_PURPOSE))


def keep(session: Session, claim: Claim, answer: Answer) -> None:
    """Remember the answer; kept together with the work, or not at all.

    Raises StillRunning when another request ended between our look and our lock: its answer is the one.
    """
    row = {
        "owner": claim.owner,
        "route": claim.route,
        "key": claim.key,
        "fingerprint": claim.fingerprint,
        "status": answer.status,
        # An answer may hold what the person has just typed, such as their citizen number.
        "body": cipher().seal(answer.body, purpose=_PURPOSE),
        "created_at": clock.now(),
    }
    if session.scalar(_KEEP, row) is None:
        raise StillRunning(retry_after=1)


def forget_old(session: Session) -> int:
    """Drop keys nobody will repeat any more; returns how many."""
    gone = session.execute(
        delete(KeptAnswer).where(KeptAnswer.created_at < clock.now() - KEPT_FOR).returning(KeptAnswer.id)
    )
    return len(gone.all())
