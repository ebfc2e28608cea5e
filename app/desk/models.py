"""What is stored about the desk (工作台): who stands at whose window."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Presence(Base):
    """A citizen who showed a clerk their code (到窗): for some minutes this clerk may see what is theirs.

    `code_hash` is of the code that was shown, so that a scanner that sends it twice finds the same row.
    """

    __tablename__ = "presences"
    __table_args__ = (Index("ix_presences_clerk", "clerk_id", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
