"""Bundles and applications for them as they are stored (一件事、一件事申请)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Bundle(Base):
    """One matter of life made of several items (一件事); the items are named by their task codes."""

    __tablename__ = "bundles"
    __table_args__ = (CheckConstraint("audience IN ('personal', 'business')", name="audience_is_known"),)

    bundle_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(100))
    audience: Mapped[str] = mapped_column(String(16))
    task_codes: Mapped[list[str]] = mapped_column(ARRAY(String(33)))
    body: Mapped[dict[str, Any]]
    provenance: Mapped[str] = mapped_column(String(64))


class BundleApplication(Base):
    """One application for a bundle (一件事申请), of a person or a company; its parts say where it stands.

    `steps` is the order as it was when the application was begun: task codes, those of one step in parallel.
    """

    __tablename__ = "bundle_applications"
    __table_args__ = (
        Index(
            "uq_bundle_applications_one_live_draft",
            "citizen_id",
            "bundle_key",
            unique=True,
            postgresql_where="submitted_at IS NULL AND withdrawn_at IS NULL AND organisation_id IS NULL",
        ),
        # One of a company, whoever of its people began it.
        Index(
            "uq_bundle_applications_one_live_draft_of_organisation",
            "organisation_id",
            "bundle_key",
            unique=True,
            postgresql_where="submitted_at IS NULL AND withdrawn_at IS NULL AND organisation_id IS NOT NULL",
        ),
        Index(
            "ix_bundle_applications_acted_for",
            "organisation_id",
            "id",
            postgresql_where="organisation_id IS NOT NULL",
        ),
        CheckConstraint("finished_at IS NULL OR submitted_at IS NOT NULL", name="finished_after_submitted"),
        Index("ix_bundle_applications_of_citizen", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_no: Mapped[str] = mapped_column(String(24), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    # The company whose application it is (代表企业办理); then `citizen_id` is only who began it.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    bundle_key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    steps: Mapped[list[Any]]
    # The comprehensive licence that the whole gives when every part is granted, if it gives one.
    licence_name: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class BundlePart(Base):
    """One item of an application (一件事里的事项): an ordinary case of its own department.

    `held_up_at`: when the citizen was told that this part keeps the later ones waiting; told once.
    """

    __tablename__ = "bundle_parts"
    __table_args__ = (
        CheckConstraint("step >= 1", name="steps_begin_at_one"),
        Index("ix_bundle_parts_of_application", "application_id", "step", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("bundle_applications.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    task_code: Mapped[str] = mapped_column(String(33))
    step: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[int] = mapped_column(SmallInteger)
    held_up_at: Mapped[datetime | None]


class BundleLicence(Base):
    """The comprehensive licence of one trade (行业综合许可); what it stands for are its parts' own."""

    __tablename__ = "bundle_licences"
    __table_args__ = (
        Index(
            "ix_bundle_licences_acted_for",
            "organisation_id",
            "id",
            postgresql_where="organisation_id IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    licence_no: Mapped[str] = mapped_column(String(24), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("bundle_applications.id"), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(100))
    holder_name: Mapped[str] = mapped_column(EncryptedText("bundle_licences.holder_name"))
    issued_at: Mapped[datetime]


class BundleList(Base):
    """What somebody answered about a bundle (一件事办理清单); whoever has the number may read it.

    `versions` are the guides' as they were, by task code, `steps` the order of the parts.
    """

    __tablename__ = "bundle_lists"
    __table_args__ = (Index("ix_bundle_lists_made_at", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_no: Mapped[str] = mapped_column(String(24), unique=True)
    bundle_key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    provenance: Mapped[str] = mapped_column(String(64))
    steps: Mapped[list[Any]]
    versions: Mapped[dict[str, Any]]
    # JSON {"answers": {task code: {question: answer}}, "said": [[question, answer in words]]}
    sealed_answers: Mapped[str] = mapped_column(EncryptedText("bundle_lists.answers"))
    made_at: Mapped[datetime]
