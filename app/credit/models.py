"""Broken promises on record, and what is told of them, as they are stored (失信记录、报送)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CreditState(StrEnum):
    """How a record stands (失信记录): in force once settled, on hold while an objection is open."""

    WAITING = "waiting"
    ON_HOLD = "on_hold"
    READY = "ready"
    LIFTED = "lifted"
    REPAIRED = "repaired"
    EXPIRED = "expired"


STATE_TEXTS: dict[CreditState, str] = {
    CreditState.WAITING: "待处理",
    CreditState.ON_HOLD: "有异议，暂缓",
    CreditState.READY: "已记录",
    CreditState.LIFTED: "已撤销",
    CreditState.REPAIRED: "已修复",
    CreditState.EXPIRED: "已期满",
}
_STATES = ", ".join(f"'{state}'" for state in CreditState)


class CreditRecord(Base):
    """One broken promise (失信记录); one for a promise.

    An objection holds it; what turned out to be no breach is lifted, what was made good is repaired.
    """

    __tablename__ = "credit_records"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        Index("ix_credit_records_of_citizen", "citizen_id", postgresql_where="organisation_id IS NULL"),
        Index(
            "ix_credit_records_of_organisation",
            "organisation_id",
            postgresql_where="organisation_id IS NOT NULL",
        ),
        # What is left of a person who closed the account, for as long as the record bars and no longer.
        CheckConstraint(
            "number_index IS NULL OR organisation_id IS NULL AND state IN ('waiting', 'on_hold', 'ready')",
            name="forgotten_when_over",
        ),
        Index("ix_credit_records_of_number", "number_index", postgresql_where="number_index IS NOT NULL"),
        Index("ix_credit_records_ready", "recorded_at", "id", postgresql_where="state = 'ready'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    undertaking_id: Mapped[int] = mapped_column(ForeignKey("signed_undertakings.id"), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    # A person's proven number as a keyed hash: another account of theirs meets the same bar.
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16), default=CreditState.WAITING.value)
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ReportKind(StrEnum):
    """What is told of a record: that it is there, or how it ended."""

    RECORD = "record"
    WITHDRAWAL = "withdrawal"
    REPAIR = "repair"
    EXPIRY = "expiry"


class ReportState(StrEnum):
    """What became of a report; dropped is what nobody needs to be told any more."""

    WAITING = "waiting"
    RECEIVED = "received"
    REFUSED = "refused"
    DROPPED = "dropped"


_KINDS = ", ".join(f"'{kind}'" for kind in ReportKind)
_REPORT_STATES = ", ".join(f"'{state}'" for state in ReportState)


class CreditReport(Base):
    """That the credit platform is told of a record, or of its end (失信信息报送); each at most once.

    Also while it is not known whether the other side has it, it is waiting: it is asked about first.
    """

    __tablename__ = "credit_reports"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_REPORT_STATES})", name="state_known"),
        CheckConstraint(
            "(state = 'received') = (receipt_no IS NOT NULL)"
            " AND (receipt_no IS NULL) = (received_at IS NULL)",
            name="received_has_its_receipt",
        ),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        UniqueConstraint("record_id", "kind"),
        # However it ends, it ends once.
        Index("uq_credit_reports_end", "record_id", unique=True, postgresql_where="kind <> 'record'"),
        Index("ix_credit_reports_to_send", "next_check_at", postgresql_where="state = 'waiting'"),
        Index("ix_credit_reports_at_the_desk", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("credit_records.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=ReportState.WAITING.value)
    created_at: Mapped[datetime]
    receipt_no: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime | None]
    # A word for why not, theirs or ours.
    refusal: Mapped[str | None] = mapped_column(String(64))
    next_check_at: Mapped[datetime]
    # How often it was taken up: once it is more than none, the other side may have it.
    checks: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
