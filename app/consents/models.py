"""Consents as they are stored (单独同意记录)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Ended(StrEnum):
    """How a consent ended: taken back, or given anew to a changed text."""

    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"


class Consent(Base):
    """One citizen's consent to one purpose (单独同意), from its day to its end; rows are never reused.

    `text_version` says which words were agreed to, `channel` the platform on which; at most one is live for
    each citizen and purpose.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("text_version > 0", name="version_counts_from_one"),
        CheckConstraint("ended IN ('withdrawn', 'renewed')", name="ended_known"),
        CheckConstraint("(ended IS NULL) = (ended_at IS NULL)", name="ended_has_its_time"),
        Index("uq_consents_live", "citizen_id", "purpose", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_consents_citizen_id", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    purpose: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(String(16))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(16))
