"""Signed texts as they are stored (签署的承诺书)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Kind(StrEnum):
    """What is signed: a material follows (容缺), is promised (告知承诺), or a second person applies too."""

    TOLERANCE = "tolerance"
    PROMISE = "promise"
    CO_SIGN = "co_sign"


_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class SignedUndertaking(Base):
    """One text that somebody read and signed (承诺书): exact words, who, when, through which login.

    A trigger refuses every change. The same words are signed once; other words are another row.
    """

    __tablename__ = "signed_undertakings"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("length(digest) = 64", name="digest_whole"),
        UniqueConstraint("case_id", "kind", "material_code", "digest", "citizen_id"),
        Index("ix_signed_undertakings_of_citizen", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    kind: Mapped[str] = mapped_column(String(16))
    material_code: Mapped[str] = mapped_column(String(64))
    # The SHA-256 of the text as it was shown.
    digest: Mapped[str] = mapped_column(String(64))
    sealed_text: Mapped[str] = mapped_column(EncryptedText("signed_undertakings.text"))
    signed_at: Mapped[datetime]
    # The login through which it was signed; logins are forgotten, their numbers are not given twice.
    login_id: Mapped[int]
    platform: Mapped[str] = mapped_column(String(16))
