"""Legal notices as they are stored (公文)."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base
from app.documents.kinds import Kind
from app.tries import Counted

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class DocumentNumber(Base):
    """The last number that a department has used for one kind in one year (文号)."""

    __tablename__ = "document_numbers"
    __table_args__ = (CheckConstraint("last > 0", name="counts_from_one"),)

    dept_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    word: Mapped[str] = mapped_column(String(8), primary_key=True)
    last: Mapped[int]


class Document(Base):
    """One numbered notice about one case (公文).

    A trigger refuses every change but one: that the file of a document which has none yet is written down.
    Whoever made a mistake issues a new document, which names the old one.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        # An event that is heard twice makes one document.
        UniqueConstraint("case_id", "kind", "occasion"),
        UniqueConstraint("dept_code", "number"),
        CheckConstraint("length(token) = 22", name="token_whole"),
        CheckConstraint(
            "(sha256 IS NULL) = (drawn_at IS NULL) AND (sha256 IS NULL) = (storage_key IS NULL)"
            " AND (sha256 IS NULL) = (size_bytes IS NULL) AND (sha256 IS NULL OR length(sha256) = 64)",
            name="file_whole",
        ),
        Index("ix_documents_undrawn", "id", postgresql_where="sha256 IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    # What it was issued for, such as `accepted` or `correction:12`.
    occasion: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(32))
    number: Mapped[str] = mapped_column(String(40))
    dept_code: Mapped[str] = mapped_column(String(64))
    dept_name: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    # The one that is corrected by this one (更正); a document is corrected once.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), unique=True)
    # Whoever holds the paper holds this too: with it anybody checks the document (核验码).
    token: Mapped[str] = mapped_column(String(22), unique=True)
    template: Mapped[int] = mapped_column(SmallInteger)
    # JSON of what it says, whole: the file is drawn from this and from nothing else
    sealed_content: Mapped[str] = mapped_column(EncryptedText("documents.content"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None]
    storage_key: Mapped[str | None] = mapped_column(String(96))
    drawn_at: Mapped[datetime | None]


class DocumentOpening(Base):
    """When a reader first opened a document on their own phone (首次查阅): it has reached them."""

    __tablename__ = "document_openings"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), primary_key=True)
    opened_at: Mapped[datetime]


class DocumentCheck(Counted, Base):
    """How often one address has checked papers lately (核验次数); only a keyed hash of it is stored."""

    __tablename__ = "document_checks"
    __table_args__ = (Index("ix_document_checks_window", "window_began_at"),)

    caller: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
