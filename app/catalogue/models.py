"""Items, versions of their guides, questions and answers as they are stored (事项、指南版本、问答)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

# The planned last day of a version, word for word as it is indexed: a parameter in it would hide the index.
_PLAN_CANCEL_DATE = "body ->> 'plan_cancel_date'"
PLAN_CANCEL_DATE: ColumnElement[str] = literal_column(f"(guide_versions.{_PLAN_CANCEL_DATE})", String)


class ItemState(StrEnum):
    """State of an item (事项状态); the digits are those of the national implementation list."""

    IN_USE = "1"
    SUSPENDED = "2"
    CANCELLED = "3"
    DRAFT = "4"


class ServiceItem(Base):
    """One thing that can be handled (政务服务事项), with what lists show and filter by.

    What the lists need is taken from the current version when it is published, so that a page of items
    is one statement.
    """

    __tablename__ = "service_items"
    __table_args__ = (
        CheckConstraint("state IN ('1', '2', '3', '4')", name="state_is_known"),
        CheckConstraint("length(task_code) IN (31, 33)", name="code_has_its_length"),
        Index("ix_service_items_public", "id", postgresql_where="state = '1' AND NOT secret"),
        Index("ix_service_items_labels", "labels", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_code: Mapped[str] = mapped_column(String(33), unique=True)
    item_key: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(1))
    secret: Mapped[bool]
    theme: Mapped[str] = mapped_column(String(64), index=True)
    dept_code: Mapped[str] = mapped_column(String(18))
    dept_name: Mapped[str] = mapped_column(String(100), index=True)
    audiences: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    labels: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    channels: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    visits: Mapped[int] = mapped_column(SmallInteger)
    cross_province: Mapped[bool]
    provenance: Mapped[str] = mapped_column(String(64))
    card: Mapped[dict[str, Any]]


class GuideVersion(Base):
    """What was published about an item from one moment to another (办事指南版本); never changed again."""

    __tablename__ = "guide_versions"
    __table_args__ = (
        UniqueConstraint("service_item_id", "version"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="ends_after_start"),
        # The database itself keeps one current version per item.
        Index(
            "uq_guide_versions_one_current",
            "service_item_id",
            unique=True,
            postgresql_where="effective_to IS NULL",
        ),
        Index("ix_guide_versions_files", "files", postgresql_using="gin"),
        # Looked at twice a minute; few versions have such a day.
        Index(
            "ix_guide_versions_plan_cancel_date",
            text(f"({_PLAN_CANCEL_DATE})"),
            postgresql_where=f"effective_to IS NULL AND ({_PLAN_CANCEL_DATE}) IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_item_id: Mapped[int] = mapped_column(ForeignKey("service_items.id"))
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    effective_from: Mapped[datetime]
    effective_to: Mapped[datetime | None]
    # The SHA-256 of every file that the body names, so that nobody throws one of them away.
    files: Mapped[list[str]] = mapped_column(ARRAY(String(64)), server_default="{}")


class GuideDocument(Base):
    """A version as the public gets it, finished (指南成文); can be made again at any time."""

    __tablename__ = "guide_documents"

    guide_version_id: Mapped[int] = mapped_column(
        ForeignKey("guide_versions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shape: Mapped[bytes] = mapped_column(LargeBinary)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class Faq(Base):
    """A question people ask, with other wordings and the answer (常见问答); without an item it is general."""

    __tablename__ = "faqs"

    id: Mapped[int] = mapped_column(primary_key=True)
    faq_key: Mapped[str] = mapped_column(String(32), unique=True)
    task_code: Mapped[str | None] = mapped_column(String(33), index=True)
    tag: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(String(200))
    paraphrases: Mapped[list[str]]
    answer: Mapped[str] = mapped_column(String(2000))
    provenance: Mapped[str] = mapped_column(String(64))


class ReferenceList(Base):
    """A list that others refer to, with its origin (代码表、收费标准、行政区划)."""

    __tablename__ = "reference_lists"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[dict[str, Any]]
    provenance: Mapped[str | None] = mapped_column(String(64))


class GuideFeedback(Base):
    """Whether a guide helped (指南评价); a citizen has one opinion per version and may change it."""

    __tablename__ = "guide_feedback"
    __table_args__ = (
        UniqueConstraint("citizen_id", "guide_version_id"),
        Index("ix_guide_feedback_guide_version_id_created_at", "guide_version_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guide_version_id: Mapped[int] = mapped_column(ForeignKey("guide_versions.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    useful: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]


class CatalogueGeneration(Base):
    """One row that changes with every publication; processes look at it to know that they are stale."""

    __tablename__ = "catalogue_generation"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int]
