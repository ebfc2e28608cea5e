"""The decision clock of a case as it is stored (办理时限的起止): its events, pauses and the one extension."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Happening(StrEnum):
    """What can happen to the clock of a case."""

    STARTED = "started"
    MOVED = "moved"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    RECOUNTED = "recounted"
    STOPPED = "stopped"


_HAPPENINGS = ", ".join(f"'{happening}'" for happening in Happening)
# The law's ten working days, fifteen where several departments handle it together (行政许可法第四十二条).
LONGEST_EXTENSION = 15


class CaseClockEvent(Base):
    """One start, stop or pause of a case's clock with both limits before and after; never changed.

    A trigger of the database refuses to change or remove a line. No date means that no limit runs. `reason`
    is what the office wrote, for the applicant; none where the law or the calendar is the whole reason.
    """

    __tablename__ = "case_clock_events"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_HAPPENINGS})", name="kind_known"),
        Index("ix_case_clock_events_of_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    # What the clock stands or moves for, in the guide's words, such as 现场核查.
    cause: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(EncryptedText("case_clock_events.reason"))
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_name: Mapped[str] = mapped_column(Text)
    clerk_id: Mapped[int | None]
    promised_before: Mapped[date | None]
    promised_after: Mapped[date | None]
    statutory_before: Mapped[date | None]
    statutory_after: Mapped[date | None]


class CasePause(Base):
    """A special procedure during which the clock stands (特别程序); a case has one open at a time.

    `expected_until` is what the clerk expects, `published_until` what the pinned guide says at most.
    """

    __tablename__ = "case_pauses"
    __table_args__ = (
        CheckConstraint("expected_until >= began_on AND published_until >= began_on", name="days_forward"),
        CheckConstraint("ended_on >= began_on", name="ends_after_it_began"),
        CheckConstraint("(ended_on IS NULL) = (ended_at IS NULL)", name="ended_has_its_time"),
        Index("uq_case_pauses_one_open", "case_id", unique=True, postgresql_where="ended_on IS NULL"),
        Index("ix_case_pauses_of_case", "case_id", "id"),
        Index("ix_case_pauses_too_long", "published_until", "id", postgresql_where="ended_on IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(EncryptedText("case_pauses.reason"))
    began_on: Mapped[date]
    began_at: Mapped[datetime]
    expected_until: Mapped[date]
    published_until: Mapped[date]
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(Text)
    # The last day that is not counted; the day on which it began is.
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]


class CaseExtension(Base):
    """The one extension of a case's limits (延长办理时限), in working days, approved by the head."""

    __tablename__ = "case_extensions"
    __table_args__ = (CheckConstraint(f"days BETWEEN 1 AND {LONGEST_EXTENSION}", name="days_of_the_law"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    days: Mapped[int]
    reason: Mapped[str] = mapped_column(EncryptedText("case_extensions.reason"))
    # The head of the authority who approved it (本行政机关负责人), as the applicant is told.
    approved_by: Mapped[str] = mapped_column(Text)
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
