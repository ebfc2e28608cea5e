"""Names of enterprises, and what the registry told, as they are stored (企业名称申报、登记信息推送)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base
from app.tries import Counted


class NameState(StrEnum):
    """Where a reservation stands; `sending` means that its outcome at the registry is not known."""

    SENDING = "sending"
    RESERVED = "reserved"
    REFUSED = "refused"
    ENDED = "ended"
    USED = "used"


LIVE_NAME = (NameState.SENDING.value, NameState.RESERVED.value)


class NameReservation(Base):
    """One name asked for by one citizen (名称自主申报).

    `reference` is made before it is sent and never changes, so that the registry knows a repetition. The name
    is not encrypted: everybody who looks it up at the registry sees that it is kept.
    """

    __tablename__ = "name_reservations"
    __table_args__ = (
        CheckConstraint("state IN ('sending', 'reserved', 'refused', 'ended', 'used')", name="state_known"),
        CheckConstraint(
            "(state IN ('reserved', 'ended', 'used')) = (registry_no IS NOT NULL AND expires_on IS NOT NULL)",
            name="reserved_has_its_number",
        ),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        # Two taps, two phones: a citizen asks for one name once.
        Index(
            "uq_name_reservations_live",
            "citizen_id",
            "name",
            unique=True,
            postgresql_where="state IN ('sending', 'reserved')",
        ),
        Index("ix_name_reservations_of_citizen", "citizen_id", "id"),
        Index("ix_name_reservations_to_ask", "next_check_at", postgresql_where="state = 'sending'"),
        Index("ix_name_reservations_ending", "expires_on", postgresql_where="state = 'reserved'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16), default=NameState.SENDING.value)
    registry_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    # The last day on which the name is kept.
    expires_on: Mapped[date | None]
    # The registry's word for why not, such as name_taken.
    refusal: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    reserved_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")


class NameCheckCount(Counted, Base):
    """How often a citizen looked names up lately (查重次数)."""

    __tablename__ = "name_check_counts"
    __table_args__ = (Index("ix_name_check_counts_window", "window_began_at"),)

    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), primary_key=True)


class RegistryMessage(Base):
    """One event that the registry told (登记信息推送), kept as history; never changed."""

    __tablename__ = "registry_messages"
    __table_args__ = (
        CheckConstraint("sequence > 0", name="sequence_counts"),
        Index("ix_registry_messages_subject", "subject", "topic", "sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    # A 统一社会信用代码, or the number of a case.
    subject: Mapped[str] = mapped_column(String(32))
    topic: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int]
    happened_on: Mapped[date]
    # JSON object of texts: a legal person is a person.
    sealed_values: Mapped[str] = mapped_column(EncryptedText("registry_messages.values"))
    # An older event that arrived after a newer one.
    overtaken: Mapped[bool]
    received_at: Mapped[datetime]
