"""Checklists as they are stored (办理清单)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Checklist(Base):
    """What somebody answered about a guide's version; whoever has the number may read it."""

    __tablename__ = "checklists"
    __table_args__ = (Index("ix_checklists_made_at", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    checklist_no: Mapped[str] = mapped_column(String(24), unique=True)
    guide_version_id: Mapped[int] = mapped_column(ForeignKey("guide_versions.id"))
    task_code: Mapped[str] = mapped_column(String(33))
    # JSON {question: answer as it was given}; says much about a person, though nothing in it names them.
    sealed_answers: Mapped[str] = mapped_column(EncryptedText("checklists.answers"))
    made_at: Mapped[datetime]
