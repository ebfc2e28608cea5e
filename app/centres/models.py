"""Centres, windows and the calendar as they are stored (大厅、窗口、日历)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base


class DayKind(StrEnum):
    """What the State Council's notice says of a day."""

    OFF = "off"
    MAKE_UP = "make_up"


class CityRules(Base):
    """What holds in every centre of the city (全市统一工作时间、预约规则): one row.

    `hours` maps ISO weekdays "1"–"7" to lists of [opens, closes] such as ["09:00", "17:00"], in local time.
    """

    __tablename__ = "city_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("walk_in_percent BETWEEN 0 AND 100", name="walk_in_percent"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),
        CheckConstraint("per_person_per_day BETWEEN 1 AND 20", name="per_person_per_day"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    hours: Mapped[dict[str, Any]]
    advance_workdays: Mapped[int]
    min_lead_minutes: Mapped[int]
    slot_minutes: Mapped[int]
    per_person_per_day: Mapped[int]
    cancel_before_minutes: Mapped[int]
    late_grace_minutes: Mapped[int]
    walk_in_percent: Mapped[int]


class Centre(Base):
    """One hall (政务服务中心). `hours` overrides the city's; None follows it. Coordinates are GCJ-02."""

    __tablename__ = "centres"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(200))
    lat: Mapped[float] = mapped_column(Float)
    lng: Mapped[float] = mapped_column(Float)
    phone: Mapped[str] = mapped_column(String(32))
    hours: Mapped[dict[str, Any] | None]
    shift_days: Mapped[list[Any]]
    service_groups: Mapped[list[str]]
    last_ticket_before_minutes: Mapped[int]
    lunch_break: Mapped[bool]
    self_service: Mapped[list[str]]
    accessibility: Mapped[list[str]]
    special_windows: Mapped[list[str]]
    parking: Mapped[str] = mapped_column(String(200))
    transit: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(400))
    provenance: Mapped[str] = mapped_column(String(32))
    updated_at: Mapped[datetime]

    groups: Mapped[list["WindowGroup"]] = relationship(order_by="WindowGroup.id", lazy="raise")


class WindowGroup(Base):
    """The windows of one field in one centre (窗口组).

    `capacity_per_slot` is what one window serves in one slot. `serves` are the fields whose items it takes on
    working days, `weekend_serves` those it takes on the centre's weekend shift; empty means no shift.
    """

    __tablename__ = "window_groups"
    __table_args__ = (
        UniqueConstraint("centre_id", "name"),
        CheckConstraint("capacity_per_slot >= 0", name="capacity_per_slot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"))
    name: Mapped[str] = mapped_column(String(40))
    codes: Mapped[list[str]]
    capacity_per_slot: Mapped[int]
    serves: Mapped[list[str]]
    weekend_serves: Mapped[list[str]]

    @property
    def places(self) -> int:
        """How many people all its windows serve in one slot."""
        return len(self.codes) * self.capacity_per_slot


class CalendarDay(Base):
    """A day that is not what its weekday says (放假、调休). `provisional`: not from a published notice."""

    __tablename__ = "calendar_days"
    __table_args__ = (CheckConstraint("kind IN ('off', 'make_up')", name="kind"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(40))
    provisional: Mapped[bool]


class CalendarYear(Base):
    """A year whose days are known: published by the State Council, or provisional (年度放假安排)."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    published: Mapped[bool]
    source: Mapped[str] = mapped_column(String(400))
