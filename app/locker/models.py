"""The document locker as it is stored (材料库)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class LockerItem(Base):
    """One material of an earlier case that an office took as it was (材料库的一份材料).

    Its pages are the photos of that case: no file is copied, and none goes while the case has it. Pages that
    were used again are the same pages, so they are in the locker once and grow no younger. What was removed
    stays as a mark until it would have expired, so that it is not put back.
    """

    __tablename__ = "locker_items"
    __table_args__ = (
        UniqueConstraint("citizen_id", "kind", "pages_digest"),
        CheckConstraint("length(pages_digest) = 32", name="digest_whole"),
        # However a rule is changed: nothing is used again that is older than a year (最长12个月).
        CheckConstraint("expires_on <= taken_on + 366", name="a_year_at_most"),
        Index("ix_locker_items_of_citizen", "citizen_id", "id", postgresql_where="removed_at IS NULL"),
        Index("ix_locker_items_expires_on", "expires_on"),
        Index("ix_locker_items_of_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    # The name without spaces: what is called the same is the same kind of thing.
    kind: Mapped[str] = mapped_column(Text)
    # SHA-256 of the pictures in their order.
    pages_digest: Mapped[bytes] = mapped_column(LargeBinary)
    # When the oldest page was first handed in; from this day it ages.
    taken_on: Mapped[date]
    expires_on: Mapped[date]
    kept_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class LockerUse(Base):
    """One time an entry was used (使用记录): of which earlier case, for which case; never changed."""

    __tablename__ = "locker_uses"
    __table_args__ = (
        CheckConstraint("pages > 0", name="some_pages"),
        Index("ix_locker_uses_of_citizen", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    from_case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    pages: Mapped[int]
    used_at: Mapped[datetime]
