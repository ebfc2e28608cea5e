"""Showing a certificate as it is stored (亮证): what is shown for five minutes, and who looked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.tries import Counted


class CertificateShare(Base):
    """One certificate shown by one person for a few minutes; of the code only its hash is kept."""

    __tablename__ = "certificate_shares"
    __table_args__ = (
        CheckConstraint("expires_at > shown_at", name="ends_after_start"),
        # Who shows a certificate anew ends what they showed before.
        Index(
            "uq_certificate_shares_one_open",
            "certificate_id",
            "citizen_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index("ix_certificate_shares_of_certificate", "certificate_id", "id"),
        Index("ix_certificate_shares_of_citizen", "citizen_id", "id"),
        Index("ix_certificate_shares_shown_at", "shown_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    # Which facts beyond the least are shown.
    facts: Mapped[list[str]]
    shown_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CertificateLook(Base):
    """Somebody scanned the code and was shown the certificate (查看记录)."""

    __tablename__ = "certificate_looks"
    __table_args__ = (Index("ix_certificate_looks_of_share", "share_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("certificate_shares.id", ondelete="CASCADE"))
    at: Mapped[datetime]


class CertificateTry(Counted, Base):
    """How often one address has looked, or one person shown, lately; only a keyed hash of whom."""

    __tablename__ = "certificate_tries"
    __table_args__ = (Index("ix_certificate_tries_window", "window_began_at"),)

    caller: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
