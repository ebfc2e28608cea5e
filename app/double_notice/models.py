"""Which department was told of which unit (双告知)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class LicenceLead(Base):
    """A unit that was registered and needs a licence of a department (后续许可告知).

    It is taken up when its owner hands in the licence's case, or when a clerk says what was done.
    """

    __tablename__ = "licence_leads"
    __table_args__ = (
        UniqueConstraint("case_id", "task_code"),
        CheckConstraint(
            "(taken_up_at IS NULL) = (taken_up_case_id IS NULL AND clerk_id IS NULL)",
            name="taken_up_by_somebody",
        ),
        CheckConstraint("(clerk_id IS NULL) = (note IS NULL)", name="clerk_says_what_was_done"),
        Index("ix_licence_leads_of_citizen", "citizen_id", "task_code"),
        Index("ix_licence_leads_of_department", "dept_code", "id"),
        # Little waits beside what was taken up over the years; a clerk's department is a code or a name.
        Index("ix_licence_leads_waiting", "id", postgresql_where="taken_up_at IS NULL"),
        Index("ix_licence_leads_waiting_of_code", "dept_code", "id", postgresql_where="taken_up_at IS NULL"),
        Index("ix_licence_leads_waiting_of_name", "dept_name", "id", postgresql_where="taken_up_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The granted registration.
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    # The licence that comes next, and who decides on it.
    task_code: Mapped[str] = mapped_column(String(33))
    task_name: Mapped[str] = mapped_column(String(200))
    dept_code: Mapped[str] = mapped_column(String(18))
    dept_name: Mapped[str] = mapped_column(Text)
    # Who trades alone is a person, so the name is kept like one.
    unit_name: Mapped[str] = mapped_column(EncryptedText("licence_leads.unit_name"))
    told_at: Mapped[datetime]
    taken_up_at: Mapped[datetime | None]
    taken_up_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    note: Mapped[str | None] = mapped_column(EncryptedText("licence_leads.note"))
