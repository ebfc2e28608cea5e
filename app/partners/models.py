"""Partner systems, their keys and what they used, as they are stored (合作单位)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Partner(Base):
    """A system that may read (合作单位); `key` is public, `secret` signs and is encrypted at rest.

    `day_quota` counts requests of a day of Asia/Shanghai, `minute_rate` those of a minute.
    """

    __tablename__ = "partners"
    __table_args__ = (CheckConstraint("day_quota > 0 AND minute_rate > 0", name="may_ask_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    secret: Mapped[str] = mapped_column(EncryptedText("partners.secret"))
    day_quota: Mapped[int]
    minute_rate: Mapped[int]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PartnerUse(Base):
    """How much a partner asked this day and this minute (用量): one row, so one statement counts both."""

    __tablename__ = "partner_use"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), primary_key=True, autoincrement=False)
    day: Mapped[date]
    day_used: Mapped[int]
    minute: Mapped[datetime]
    minute_used: Mapped[int]


class PartnerNonce(Base):
    """A number that a partner has used once (一次性随机数), remembered while its time is still taken."""

    __tablename__ = "partner_nonces"
    __table_args__ = (Index("ix_partner_nonces_seen_at", "seen_at"),)

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
