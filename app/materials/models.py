"""Photos of materials as they are stored (材料照片)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.materials.scanning import Scan


class Photo(Base):
    """One page of one material of one case (材料照片); the bytes lie encrypted in the file storage.

    A file given once may serve several cases of one matter; each has a row of its own for it.
    """

    __tablename__ = "photos"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0 AND size_bytes > 0", name="has_a_size"),
        CheckConstraint("set_aside_at IS NULL OR deleted_at IS NOT NULL", name="set_aside_is_no_page"),
        # The same page sent twice, as a bad network does, is one page.
        Index(
            "uq_photos_same_page_once",
            "case_id",
            "material_code",
            "sha256",
            unique=True,
            postgresql_where="deleted_at IS NULL",
        ),
        Index(
            "uq_photos_file_once_in_a_case",
            "case_id",
            "material_code",
            "storage_key",
            unique=True,
            postgresql_where="deleted_at IS NULL",
        ),
        Index("ix_photos_of_file", "storage_key", "id"),
        CheckConstraint("scan IN ('off', 'clean', 'unknown', 'infected')", name="scan_known"),
        CheckConstraint("scan <> 'unknown' OR scan_after IS NOT NULL", name="unknown_has_its_turn"),
        CheckConstraint("scan <> 'infected' OR deleted_at IS NOT NULL", name="infected_is_shut_away"),
        Index(
            "ix_photos_to_scan",
            "scan_after",
            postgresql_where="scan = 'unknown' AND deleted_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    page: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    # What a look at the photo told: objects with `code` and `sentence`.
    findings: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    # Taken out of a case after the office had seen it: no page any more, but its file stays (补正前的材料).
    set_aside_at: Mapped[datetime | None]
    thumbnail_at: Mapped[datetime | None]
    # How it stands with viruses, how often that was asked, and when it is asked next.
    scan: Mapped[str] = mapped_column(String(16), default=Scan.OFF.value, server_default=Scan.OFF.value)
    scan_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    scan_after: Mapped[datetime | None]

    @property
    def being_checked(self) -> bool:
        """Whether it is not known yet that no virus is in it; until then no clerk gets it (安全检查中)."""
        return self.scan == Scan.UNKNOWN


class LooseFile(Base):
    """A stored file that no live photo uses: one on its way in, or one thrown away (无主文件)."""

    __tablename__ = "loose_files"
    __table_args__ = (Index("ix_loose_files_remove_after", "remove_after"),)

    storage_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    remove_after: Mapped[datetime]
    # From then on nobody may take the file for a photo any more; it is being removed.
    given_up_at: Mapped[datetime | None]
