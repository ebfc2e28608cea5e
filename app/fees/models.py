"""Bills and receipts as they are stored (缴款通知、票据)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.crypto import EncryptedText
from app.db import Base


class BillState(StrEnum):
    """Where a bill stands."""

    UNPAID = "unpaid"
    PAID = "paid"
    VOID = "void"
    REFUNDED = "refunded"


class Bill(Base):
    """A notice of what one citizen owes (缴款通知). Before it is paid it is a notice, not a receipt."""

    __tablename__ = "bills"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("state IN ('unpaid', 'paid', 'void', 'refunded')", name="state_is_known"),
        CheckConstraint("(state IN ('paid', 'refunded')) = (paid_at IS NOT NULL)", name="paid_has_its_time"),
        # One case is billed once for one thing: repeating the acceptance cannot bill twice.
        Index(
            "uq_bills_one_live_per_case",
            "case_id",
            unique=True,
            postgresql_where="case_id IS NOT NULL AND state IN ('unpaid', 'paid')",
        ),
        Index("ix_bills_citizen_id_id", "citizen_id", "id"),
        Index("ix_bills_acted_for", "organisation_id", "id", postgresql_where="organisation_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_no: Mapped[str] = mapped_column(String(32), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    # The company that owes it; then `citizen_id` is only who began its case.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    task_code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=BillState.UNPAID.value)
    issued_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    payment_no: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(16))

    lines: Mapped[list["BillLine"]] = relationship(order_by="BillLine.id", lazy="selectin")
    receipt: Mapped["Receipt | None"] = relationship(lazy="selectin", viewonly=True)


class BillLine(Base):
    """One fee of a bill with its legal basis (收费项目)."""

    __tablename__ = "bill_lines"
    __table_args__ = (CheckConstraint("amount_fen >= 0", name="amount_is_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bills.id"), index=True)
    fee_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[int]
    basis: Mapped[str] = mapped_column(String(400))


class Receipt(Base):
    """Proof that a bill was paid (缴费凭证); one per bill."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("bill_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_no: Mapped[str] = mapped_column(String(32), unique=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bills.id"))
    issued_at: Mapped[datetime]


class RequestState(StrEnum):
    """Where a citizen's wish to have a fee back stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"
    FAILED = "failed"
    # What was paid is needed after all, before anybody decided.
    WITHDRAWN = "withdrawn"


class RefundRequest(Base):
    """A citizen asks a fee, or a part of it, back (退费申请); the unit decides, then the money goes its way.

    `refund_no` names the request and later the refund at the channel. What citizen and clerk write may be
    personal and is encrypted.
    """

    __tablename__ = "refund_requests"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint(
            "state IN ('requested', 'approved', 'refused', 'done', 'failed', 'withdrawn')",
            name="state_is_known",
        ),
        CheckConstraint(
            "(state IN ('requested', 'withdrawn')) = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided_has_its_clerk",
        ),
        CheckConstraint("state <> 'refused' OR decision_reason IS NOT NULL", name="refusal_has_its_reason"),
        CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_has_its_time"
        ),
        # Nobody asks twice while an answer, or the money, is on its way.
        Index(
            "uq_refund_requests_one_open_per_bill",
            "bill_id",
            unique=True,
            postgresql_where="state IN ('requested', 'approved')",
        ),
        Index("ix_refund_requests_waiting", "id", postgresql_where="state = 'requested'"),
        Index("ix_refund_requests_citizen_id_id", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_no: Mapped[str] = mapped_column(String(32), unique=True)
    payment_no: Mapped[str] = mapped_column(String(32), index=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bills.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    amount_fen: Mapped[int]
    reason: Mapped[str] = mapped_column(EncryptedText("refund_requests.reason"))
    state: Mapped[str] = mapped_column(String(16), default=RequestState.REQUESTED.value)
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    decision_reason: Mapped[str | None] = mapped_column(EncryptedText("refund_requests.decision_reason"))
    finished_at: Mapped[datetime | None]

    bill: Mapped[Bill] = relationship(lazy="joined", innerjoin=True, viewonly=True)
