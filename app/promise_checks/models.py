"""Checks of promises as they are stored (承诺核查任务)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class CheckState(StrEnum):
    """Where a check is."""

    OPEN = "open"
    MET = "met"
    BROKEN = "broken"
    OBJECTED = "objected"
    CLEARED = "cleared"
    CORRECTED = "corrected"
    REVOKED = "revoked"


TEXTS: dict[CheckState, str] = {
    CheckState.OPEN: "待核查",
    CheckState.MET: "核查属实",
    CheckState.BROKEN: "核查不实，可以陈述申辩",
    CheckState.OBJECTED: "已陈述申辩，待复核",
    CheckState.CLEARED: "申辩成立，记录已撤销",
    CheckState.CORRECTED: "不实，已责令改正",
    CheckState.REVOKED: "不实，已撤销决定",
}
_STATES = ", ".join(f"'{state}'" for state in CheckState)
SETTLED = (CheckState.CLEARED, CheckState.CORRECTED, CheckState.REVOKED)
_SETTLED = ", ".join(f"'{state}'" for state in SETTLED)


class PromiseCheck(Base):
    """One promise that is looked into after the decision (核查任务); one for a promise.

    Who found it broken does not settle it: that is for another.
    """

    __tablename__ = "promise_checks"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (checked_at IS NULL) AND (checked_at IS NULL) = (checked_by IS NULL)"
            " AND (checked_at IS NULL) = (evidence IS NULL)",
            name="checked_whole",
        ),
        CheckConstraint("(state IN ('open', 'met')) = (object_until IS NULL)", name="broken_may_object"),
        CheckConstraint("(objected_at IS NULL) = (objection IS NULL)", name="objected_whole"),
        CheckConstraint(
            f"(state IN ({_SETTLED})) = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL) = (settled_by IS NULL)"
            " AND (settled_at IS NULL) = (settlement IS NULL)",
            name="settled_whole",
        ),
        CheckConstraint("settled_by <> checked_by", name="two_persons"),
        CheckConstraint("state <> 'revoked' OR legal_basis IS NOT NULL", name="revoked_by_law"),
        Index(
            "ix_promise_checks_to_do",
            "due_on",
            "id",
            postgresql_where="state IN ('open', 'broken', 'objected')",
        ),
        Index("ix_promise_checks_of_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("case_promises.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), default=CheckState.OPEN.value)
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None]
    checked_by_name: Mapped[str | None] = mapped_column(String(64))
    # What was seen, by which way.
    evidence: Mapped[str | None] = mapped_column(EncryptedText("promise_checks.evidence"))
    # Until when the applicant may object (陈述申辩).
    object_until: Mapped[date | None]
    objected_at: Mapped[datetime | None]
    objection: Mapped[str | None] = mapped_column(EncryptedText("promise_checks.objection"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settled_by_name: Mapped[str | None] = mapped_column(String(64))
    settlement: Mapped[str | None] = mapped_column(EncryptedText("promise_checks.settlement"))
    legal_basis: Mapped[str | None] = mapped_column(Text)
