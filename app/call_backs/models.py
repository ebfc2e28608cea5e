"""Days that were drawn from and the call-backs drawn of them, as they are stored (办理回访)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Result(StrEnum):
    """What came of a call (回访结果代码)."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"
    UNREACHED = "unreached"
    DECLINED = "declined"


RESULT_TEXTS = {
    Result.SATISFIED: "满意",
    Result.UNSATISFIED: "不满意",
    Result.UNREACHED: "联系不上",
    Result.DECLINED: "不愿意回答",
}


# So often is called before nobody was reached; repeated literally in a constraint below.
MOST_TRIES = 3


class CallBackDay(Base):
    """One day of closed cases that was drawn from (抽取日), once: how much of how many."""

    __tablename__ = "call_back_days"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_one"),
        CheckConstraint("drawn BETWEEN 0 AND closed", name="drawn_of_closed"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    percent: Mapped[int] = mapped_column(SmallInteger)
    closed: Mapped[int]
    drawn: Mapped[int]
    drawn_at: Mapped[datetime]


class CallBack(Base):
    """One closed case whose applicant is called back (回访任务); a case is drawn once at most.

    `tries`: how often nobody answered. `complaint_id` is what became of the words of who is not satisfied.
    """

    __tablename__ = "call_backs"
    __table_args__ = (
        CheckConstraint(
            "result IN ('satisfied', 'unsatisfied', 'unreached', 'declined')", name="result_known"
        ),
        CheckConstraint(
            "(result IS NULL) = (called_at IS NULL) AND (result IS NULL) = (clerk_id IS NULL)"
            " AND (result IS NULL) = (clerk_name IS NULL)",
            name="called_by_somebody",
        ),
        CheckConstraint(
            "result IS DISTINCT FROM 'unsatisfied' OR said IS NOT NULL", name="complaint_is_said"
        ),
        CheckConstraint("tries BETWEEN 0 AND 3", name="tries_counted"),
        CheckConstraint("(tries = 0) = (tried_at IS NULL)", name="try_has_its_time"),
        CheckConstraint(
            "complaint_id IS NULL OR result = 'unsatisfied'", name="complaint_of_the_unsatisfied"
        ),
        Index("ix_call_backs_open", "id", postgresql_where="result IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    day: Mapped[date] = mapped_column(ForeignKey("call_back_days.day"))
    result: Mapped[str | None] = mapped_column(String(16))
    said: Mapped[str | None] = mapped_column(EncryptedText("call_backs.said"))
    called_at: Mapped[datetime | None]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    clerk_name: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    tried_at: Mapped[datetime | None]
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), unique=True)
