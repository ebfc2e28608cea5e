"""Articles as they are stored (政策解读)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Article(Base):
    """One policy explained (政策解读): plain paragraphs, from which paper it comes, for which items.

    `published_on` is the day from which the public sees it. Items are named by their task codes; those that
    are not public are left out when it is shown.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(paragraphs) = 'array'", name="paragraphs_are_a_list"),
        Index("ix_articles_published_on_id", "published_on", "id"),
        Index("ix_articles_task_codes", "task_codes", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(String(200))
    paragraphs: Mapped[list[str]]
    source: Mapped[str] = mapped_column(String(200))
    task_codes: Mapped[list[str]] = mapped_column(ARRAY(String(33)))
    published_on: Mapped[date] = mapped_column(Date)
    provenance: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]
