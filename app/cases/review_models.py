"""What the machine said of cases, and where it is told to keep still (机器审查)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class CaseReview(Base):
    """One look of the machine at one case (机器审查记录); never changed and never removed.

    It looks when a case is handed in, and again when its fees are paid. What is not passed is for a person,
    who has looked by `person_by`.
    """

    __tablename__ = "case_reviews"
    __table_args__ = (
        UniqueConstraint("case_id", "occasion"),
        CheckConstraint("occasion IN ('submitted', 'paid')", name="occasion_known"),
        CheckConstraint("passed = (person_by IS NULL)", name="person_has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    guide_version_id: Mapped[int] = mapped_column(ForeignKey("guide_versions.id"))
    occasion: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    passed: Mapped[bool]
    person_by: Mapped[date | None]
    # JSON list of {key, text, law, outcome, reason}
    sealed_verdicts: Mapped[str] = mapped_column(EncryptedText("case_reviews.verdicts"))


class MachineStop(Base):
    """Where the machine decides nothing (停用秒批): one item, or with an empty code all of them."""

    __tablename__ = "machine_stops"

    task_code: Mapped[str] = mapped_column(String(33), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    clerk_name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
