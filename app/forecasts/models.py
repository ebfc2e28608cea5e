"""Forecasts as they are stored (办结预测)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class ItemForecast(Base):
    """How many working days the newest decided cases of one item took, from acceptance to decision.

    Everything is counted that the citizen waits, pauses too. Without twenty cases there is no row.
    """

    __tablename__ = "item_forecasts"
    __table_args__ = (
        CheckConstraint("cardinality(days) BETWEEN 20 AND 100", name="enough_cases"),
        CheckConstraint("half_days BETWEEN 0 AND most_days", name="half_before_most"),
    )

    task_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Ascending.
    days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    half_days: Mapped[int] = mapped_column(SmallInteger)
    most_days: Mapped[int] = mapped_column(SmallInteger)
    counted_at: Mapped[datetime]


class CaseForecast(Base):
    """What was forecast of one case when it was accepted, never changed, and how long it took in the end."""

    __tablename__ = "case_forecasts"
    __table_args__ = (
        CheckConstraint("half_by <= most_by AND half_days BETWEEN 0 AND most_days", name="half_before_most"),
        CheckConstraint("(took_days IS NULL) = (scored_at IS NULL)", name="scored_whole"),
        Index("ix_case_forecasts_scored", "task_code", "scored_at", postgresql_where="scored_at IS NOT NULL"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    task_code: Mapped[str] = mapped_column(String(64))
    # How many cases it rests on.
    cases: Mapped[int] = mapped_column(SmallInteger)
    half_days: Mapped[int] = mapped_column(SmallInteger)
    most_days: Mapped[int] = mapped_column(SmallInteger)
    half_by: Mapped[date]
    most_by: Mapped[date]
    given_at: Mapped[datetime]
    took_days: Mapped[int | None] = mapped_column(SmallInteger)
    scored_at: Mapped[datetime | None]
