"""What an applicant hands in later (容缺材料): chosen before the case is handed in, due after acceptance."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class OwedMaterial(Base):
    """One material of a case that follows later, by a signed promise (容缺后补).

    chosen → due once the case is accepted → delivered → confirmed; or overdue when its day has passed. What a
    clerk sends back is owed again.
    """

    __tablename__ = "owed_materials"
    __table_args__ = (
        UniqueConstraint("case_id", "material_code"),
        CheckConstraint("days > 0", name="some_days"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)"
            " AND (confirmed_at IS NULL OR delivered_at IS NOT NULL)",
            name="confirmed_whole",
        ),
        # A deadline that has passed and a delivery exclude each other: whoever is first has it.
        CheckConstraint(
            "overdue_at IS NULL OR (delivered_at IS NULL AND due_on IS NOT NULL)", name="late_or_there"
        ),
        Index("ix_owed_materials_unconfirmed", "case_id", postgresql_where="confirmed_at IS NULL"),
        Index(
            "ix_owed_materials_open",
            "due_on",
            "id",
            postgresql_where="delivered_at IS NULL AND overdue_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    # Working days after acceptance, as the guide says.
    days: Mapped[int] = mapped_column(SmallInteger)
    undertaking_id: Mapped[int] = mapped_column(ForeignKey("signed_undertakings.id"))
    # The words that were signed: others, after the form was changed, are to be signed anew.
    digest: Mapped[str] = mapped_column(String(64))
    chosen_at: Mapped[datetime]
    due_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    sent_back_at: Mapped[datetime | None]
    sent_back_why: Mapped[str | None] = mapped_column(EncryptedText("owed_materials.sent_back_why"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None]
    confirmed_by_name: Mapped[str | None] = mapped_column(String(64))
    overdue_at: Mapped[datetime | None]
