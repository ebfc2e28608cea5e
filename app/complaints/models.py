"""Complaints and their answers as they are stored (诉求、答复)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.complaints.kinds import Kind
from app.crypto import EncryptedText
from app.db import Base


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ANSWERED = "answered"


_STATES = ", ".join(f"'{state}'" for state in ComplaintState)
_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class Complaint(Base):
    """What one citizen told us (诉求), about one of their cases or about anything.

    `dept_name` is who answers it: of the case, or as a supervisor has passed it on; None: the supervisors.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_has_its_time"),
        CheckConstraint(
            "(kind = 'company_demand') = (organisation IS NOT NULL)", name="demand_has_its_company"
        ),
        Index("ix_complaints_of_citizen", "citizen_id", "id"),
        Index("ix_complaints_list", "state", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_no: Mapped[str] = mapped_column(String(19), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    kind: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    dept_code: Mapped[str | None] = mapped_column(String(64))
    dept_name: Mapped[str | None] = mapped_column(Text)
    organisation: Mapped[str | None] = mapped_column(EncryptedText("complaints.organisation"))
    text: Mapped[str] = mapped_column(EncryptedText("complaints.text"))
    state: Mapped[str] = mapped_column(String(16), default=ComplaintState.RECEIVED.value)
    created_at: Mapped[datetime]
    due_on: Mapped[date]
    escalated_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class ComplaintAnswer(Base):
    """What a clerk answered (答复); never changed. `final` ends the matter, else it tells how it goes on."""

    __tablename__ = "complaint_answers"
    __table_args__ = (
        Index("ix_complaint_answers_of_complaint", "complaint_id", "id"),
        Index("uq_complaint_answers_one_final", "complaint_id", unique=True, postgresql_where="final"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    at: Mapped[datetime]
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(EncryptedText("complaint_answers.text"))
    final: Mapped[bool]


class ComplaintPart(Base):
    """What one department was asked about a company's demand (会办), and what it answered."""

    __tablename__ = "complaint_parts"
    __table_args__ = (
        UniqueConstraint("complaint_id", "dept_code"),
        CheckConstraint(
            "(answered_at IS NULL) = (text IS NULL) AND (answered_at IS NULL) = (clerk_id IS NULL)",
            name="answered_has_its_words",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    dept_code: Mapped[str] = mapped_column(String(64))
    dept_name: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    clerk_id: Mapped[int | None]
    clerk_name: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(EncryptedText("complaint_parts.text"))
