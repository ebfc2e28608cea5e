"""Days that were drawn and the cases drawn of them, as they are stored (秒批抽查)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Outcome(StrEnum):
    """What somebody who looked again found."""

    RIGHT = "right"
    WRONG = "wrong"


class Following(StrEnum):
    """What was done about a wrong decision; each by its own procedure, none by this room."""

    KEPT = "kept"
    CORRECTED = "corrected"
    REVOKED = "revoked"


class DrawnDay(Base):
    """One day of the machine that was drawn from (抽取日), once: how much of how many."""

    __tablename__ = "spot_check_days"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_one"),
        CheckConstraint("drawn BETWEEN 0 AND decided", name="drawn_of_decided"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    percent: Mapped[int] = mapped_column(SmallInteger)
    decided: Mapped[int]
    drawn: Mapped[int]
    drawn_at: Mapped[datetime]


class SpotCheck(Base):
    """One case that the machine decided and a person looks at again (抽查件); a case is drawn once at most.

    What is found changes nothing of the case. A wrong decision waits until somebody settled what follows.
    """

    __tablename__ = "spot_checks"
    __table_args__ = (
        CheckConstraint("outcome IN ('right', 'wrong')", name="outcome_known"),
        CheckConstraint(
            "(outcome IS NULL) = (checked_at IS NULL) AND (outcome IS NULL) = (checked_by IS NULL)",
            name="found_by_somebody",
        ),
        CheckConstraint(
            "(outcome IS NOT DISTINCT FROM 'wrong') = (finding IS NOT NULL)", name="wrong_is_said"
        ),
        CheckConstraint(
            "followed IS NULL OR (outcome IS NOT DISTINCT FROM 'wrong'"
            " AND followed IN ('kept', 'corrected', 'revoked'))",
            name="wrong_is_followed",
        ),
        CheckConstraint(
            "(followed IS NULL) = (followed_at IS NULL) AND (followed IS NULL) = (followed_by IS NULL)"
            " AND (followed IS NULL) = (follow_note IS NULL)",
            name="followed_by_somebody",
        ),
        Index(
            "ix_spot_checks_open",
            "id",
            postgresql_where="outcome IS NULL OR (outcome = 'wrong' AND followed IS NULL)",
        ),
        Index("ix_spot_checks_found", "task_code", "checked_at", postgresql_where="outcome IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    day: Mapped[date] = mapped_column(ForeignKey("spot_check_days.day"))
    task_code: Mapped[str] = mapped_column(String(64))
    guide_version_id: Mapped[int] = mapped_column(ForeignKey("guide_versions.id"))
    outcome: Mapped[str | None] = mapped_column(String(8))
    finding: Mapped[str | None] = mapped_column(EncryptedText("spot_checks.finding"))
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    followed: Mapped[str | None] = mapped_column(String(16))
    follow_note: Mapped[str | None] = mapped_column(EncryptedText("spot_checks.follow_note"))
    followed_at: Mapped[datetime | None]
    followed_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
