"""Slots and appointments as they are stored (号源、预约)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base

CODE_LENGTH = 22
NOTE_PURPOSE = "appointments.note"
VISITOR_PURPOSE = "appointments.visitor"


class AppointmentStatus(StrEnum):
    """Where an appointment stands; `booked` and `checked_in` are live and hold their place."""

    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"


# Repeated in the partial indexes below and in the booking statement; a test keeps them equal.
LIVE = (AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN)
_IS_LIVE = "status IN ('booked', 'checked_in')"


class Slot(Base):
    """The places of one window group in one stretch of time (号源).

    `capacity` is what may be booked, `walk_in` what is kept for people who just come (现场取号) and booking
    never touches. `booked` is always the number of live appointments and of places held for the waiting list
    (see app.queueing). `shift`: on a weekend shift.
    """

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("window_group_id", "starts_at"),
        CheckConstraint("booked BETWEEN 0 AND capacity", name="booked_within_capacity"),
        CheckConstraint("walk_in >= 0", name="walk_in"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_slots_centre_id_day", "centre_id", "day"),
        # Room for new versions of a row in its own page: counting a place up touches no index.
        {"postgresql_with": {"fillfactor": 40}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"))
    window_group_id: Mapped[int] = mapped_column(ForeignKey("window_groups.id"))
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    shift: Mapped[bool]
    capacity: Mapped[int]
    walk_in: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0, server_default="0")


class Appointment(Base):
    """One citizen's place in one slot (预约).

    `nth` numbers the citizen's live appointments of a day from 1, so that the daily limit is a constraint.
    `day` and `starts_at` repeat the slot's.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("status IN ('booked', 'checked_in', 'cancelled')", name="status"),
        CheckConstraint("nth >= 1", name="nth"),
        Index(
            "uq_appointments_live_item_day",
            "citizen_id",
            "day",
            "task_code",
            unique=True,
            postgresql_where=_IS_LIVE,
        ),
        Index("uq_appointments_live_nth", "citizen_id", "day", "nth", unique=True, postgresql_where=_IS_LIVE),
        Index("ix_appointments_citizen_id_starts_at_id", "citizen_id", "starts_at", "id"),
        Index("ix_appointments_slot_id", "slot_id", postgresql_where=_IS_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    # The authority under which somebody else booked it (代办).
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    task_code: Mapped[str] = mapped_column(String(40))
    task_name: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime]
    nth: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    visitor: Mapped[str | None] = mapped_column(EncryptedText(VISITOR_PURPOSE))
    note: Mapped[str | None] = mapped_column(EncryptedText(NOTE_PURPOSE))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment with its time, place and rules, as it is shown (预约详情)."""

    id: int
    citizen_id: int
    code: str
    status: str
    task_code: str
    task_name: str
    visitor: str | None
    note: str | None
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    window_group: str
    centre_id: str
    centre_name: str
    address: str
    lat: float
    lng: float
    provenance: str
    cancel_before_minutes: int
    late_grace_minutes: int

    @property
    def change_until(self) -> datetime:
        """The last moment at which it may be cancelled or moved."""
        return self.starts_at - timedelta(minutes=self.cancel_before_minutes)

    @property
    def check_in_until(self) -> datetime:
        """The last moment at which the place is still kept."""
        return self.starts_at + timedelta(minutes=self.late_grace_minutes)

    def may_change(self, *, at: datetime) -> bool:
        """Whether it may still be cancelled or moved."""
        return self.status == AppointmentStatus.BOOKED and at <= self.change_until
