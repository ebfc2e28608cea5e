"""Archives as they are stored (电子档案)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.archives.retention import Retention
from app.db import Base

_RETENTIONS = ", ".join(f"'{retention}'" for retention in Retention)


class Archive(Base):
    """The package of one closed case (归档信息包); the bytes lie encrypted in the file storage.

    A trigger refuses every change and every removal. `index_sha256` is of the list that names every file of
    the package with its own SHA-256, so that one changed byte anywhere is found.
    """

    __tablename__ = "archives"
    __table_args__ = (
        UniqueConstraint("case_id"),
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
