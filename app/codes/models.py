"""Codes as they are stored (个人码、静态码)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CodeKind(StrEnum):
    """What a printed or sent code stands for; its target is named beside it.

    An appointment needs none of these: its own code is a token of the same form.
    """

    GUIDE = "guide"  # task code
    CENTRE = "centre"  # centre id
    WINDOW = "window"  # centre id/window code
    CASE = "case"  # case id
    BILL = "bill"  # bill id
    CERTIFICATE = "certificate"  # certificate id
    LICENCE = "licence"  # comprehensive licence id
    PRECHECK = "precheck"  # id of the pre-check that passed: the visit code (到窗码)


_KINDS = ", ".join(f"'{kind}'" for kind in CodeKind)


class PersonalCode(Base):
    """One showing of a citizen's code (个人码). Only the hash of its random id is stored."""

    __tablename__ = "personal_codes"
    __table_args__ = (Index("ix_personal_codes_citizen", "citizen_id", "expires_at"),)

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None] = mapped_column(String(64))


class StaticCode(Base):
    """A code that stays (静态码): on a wall, on a form, in a message. Its token tells nothing."""

    __tablename__ = "static_codes"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        Index("uq_static_codes_living", "kind", "target", unique=True, postgresql_where="retired_at IS NULL"),
    )

    token: Mapped[str] = mapped_column(String(22), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
