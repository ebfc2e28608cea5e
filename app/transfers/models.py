"""Hand-overs as they are stored (材料移交)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class TransferState(StrEnum):
    """Where a hand-over stands; `sending` means that the bus has not acknowledged it, as far as we know.

    `ended`: the case was over before the other hall had it, so that nobody waits for it any more.
    """

    SENDING = "sending"
    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"
    ENDED = "ended"


OPEN = (TransferState.SENDING.value, TransferState.SENT.value)
_STATES = ", ".join(f"'{state}'" for state in TransferState)


class Transfer(Base):
    """What a hall collected for a case goes to another hall (转出、接收); who decides stays as it is.

    `reference` is made before anything is sent and never changes, so that the province's bus knows a
    repetition. Nothing here is personal: the bus is told the case's number and the two halls.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("from_code <> to_code", name="goes_somewhere"),
        CheckConstraint(
            "state NOT IN ('sent', 'received') OR (bus_no IS NOT NULL AND sent_at IS NOT NULL)",
            name="sent_has_its_number",
        ),
        CheckConstraint("(state = 'received') = (received_at IS NOT NULL)", name="received_has_its_time"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        # Two taps, two clerks: a case is on one way at a time.
        Index(
            "uq_transfers_one_on_its_way",
            "case_id",
            unique=True,
            postgresql_where="state IN ('sending', 'sent')",
        ),
        Index("ix_transfers_of_case", "case_id", "id"),
        Index("ix_transfers_from", "from_code", "id"),
        Index("ix_transfers_to", "to_code", "id"),
        Index("ix_transfers_to_ask", "next_check_at", postgresql_where="state IN ('sending', 'sent')"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    from_code: Mapped[str] = mapped_column(String(32))
    from_name: Mapped[str] = mapped_column(Text)
    to_code: Mapped[str] = mapped_column(String(32))
    to_name: Mapped[str] = mapped_column(Text)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    state: Mapped[str] = mapped_column(String(16), default=TransferState.SENDING.value)
    bus_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    # The bus's word for why not, such as unknown_centre.
    refusal: Mapped[str | None] = mapped_column(String(64))
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")
