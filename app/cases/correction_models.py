"""The one notice of what to correct, and what was asked beyond the guide (补正告知、清单外要求)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class CaseCorrection(Base):
    """What one citizen was asked to correct (一次性告知); one row for a case, and never a second.

    《行政许可法》第三十二条第一款第四项: 一次告知申请人需要补正的全部内容.
    """

    __tablename__ = "case_corrections"
    __table_args__ = (
        CheckConstraint("answered_at IS NULL OR answered_at >= asked_at", name="answered_after_asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    asked_at: Mapped[datetime]
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(String(64))
    # JSON list of points; see `correction_points.Point`.
    sealed_points: Mapped[str] = mapped_column(EncryptedText("case_corrections.points"))
    # JSON {"fields": {key: text}, "photos": {material: [photo ids]}}: what the named things were then.
    sealed_before: Mapped[str] = mapped_column(EncryptedText("case_corrections.before"))
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class OutsideDemand(Base):
    """Something a clerk wants that the guide does not ask for (清单外要求): by law, and by two.

    `confirmed`: None until somebody else has looked at it.
    """

    __tablename__ = "outside_demands"
    __table_args__ = (
        CheckConstraint("settled_by <> asked_by", name="two_persons"),
        CheckConstraint(
            "(settled_at IS NULL) = (confirmed IS NULL) AND (settled_at IS NULL) = (settled_by IS NULL)"
            " AND (settled_at IS NULL) = (settled_by_name IS NULL)",
            name="settled_whole",
        ),
        Index("ix_outside_demands_of_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str] = mapped_column(String(100))
    why: Mapped[str] = mapped_column(EncryptedText("outside_demands.why"))
    legal_basis: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int]
    asked_by_name: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    settled_by: Mapped[int | None]
    settled_by_name: Mapped[str | None] = mapped_column(String(64))
    settled_at: Mapped[datetime | None]
    confirmed: Mapped[bool | None]
