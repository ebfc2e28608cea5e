"""Messages, their ways to people, and the leave to send them (消息、投递、订阅额度)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base

MOST_ROUNDS = 3


class Message(Base):
    """One thing one citizen is told (消息). Always readable in the app, whatever a platform does."""

    __tablename__ = "messages"
    __table_args__ = (
        # The same happening is told to the same person once.
        UniqueConstraint("citizen_id", "subject"),
        Index("ix_messages_citizen_id_id", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    subject: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(EncryptedText("messages.text"))
    page: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Way(StrEnum):
    """How a message leaves the house."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    SMS = "sms"


class DispatchState(StrEnum):
    """Where a dispatch stands; `unknown` may have arrived and is therefore never sent again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Dispatch(Base):
    """One message on one way (投递)."""

    __tablename__ = "dispatches"
    __table_args__ = (
        UniqueConstraint("message_id", "way", "round"),
        # A clerk had it leave once more: who and when; nobody is bothered without end.
        CheckConstraint(f"round BETWEEN 0 AND {MOST_ROUNDS}", name="round_counts"),
        CheckConstraint(
            "(round = 0) = (requested_by IS NULL) AND (round = 0) = (requested_at IS NULL)",
            name="round_is_asked_for",
        ),
        CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="state_is_known"
        ),
        Index("ix_dispatches_open", "next_attempt_at", postgresql_where="state IN ('pending', 'sending')"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    way: Mapped[str] = mapped_column(String(16))
    # 0 by itself; from 1 on a clerk had it leave once more (补发).
    round: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    template: Mapped[str] = mapped_column(String(64))
    fields: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default=DispatchState.PENDING.value)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    platform_code: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[datetime | None]


class SubscriptionCredit(Base):
    """How often a citizen still allows one template (订阅额度); each accepted prompt allows one message."""

    __tablename__ = "subscription_credits"
    __table_args__ = (
        UniqueConstraint("citizen_id", "platform", "template"),
        CheckConstraint("remaining >= 0", name="never_below_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    platform: Mapped[str] = mapped_column(String(16))
    template: Mapped[str] = mapped_column(String(64))
    remaining: Mapped[int] = mapped_column(default=0, server_default="0")
