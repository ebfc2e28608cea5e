"""Drafts of guides as they are stored (指南草稿)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class DraftState(StrEnum):
    """Where a draft is."""

    EDITING = "editing"
    IN_REVIEW = "in_review"
    PLANNED = "planned"
    PUBLISHED = "published"
    DISCARDED = "discarded"


LIVE = (DraftState.EDITING, DraftState.IN_REVIEW, DraftState.PLANNED)
_STATES = ", ".join(f"'{state}'" for state in DraftState)
_LIVE = ", ".join(f"'{state}'" for state in LIVE)


class GuideDraft(Base):
    """What an item's guide is going to be (指南草稿).

    `base_version` is the version it was begun from, None for a new item. `revision` counts what was saved, so
    that of two who write at once the later learns of the earlier. `editors` are all who wrote in it: none of
    them may also be the one who releases it.
    """

    __tablename__ = "guide_drafts"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("length(task_code) IN (31, 33)", name="code_has_its_length"),
        # The second person (二人审核): whoever wrote does not release.
        CheckConstraint(
            "reviewed_by IS NULL OR NOT (reviewed_by = ANY (editors))", name="released_by_another"
        ),
        CheckConstraint(
            "state NOT IN ('planned', 'published') OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL)",
            name="public_only_when_reviewed",
        ),
        CheckConstraint("(state = 'planned') <= (effective_at IS NOT NULL)", name="planned_has_its_day"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_its_time"),
        Index(
            "uq_guide_drafts_one_live",
            "task_code",
            unique=True,
            postgresql_where=f"state IN ({_LIVE})",
        ),
        Index("ix_guide_drafts_state", "state", "id"),
        Index("ix_guide_drafts_due", "effective_at", postgresql_where="state = 'planned'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_code: Mapped[str] = mapped_column(String(33))
    task_name: Mapped[str] = mapped_column(String(200))
    dept_code: Mapped[str] = mapped_column(String(18))
    dept_name: Mapped[str] = mapped_column(String(100))
    base_version: Mapped[int | None]
    body: Mapped[dict[str, Any]]
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    editors: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    reason: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    effective_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    reviewed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_version: Mapped[int | None]


class DraftStep(Base):
    """One line of what happened to a draft (草稿经过); without a clerk it was the system."""

    __tablename__ = "guide_draft_steps"
    __table_args__ = (Index("ix_guide_draft_steps_of_draft", "draft_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("guide_drafts.id"))
    at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    actor_name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
