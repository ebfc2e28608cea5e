"""What the credit platform says of a person or company, kept for a day (信用名单查询)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class ListingState(StrEnum):
    """Whether the platform has answered; refused: the same question gets no other answer."""

    ASKING = "asking"
    KNOWN = "known"
    REFUSED = "refused"


class CreditListing(Base):
    """One question about one person or company (名单查询): asked by a job, the answer good for a day.

    Found by a keyed hash of the number. Of the answer only what refuses a promise is kept, encrypted.
    """

    __tablename__ = "credit_listings"
    __table_args__ = (
        CheckConstraint("state IN ('asking', 'known', 'refused')", name="state_known"),
        CheckConstraint(
            "(state = 'asking') = (answered_at IS NULL)"
            " AND (state = 'known') = (sealed_entries IS NOT NULL)"
            " AND (state = 'refused') = (refusal IS NOT NULL)",
            name="known_has_its_answer",
        ),
        Index("ix_credit_listings_to_ask", "next_check_at", postgresql_where="state = 'asking'"),
        Index("ix_credit_listings_answered", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed_number: Mapped[str] = mapped_column(EncryptedText("credit_listings.number"))
    state: Mapped[str] = mapped_column(String(16), default=ListingState.ASKING.value)
    # The entries of 严重失信 as JSON.
    sealed_entries: Mapped[str | None] = mapped_column(EncryptedText("credit_listings.entries"))
    # The platform's word for why it does not answer.
    refusal: Mapped[str | None] = mapped_column(String(64))
    wanted_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
