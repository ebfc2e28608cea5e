"""Papers as they are stored (纸质表单文件)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

_LIVE = "stored_at IS NOT NULL AND given_up_at IS NULL"


class Paper(Base):
    """One file that guides may name (空白表、示范样本); the bytes lie in the file storage.

    `sha256` is 64 hexadecimal digits. `created_by` is the clerk who put it there, None for a drawn one;
    `recipe` is the digest of what it was drawn from. Without `stored_at` the bytes are still on their way.
    `look_after` is when the next clearing asks whether anybody names it.
    """

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="has_a_size"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="has_its_digest"),
        # The same bytes put there twice are one paper.
        Index("uq_papers_one_per_digest", "sha256", unique=True, postgresql_where=_LIVE),
        Index("ix_papers_look_after", "look_after"),
        Index("ix_papers_recipe", "recipe", postgresql_where="recipe IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    recipe: Mapped[bytes | None] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime | None]
    look_after: Mapped[datetime]
    # From then on no guide may name it any more; it is being removed.
    given_up_at: Mapped[datetime | None]
