"""What was known of an applicant's credit when a promise was handed in, as it is stored (信用核查)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class CreditMark(StrEnum):
    """How a promise stands with the credit lists; unproven: nobody has checked who the applicant is."""

    WAITING = "waiting"
    CLEAR = "clear"
    LISTED = "listed"
    UNPROVEN = "unproven"


TEXTS: dict[CreditMark, str] = {
    CreditMark.WAITING: "信用待查",
    CreditMark.CLEAR: "信用名单已查，没有列入",
    CreditMark.LISTED: "列入严重失信名单，承诺不算",
    CreditMark.UNPROVEN: "申请人没有实名，查不了信用名单",
}
_MARKS = ", ".join(f"'{mark}'" for mark in CreditMark)


class CaseCredit(Base):
    """One case that was handed in on a promise, and what the lists say (信用核查); one for a case."""

    __tablename__ = "case_credits"
    __table_args__ = (
        CheckConstraint(f"mark IN ({_MARKS})", name="mark_known"),
        CheckConstraint("(mark = 'unproven') = (subject_index IS NULL)", name="asked_of_somebody"),
        CheckConstraint("(mark IN ('clear', 'listed')) = (settled_at IS NOT NULL)", name="settled_whole"),
        CheckConstraint(
            "(learned_by IS NULL) = (learned_by_name IS NULL)"
            " AND (learned_by IS NULL) = (learned_from IS NULL)"
            " AND (learned_by IS NULL) = (learned_why IS NULL)"
            " AND (learned_by IS NULL OR settled_at IS NOT NULL)",
            name="learned_whole",
        ),
        Index("ix_case_credits_waiting", "subject_index", postgresql_where="mark = 'waiting'"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(16))
    subject_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    # Who listed the applicant and until when, in a sentence.
    listed: Mapped[str | None] = mapped_column(EncryptedText("case_credits.listed"))
    # Who asked elsewhere because the platform did not answer, where, and why (另行核实).
    learned_by: Mapped[int | None]
    learned_by_name: Mapped[str | None] = mapped_column(String(64))
    learned_from: Mapped[str | None] = mapped_column(EncryptedText("case_credits.learned_from"))
    learned_why: Mapped[str | None] = mapped_column(EncryptedText("case_credits.learned_why"))
