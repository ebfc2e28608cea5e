"""Attempts, refunds and what channels told us, as they are stored (支付尝试、退款、渠道通知)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.crypto import EncryptedText
from app.db import Base


class Channel(StrEnum):
    """Who moves the money."""

    WECHAT = "wechat"
    ALIPAY = "alipay"


# As payers and clerks read it.
CHANNEL_NAMES = {Channel.WECHAT: "微信支付", Channel.ALIPAY: "支付宝"}


class AttemptState(StrEnum):
    """Where an attempt stands; `sending` means that its outcome at the channel is not known."""

    SENDING = "sending"
    WAITING = "waiting"
    CLOSING = "closing"
    CLOSED = "closed"
    PAID = "paid"


LIVE_STATES = (AttemptState.SENDING, AttemptState.WAITING, AttemptState.CLOSING)


class Attempt(Base):
    """One try to pay some bills through one channel (支付尝试); owns one out_trade_no, never reused."""

    __tablename__ = "payment_attempts"
    __table_args__ = (
        UniqueConstraint("channel", "transaction_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint(
            "state IN ('sending', 'waiting', 'closing', 'closed', 'paid')", name="state_is_known"
        ),
        CheckConstraint("channel IN ('wechat', 'alipay')", name="channel_is_known"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_has_its_time"),
        CheckConstraint(
            "reserved_fen >= 0 AND refunded_fen >= 0 AND reserved_fen + refunded_fen <= amount_fen",
            name="never_refund_more_than_paid",
        ),
        Index(
            "ix_payment_attempts_to_check",
            "next_check_at",
            postgresql_where="state IN ('sending', 'waiting', 'closing')",
        ),
        Index("ix_payment_attempts_created_at_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_no: Mapped[str] = mapped_column(String(32), unique=True)
    out_trade_no: Mapped[str] = mapped_column(String(32), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    payer_id: Mapped[str] = mapped_column(String(128))
    amount_fen: Mapped[int]
    description: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default=AttemptState.SENDING.value)
    prepay_id: Mapped[str | None] = mapped_column(String(128))
    transaction_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    refunded_fen: Mapped[int] = mapped_column(default=0, server_default="0")

    bills: Mapped[list["AttemptBill"]] = relationship(order_by="AttemptBill.bill_id", lazy="selectin")


class AttemptBill(Base):
    """One bill in one attempt. A bill is in at most one live attempt: nobody is asked to pay it twice."""

    __tablename__ = "payment_attempt_bills"
    __table_args__ = (
        UniqueConstraint("attempt_id", "bill_id"),
        Index("uq_payment_attempt_bills_live", "bill_id", unique=True, postgresql_where="live"),
        CheckConstraint(
            "reserved_fen >= 0 AND refunded_fen >= 0 AND reserved_fen + refunded_fen <= amount_fen",
            name="never_refund_more_than_paid",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempts.id"))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bills.id"), index=True)
    amount_fen: Mapped[int]
    live: Mapped[bool] = mapped_column(default=True)
    reserved_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    refunded_fen: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def left_fen(self) -> int:
        """What may still be given back of this bill's part."""
        return self.amount_fen - self.reserved_fen - self.refunded_fen


class ChannelNotice(Base):
    """One callback of a channel (渠道通知): the same event is taken once."""

    __tablename__ = "payment_notices"
    __table_args__ = (UniqueConstraint("channel", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    event_id: Mapped[str] = mapped_column(String(128))
    received_at: Mapped[datetime]


class RefundState(StrEnum):
    """Where a refund stands."""

    RESERVED = "reserved"
    SENDING = "sending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Refund(Base):
    """Money on its way back (退款). The number is made before it is sent and never changes.

    `requested`: a citizen asked for it and the unit approved; the request has the same number.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint(
            "state IN ('reserved', 'sending', 'processing', 'succeeded', 'failed')", name="state_is_known"
        ),
        # What goes back by itself goes back once per bill and attempt; what was asked for may go in parts.
        Index("uq_refunds_by_itself", "attempt_id", "bill_id", unique=True, postgresql_where="NOT requested"),
        Index(
            "ix_refunds_to_check",
            "next_check_at",
            postgresql_where="state IN ('reserved', 'sending', 'processing')",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_no: Mapped[str] = mapped_column(String(48), unique=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempts.id"))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bills.id"))
    amount_fen: Mapped[int]
    reason: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default=RefundState.RESERVED.value)
    requested: Mapped[bool] = mapped_column(default=False, server_default="false")
    channel_refund_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")


class LedgerEntry(Base):
    """One side of a booking (账簿分录); the entries of one booking add up to zero."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("booking", "account", "bill_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("amount_fen <> 0", name="amount_is_not_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(32))
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("bills.id"))
    amount_fen: Mapped[int]
    at: Mapped[datetime]


class PaymentException(Base):
    """Something about money that a person must see (支付异常), with its evidence."""

    __tablename__ = "payment_exceptions"
    __table_args__ = (
        UniqueConstraint("kind", "reference"),
        Index("ix_payment_exceptions_open", "id", postgresql_where="resolved_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(128))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempts.id"), index=True)
    evidence: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    resolution: Mapped[str | None] = mapped_column(EncryptedText("payment_exceptions.resolution"))
