"""Archives as they are stored (电子档案)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.archives.retention import Retention
from app.db import Base
from app.troubles import Trouble

_RETENTIONS = ", ".join(f"'{retention}'" for retention in Retention)


class Archive(Base):
    """A package of one closed case (归档信息包); the bytes lie encrypted in the file storage.

    A trigger refuses every change and every removal. `index_sha256` is of the list that names every file of
    the package with its own SHA-256, so that one changed byte anywhere is found. `part` 0 is the case's own;
    what was issued or corrected afterwards follows in packages from 1 on (补充归档).
    """

    __tablename__ = "archives"
    __table_args__ = (
        UniqueConstraint("case_id", "part"),
        CheckConstraint("part >= 0", name="parts_counted"),
        UniqueConstraint("archive_no"),
        CheckConstraint(f"retention IN ({_RETENTIONS})", name="retention_known"),
        CheckConstraint(
            "(retention = 'permanent') = (keep_until IS NULL)", name="kept_for_ever_or_until_a_day"
        ),
        CheckConstraint("length(sha256) = 32 AND length(index_sha256) = 32", name="hashes_whole"),
        CheckConstraint("files > 0 AND size_bytes > 0", name="holds_something"),
        Index("ix_archives_due", "keep_until", "id", postgresql_where="keep_until IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    part: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    archive_no: Mapped[str] = mapped_column(String(64))
    retention: Mapped[str] = mapped_column(String(16))
    # The last day of its time; what follows then is for a person to decide.
    keep_until: Mapped[date | None]
    storage_key: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    index_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    files: Mapped[int]
    size_bytes: Mapped[int]
    made_at: Mapped[datetime]


class ArchiveDocument(Base):
    """In which package a notice lies: in one, for ever."""

    __tablename__ = "archive_documents"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    archive_id: Mapped[int] = mapped_column(ForeignKey("archives.id"), index=True)


class TransferState(StrEnum):
    """Where the handing over of a package to the city's archive system stands (移交)."""

    WAITING = "waiting"
    RECEIVED = "received"
    REFUSED = "refused"


class ArchiveTransfer(Base):
    """That a package goes to the city's archive system (电子档案移交), and the receipt for it.

    Also while it is not known whether the other side has it, it is waiting: it is asked about first.
    """

    __tablename__ = "archive_transfers"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'received', 'refused')", name="state_known"),
        CheckConstraint(
            "(state = 'received') = (receipt_no IS NOT NULL)"
            " AND (receipt_no IS NULL) = (received_at IS NULL)",
            name="received_has_its_receipt",
        ),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        Index("ix_archive_transfers_to_ask", "next_check_at", postgresql_where="state = 'waiting'"),
        Index("ix_archive_transfers_at_the_desk", "state", "archive_id"),
    )

    archive_id: Mapped[int] = mapped_column(ForeignKey("archives.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16), default=TransferState.WAITING.value)
    receipt_no: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime | None]
    # A word for why not, theirs or ours.
    refusal: Mapped[str | None] = mapped_column(String(64))
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")


class ArchiveTrouble(Trouble, Base):
    """A closed case that cannot be packed."""

    __tablename__ = "archive_troubles"
    __table_args__ = (CheckConstraint("tries >= 1", name="tried"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
