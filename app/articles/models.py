"""Articles as they are stored (政策解读)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class ArticleState(StrEnum):
    """How far an article is: written, shown to a second clerk, public, taken back."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


_STATES = ", ".join(f"'{state}'" for state in ArticleState)


class Article(Base):
    """One policy explained (政策解读): plain paragraphs, from which paper it comes, for which items.

    `published_on` is the day from which the public sees it. Items are named by their task codes; those that
    are not public are left out when it is shown. `author_id` is the clerk who wrote it last (None: it came
    from a file), `publisher_id` the other one who let it out; `revision` counts how often it was written.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(paragraphs) = 'array'", name="paragraphs_are_a_list"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint(
            "state <> 'public' OR author_id IS NULL"
            " OR (publisher_id IS NOT NULL AND publisher_id <> author_id)",
            name="public_after_a_second_look",
        ),
        Index("ix_articles_published_on_id", "published_on", "id"),
        Index("ix_articles_task_codes", "task_codes", postgresql_using="gin"),
        Index("ix_articles_waiting", "id", postgresql_where=text("state = 'waiting'")),
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
    state: Mapped[str] = mapped_column(
        String(9), default=ArticleState.PUBLIC.value, server_default=ArticleState.PUBLIC.value
    )
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
