"""Visits on site and at home as they are stored (现场踏勘、上门服务)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class VisitKind(StrEnum):
    """What the trip is for: the departments look at the place, or serve who cannot come."""

    SITE = "site"
    HOME = "home"


class VisitState(StrEnum):
    """Where a visit stands; `asked`: the applicant would like one, and the office has set no time yet."""

    ASKED = "asked"
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Applicant(StrEnum):
    """Whether somebody of the applicant's was there and signed the record."""

    PRESENT = "present"
    ABSENT = "absent"


KIND_TEXTS = {VisitKind.SITE: "现场踏勘", VisitKind.HOME: "上门服务"}
STATE_TEXTS = {
    VisitState.ASKED: "等待安排",
    VisitState.PLANNED: "已安排",
    VisitState.DONE: "已完成",
    VisitState.CANCELLED: "已取消",
}
# Repeated literally in the partial indexes below.
OPEN = (VisitState.ASKED.value, VisitState.PLANNED.value)


class SiteVisit(Base):
    """One trip for one case, with one record (一次踏勘、一份记录).

    `day` and `part` are its time, see `windows`; `before_day` and `before_part` the one it had until it was
    set anew (原定时间), the same where others come or elsewhere. `list_version` is the version
    of the guide from which the checklists were taken. `pause_id`: the clock of the case stands for it
    (特别程序). `approval_id` is the head's yes to a second trip. `applicant_name` is who was there for the
    applicant.
    """

    __tablename__ = "site_visits"
    __table_args__ = (
        CheckConstraint("kind IN ('site', 'home')", name="kind_known"),
        CheckConstraint("state IN ('asked', 'planned', 'done', 'cancelled')", name="state_known"),
        CheckConstraint("state <> 'asked' OR kind = 'home'", name="asked_at_home"),
        CheckConstraint("part BETWEEN 1 AND 4", name="part_of_the_day"),
        CheckConstraint("(day IS NULL) = (part IS NULL)", name="day_has_its_part"),
        CheckConstraint("before_part BETWEEN 1 AND 4", name="before_part_of_the_day"),
        CheckConstraint("(before_day IS NULL) = (before_part IS NULL)", name="before_has_its_part"),
        CheckConstraint(
            "state NOT IN ('planned', 'done')"
            " OR (day IS NOT NULL AND planned_by IS NOT NULL AND planned_by_name IS NOT NULL"
            " AND planned_at IS NOT NULL)",
            name="planned_whole",
        ),
        CheckConstraint("(other_time_asked_at IS NULL) = (other_time IS NULL)", name="other_time_said"),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
            " AND (cancelled_at IS NULL) = (cancelled_why IS NULL)",
            name="cancelled_with_reason",
        ),
        CheckConstraint(
            "(state = 'done') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (applicant IS NULL)"
            " AND (closed_at IS NULL) = (closed_by_name IS NULL)",
            name="closed_whole",
        ),
        CheckConstraint("applicant IN ('present', 'absent')", name="applicant_known"),
        CheckConstraint(
            "(applicant IS NOT DISTINCT FROM 'present') = (applicant_name IS NOT NULL)",
            name="present_has_a_name",
        ),
        Index(
            "uq_site_visits_one_open",
            "case_id",
            unique=True,
            postgresql_where="state IN ('asked', 'planned')",
        ),
        # A second trip needs the head's yes, and one yes is good for one trip.
        Index(
            "uq_site_visits_one_trip",
            "case_id",
            unique=True,
            postgresql_where="kind = 'site' AND state IN ('planned', 'done') AND approval_id IS NULL",
        ),
        Index(
            "uq_site_visits_one_of_approval",
            "approval_id",
            unique=True,
            postgresql_where="state <> 'cancelled'",
        ),
        Index("ix_site_visits_of_case", "case_id", "id"),
        Index("ix_site_visits_of_day", "day", "part", "id", postgresql_where="state = 'planned'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(EncryptedText("site_visits.address"))
    # When it would suit the applicant, in their words.
    wish: Mapped[str | None] = mapped_column(EncryptedText("site_visits.wish"))
    # What the applicant has ready.
    prepare: Mapped[str] = mapped_column(Text, default="")
    day: Mapped[date | None]
    part: Mapped[int | None]
    before_day: Mapped[date | None]
    before_part: Mapped[int | None]
    list_version: Mapped[int]
    pause_id: Mapped[int | None] = mapped_column(ForeignKey("case_pauses.id"))
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("head_approvals.id"))
    created_at: Mapped[datetime]
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    planned_by_name: Mapped[str | None] = mapped_column(Text)
    planned_at: Mapped[datetime | None]
    other_time: Mapped[str | None] = mapped_column(EncryptedText("site_visits.other_time"))
    other_time_asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str | None] = mapped_column(Text)
    applicant: Mapped[str | None] = mapped_column(String(8))
    applicant_name: Mapped[str | None] = mapped_column(EncryptedText("site_visits.applicant_name"))

    @property
    def number(self) -> str:
        """The number of its record (踏勘记录编号), as opinions cite it."""
        return f"TK{self.id:08d}"

    @property
    def set_at(self) -> str:
        """When its time was set, to the microsecond: each setting is told once, the same time again too."""
        return "" if self.planned_at is None else f"{self.planned_at.timestamp():.6f}"

    @property
    def wants_other_time(self) -> str | None:
        """The other time that was asked for and not answered by a new one (待处理的改时间申请)."""
        asked, set_at = self.other_time_asked_at, self.planned_at
        return self.other_time if asked and set_at and asked >= set_at else None


class VisitStaff(Base):
    """One clerk who goes along (上门人员); `live` while their time is taken by it.

    `staff_no` is what their service card says, so that nobody lets an impostor in.
    """

    __tablename__ = "site_visit_staff"
    __table_args__ = (
        CheckConstraint("part BETWEEN 1 AND 4", name="part_of_the_day"),
        CheckConstraint("NOT absent OR signed_at IS NULL", name="absent_signs_nothing"),
        Index("uq_site_visit_staff_once", "visit_id", "clerk_id", unique=True),
        # Nobody is in two places at once.
        Index(
            "uq_site_visit_staff_one_place", "clerk_id", "day", "part", unique=True, postgresql_where="live"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("site_visits.id"))
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    name: Mapped[str] = mapped_column(Text)
    staff_no: Mapped[str] = mapped_column(String(64))
    dept_name: Mapped[str] = mapped_column(String(100))
    # Whose points they judge: those of this department, or with none those of every one.
    department: Mapped[str | None] = mapped_column(String(64))
    day: Mapped[date]
    part: Mapped[int]
    live: Mapped[bool] = mapped_column(default=True)
    signed_at: Mapped[datetime | None]
    absent: Mapped[bool] = mapped_column(default=False)


class VisitPoint(Base):
    """One point of one department's checklist (核查要点) with what was found; not met wants a note."""

    __tablename__ = "site_visit_points"
    __table_args__ = (
        CheckConstraint(
            "(met IS NULL) = (marked_at IS NULL) AND (met IS NULL) = (marked_by_name IS NULL)",
            name="marked_by_somebody",
        ),
        CheckConstraint("met IS DISTINCT FROM false OR note IS NOT NULL", name="not_met_says_why"),
        Index("uq_site_visit_points_place", "visit_id", "position", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("site_visits.id"))
    position: Mapped[int]
    dept_name: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    law: Mapped[str] = mapped_column(Text)
    met: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(EncryptedText("site_visit_points.note"))
    marked_at: Mapped[datetime | None]
    marked_by_name: Mapped[str | None] = mapped_column(Text)
