"""Materials of a case for which a signed promise stands (告知承诺)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CasePromise(Base):
    """One material of a case that a promise replaces; checked after the decision (事中事后核查)."""

    __tablename__ = "case_promises"
    __table_args__ = (
        UniqueConstraint("case_id", "material_code"),
        CheckConstraint("check_days > 0", name="some_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    undertaking_id: Mapped[int] = mapped_column(ForeignKey("signed_undertakings.id"))
    # The words that were signed: others, after the form was changed, are to be signed anew.
    digest: Mapped[str] = mapped_column(String(64))
    # Working days after the decision in which it is looked into, and whether the decision falls with it.
    check_days: Mapped[int] = mapped_column(SmallInteger)
    revocable: Mapped[bool]
    signed_at: Mapped[datetime]
