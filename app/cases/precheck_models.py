"""What a clerk was asked to look at before its applicant travels, and what they said (网上预审)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class PrecheckState(StrEnum):
    """Where one round of a pre-check is; only `asked` waits for the office."""

    ASKED = "asked"
    PASSED = "passed"
    TO_MEND = "to_mend"
    TAKEN_BACK = "taken_back"
    USED = "used"


_STATES = ", ".join(f"'{state}'" for state in PrecheckState)


class CasePrecheck(Base):
    """One round of a pre-check of one draft (预审): at most one waits for the office.

    `digest` covers all that was to be looked at, `sealed_things` each thing apart: a pass is good for just
    that, and what has changed since is told by comparing. A pre-check is no receipt: no limit runs by it.
    """

    __tablename__ = "case_prechecks"
    __table_args__ = (
        UniqueConstraint("case_id", "round"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "(state IN ('passed', 'to_mend', 'used')) = (answered_at IS NOT NULL)"
            " AND (answered_at IS NULL) = (clerk_id IS NULL)"
            " AND (answered_at IS NULL) = (clerk_name IS NULL)",
            name="answered_whole",
        ),
        CheckConstraint("(state = 'to_mend') = (sealed_points IS NOT NULL)", name="points_say_what"),
        CheckConstraint("late_reason IS NULL OR state = 'to_mend'", name="late_of_points"),
        CheckConstraint("(state IN ('passed', 'used')) = (holds_until IS NOT NULL)", name="pass_has_its_day"),
        CheckConstraint(
            "(state IN ('taken_back', 'used')) = (ended_at IS NOT NULL)", name="ended_has_its_time"
        ),
        Index("uq_case_prechecks_open", "case_id", unique=True, postgresql_where="state = 'asked'"),
        Index("ix_case_prechecks_due", "due_on", "id", postgresql_where="state = 'asked'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(16), default=PrecheckState.ASKED.value)
    asked_at: Mapped[datetime]
    # The last day of the promised working days.
    due_on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_things: Mapped[str] = mapped_column(EncryptedText("case_prechecks.things"))
    clerk_id: Mapped[int | None]
    clerk_name: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    sealed_points: Mapped[str | None] = mapped_column(EncryptedText("case_prechecks.points"))
    # Why something is named only now that could have been named before; the applicant reads it.
    late_reason: Mapped[str | None] = mapped_column(EncryptedText("case_prechecks.late_reason"))
    # The last day on which a pass can be used at the window.
    holds_until: Mapped[date | None]
    ended_at: Mapped[datetime | None]
