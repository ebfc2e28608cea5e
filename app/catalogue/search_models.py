"""What search keeps in the database: changes, reviewed words, questions without an answer (检索的数据)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

LONGEST_WORDS = 60


class Why(StrEnum):
    """Why a question was kept."""

    NOTHING = "nothing"
    NOT_USEFUL = "not_useful"


class SearchChange(Base):
    """In which transaction an item, a general question or an article last changed; written by triggers.

    `kind` is item, faq or text (an article), `ref` the id there; the row outlives what it names.
    """

    __tablename__ = "search_changes"
    __table_args__ = (Index("ix_search_changes_change", "change"),)

    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    ref: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    change: Mapped[int]


class SearchAlias(Base):
    """Words that people say for an item, reviewed by somebody (别名); `plain` is what two of them share."""

    __tablename__ = "search_aliases"
    __table_args__ = (UniqueConstraint("task_code", "plain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_code: Mapped[str] = mapped_column(String(33))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    plain: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    provenance: Mapped[str] = mapped_column(String(64))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    created_at: Mapped[datetime]


class SearchMiss(Base):
    """A question of a day that found nothing or did not help (未命中), without anybody's name or number."""

    __tablename__ = "search_misses"
    __table_args__ = (CheckConstraint("why IN ('nothing', 'not_useful')", name="why_is_known"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    why: Mapped[str] = mapped_column(String(10), primary_key=True)
    plain: Mapped[str] = mapped_column(String(LONGEST_WORDS), primary_key=True)
    count: Mapped[int]
    candidates: Mapped[list[str]]


class SearchVerdict(Base):
    """What a clerk decided about words (审核结果); task_code None: they are no name of an item."""

    __tablename__ = "search_verdicts"

    plain: Mapped[str] = mapped_column(String(LONGEST_WORDS), primary_key=True)
    task_code: Mapped[str | None] = mapped_column(String(33))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    decided_at: Mapped[datetime]
