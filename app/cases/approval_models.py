"""What the head of a department is asked to approve, as it is stored (报请负责人批准)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.clock_models import LONGEST_EXTENSION
from app.crypto import EncryptedText
from app.db import Base


class ApprovalKind(StrEnum):
    """longer limits (延期), a grant against an objection (仍然准予), a second trip (再次踏勘)."""

    EXTENSION = "extension"
    GRANT = "grant"
    SECOND_TRIP = "second_trip"


class HeadApproval(Base):
    """One thing that the head of the department is asked for, and the answer; `ended_at`: the case was over.

    `days` are the working days of an extension; reason and legal basis of a grant become those of the
    decision.
    """

    __tablename__ = "head_approvals"
    __table_args__ = (
        CheckConstraint("kind IN ('extension', 'grant', 'second_trip')", name="kind_known"),
        CheckConstraint(f"days BETWEEN 1 AND {LONGEST_EXTENSION}", name="days_of_the_law"),
        CheckConstraint("(kind = 'extension') = (days IS NOT NULL)", name="extension_has_days"),
        CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (approved IS NULL)"
            " AND (settled_at IS NULL) = (settled_by_name IS NULL)",
            name="settled_whole",
        ),
        CheckConstraint("settled_by <> asked_by", name="settled_by_another"),
        CheckConstraint("ended_at IS NULL OR settled_at IS NULL", name="settled_or_ended"),
        Index(
            "uq_head_approvals_one_open",
            "case_id",
            "kind",
            unique=True,
            postgresql_where="settled_at IS NULL AND ended_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    days: Mapped[int | None]
    # Sealed under the name that the table had when extensions alone were approved.
    reason: Mapped[str] = mapped_column(EncryptedText("extension_approvals.reason"))
    legal_basis: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[int]
    asked_by_name: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settled_by_name: Mapped[str | None] = mapped_column(Text)
    approved: Mapped[bool | None]
    ended_at: Mapped[datetime | None]

    @property
    def text(self) -> str:
        """What is asked for, as clerks read it."""
        return {
            ApprovalKind.EXTENSION: f"延长{self.days}个工作日",
            ApprovalKind.GRANT: "有部门不同意，仍然准予",
            ApprovalKind.SECOND_TRIP: "已经踏勘过一次，再去一次现场",
        }[ApprovalKind(self.kind)]
