"""The audit log as it is stored (审计日志): appended to, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

HASH_BYTES = 32


class AuditEntry(Base):
    """One line of the log; `id` is its place in the chain, without gaps, `prev_hash` the line's before it.

    A trigger of the database refuses to change or remove a line. `citizen_id` says whose data it was about.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("id >= 1", name="counted_from_one"),
        CheckConstraint(
            f"length(hash) = {HASH_BYTES} AND length(prev_hash) = {HASH_BYTES}", name="hashes_whole"
        ),
        Index("ix_audit_entries_at", "at", "id"),
        Index("ix_audit_entries_subject", "subject", "id"),
        Index("ix_audit_entries_actor", "actor", "id"),
        Index("ix_audit_entries_citizen", "citizen_id", "id", postgresql_where="citizen_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    citizen_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
