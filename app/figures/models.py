"""What promised numbers are counted from (指标底数)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class ItemFacts(Base):
    """What the numbers need of an item's current guide (事项要素), so that counting reads no whole guide.

    Follows the versions when numbers are asked for (see facts.py); can be emptied at any time. `promise_days`
    and `legal_days` are None when their units differ, because working and natural days are not divided.
    """

    __tablename__ = "item_facts"
    __table_args__ = (
        Index("ix_item_facts_centres", "centres", postgresql_using="gin"),
        Index(
            "ix_item_facts_special_steps",
            "service_item_id",
            postgresql_where="special_steps <> '[]'",
        ),
    )

    service_item_id: Mapped[int] = mapped_column(
        ForeignKey("service_items.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    guide_version_id: Mapped[int]
    use_level: Mapped[str] = mapped_column(String(8))
    task_type: Mapped[str] = mapped_column(String(8))
    visits: Mapped[int] = mapped_column(SmallInteger)
    online: Mapped[bool]
    online_depth: Mapped[int] = mapped_column(SmallInteger)
    ways: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    promise_days: Mapped[int | None]
    legal_days: Mapped[int | None]
    materials: Mapped[int]
    exempt: Mapped[int]
    in_hall: Mapped[bool]
    nearby: Mapped[bool]
    field: Mapped[str] = mapped_column(String(64))
    centres: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    # As the guide has them, each with the law of the item when it names none of its own.
    special_steps: Mapped[list[dict[str, Any]]]


class Baseline(Base):
    """The state against which a reduction is counted (减材料基数): frozen at one moment, never changed."""

    __tablename__ = "figure_baselines"

    id: Mapped[int] = mapped_column(primary_key=True)
    frozen_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200))
    provenance: Mapped[str] = mapped_column(String(64))


class BaselineItem(Base):
    """One item as it was when the baseline was frozen (基数明细)."""

    __tablename__ = "figure_baseline_items"

    baseline_id: Mapped[int] = mapped_column(
        ForeignKey("figure_baselines.id"), primary_key=True, autoincrement=False
    )
    task_code: Mapped[str] = mapped_column(String(33), primary_key=True)
    materials: Mapped[int]
    exempt: Mapped[int]
    promise_days: Mapped[int | None]
    legal_days: Mapped[int | None]


class CaseVisits(Base):
    """On which days the citizen came to a hall for a case (实际到厅): nothing about the person.

    `promised` is what the case's own version of the guide promised, `over_at` when more was needed.
    """

    __tablename__ = "case_visits"
    __table_args__ = (
        CheckConstraint("(over_at IS NOT NULL) = (cardinality(days) > promised)", name="over_when_more"),
        Index("ix_case_visits_closed_at", "closed_at"),
        Index("ix_case_visits_over_at", "over_at", postgresql_where="over_at IS NOT NULL"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    task_code: Mapped[str] = mapped_column(String(64))
    promised: Mapped[int] = mapped_column(SmallInteger)
    days: Mapped[list[date]] = mapped_column(ARRAY(Date))
    closed_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]


class VisitExplanation(Base):
    """Why a case took more visits than promised (超次说明), by a clerk who handled it; never changed."""

    __tablename__ = "visit_explanations"
    __table_args__ = (
        UniqueConstraint("case_id", "clerk_id"),
        Index("ix_visit_explanations_case_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_visits.case_id"))
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    clerk_name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(EncryptedText("visit_explanations.text"))
    at: Mapped[datetime]
