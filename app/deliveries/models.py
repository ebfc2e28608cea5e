"""Deliveries as they are stored (送达、邮件)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base
from app.tries import Counted


class DeliveryState(StrEnum):
    """Where a delivery stands; `chosen`: nothing is decided yet, or it is there online.

    `sending`: the courier was asked, or has it. `returned`: it came back, or the courier does not take it.
    `withheld`: what it says was revoked before anybody had it, and nobody gets it (不再发放).
    """

    CHOSEN = "chosen"
    WAITING = "waiting"
    PREPARING = "preparing"
    SENDING = "sending"
    RETURNED = "returned"
    DELIVERED = "delivered"
    WITHHELD = "withheld"


class ParcelState(StrEnum):
    """Where a parcel is; `ordering`: the courier has not acknowledged it, as far as we know.

    `cancelling`: the applicant fetches it after all, and the courier is to forget what it may have heard.
    """

    ORDERING = "ordering"
    ORDERED = "ordered"
    MOVING = "moving"
    SIGNED = "signed"
    RETURNED = "returned"
    REFUSED = "refused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


class Region(StrEnum):
    """Where to, as postage is counted (邮寄区域)."""

    CITY = "city"
    ELSEWHERE = "elsewhere"


_STATES = ", ".join(f"'{state}'" for state in DeliveryState)
_PARCEL_STATES = ", ".join(f"'{state}'" for state in ParcelState)


class Delivery(Base):
    """How one case's result reaches its applicant (送达); begun when the applicant says where to.

    The way itself stands on the case. A pick-up's code is made anew from `salt` when its owner looks; only
    its keyed hash is here.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("case_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("region IN ('city', 'elsewhere')", name="region_known"),
        CheckConstraint("postage_fen >= 0", name="postage_is_not_negative"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_its_time"),
        CheckConstraint(
            "state <> 'waiting' OR (salt IS NOT NULL AND code_hash IS NOT NULL)", name="waits_with_a_code"
        ),
        CheckConstraint(
            "state NOT IN ('preparing', 'sending')"
            " OR (recipient IS NOT NULL AND phone IS NOT NULL AND address IS NOT NULL)",
            name="sent_somewhere",
        ),
        Index("uq_deliveries_code", "code_hash", unique=True, postgresql_where="state = 'waiting'"),
        Index("ix_deliveries_at_the_desk", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.CHOSEN.value)
    # Where it is fetched; None: at the department's own counter.
    centre_id: Mapped[str | None] = mapped_column(ForeignKey("centres.id"))
    salt: Mapped[str | None] = mapped_column(String(32))
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Who else may fetch it (代领人).
    proxy_name: Mapped[str | None] = mapped_column(EncryptedText("deliveries.proxy_name"))
    recipient: Mapped[str | None] = mapped_column(EncryptedText("deliveries.recipient"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("deliveries.phone"))
    address: Mapped[str | None] = mapped_column(EncryptedText("deliveries.address"))
    region: Mapped[str] = mapped_column(String(16), default=Region.CITY.value)
    # What the post costs the applicant as it is to be sent now; 0 is free.
    postage_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    # Who took it in hand: the applicant, or the person they named.
    received_by: Mapped[str | None] = mapped_column(EncryptedText("deliveries.received_by"))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))


class PostageBill(Base):
    """One bill for the post of a delivery (邮费单); a difference is a bill of its own."""

    __tablename__ = "postage_bills"

    bill_id: Mapped[int] = mapped_column(ForeignKey("bills.id"), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)


class Parcel(Base):
    """One sending by the courier (邮件); what it is told stays as it was first told under one reference."""

    __tablename__ = "parcels"
    __table_args__ = (
        CheckConstraint(f"state IN ({_PARCEL_STATES})", name="state_known"),
        CheckConstraint(
            "state NOT IN ('ordered', 'moving', 'signed', 'returned') OR waybill IS NOT NULL",
            name="ordered_has_its_number",
        ),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        # Two taps, two clerks: a paper is in one parcel at a time.
        Index(
            "uq_parcels_one_on_its_way",
            "delivery_id",
            unique=True,
            postgresql_where="state IN ('ordering', 'ordered', 'moving')",
        ),
        Index("ix_parcels_of_delivery", "delivery_id", "id"),
        Index(
            "ix_parcels_to_ask",
            "next_check_at",
            postgresql_where="state IN ('ordering', 'ordered', 'moving', 'cancelling')",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    # JSON: what the courier is told.
    sealed_label: Mapped[str] = mapped_column(EncryptedText("parcels.label"))
    state: Mapped[str] = mapped_column(String(16), default=ParcelState.ORDERING.value)
    waybill: Mapped[str | None] = mapped_column(String(40), unique=True)
    # The courier's word for why not, such as unknown_address.
    refusal: Mapped[str | None] = mapped_column(String(64))
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    begun_at: Mapped[datetime]
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")


class ParcelEvent(Base):
    """One thing that the courier says of a parcel (物流轨迹), kept by the courier's own number."""

    __tablename__ = "parcel_events"
    __table_args__ = (
        UniqueConstraint("parcel_id", "event_no"),
        Index("ix_parcel_events_in_order", "parcel_id", "at", "sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    event_no: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]


class PickUpTry(Counted, Base):
    """How often a clerk typed a wrong pick-up code lately (取件码尝试)."""

    __tablename__ = "pick_up_tries"
    __table_args__ = (Index("ix_pick_up_tries_window", "window_began_at"),)

    clerk_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
