"""What is stored about the desk (工作台): who stands at whose window."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.models import Case
from app.db import Base
from app.evaluations.models import Evaluation
from app.fees.models import Bill


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
    # What somebody without a phone showed instead of a code.
    document: Mapped[str | None] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(index=True)


# What lists and numbers of the desk are read by, so that a city's cases of years cost it nothing.
WORK_INDEXES = (
    Index("ix_cases_due", Case.promised_due_on, Case.id, postgresql_where="state = 'accepted'"),
    Index("ix_cases_waiting", Case.submitted_at, Case.id, postgresql_where="state = 'submitted'"),
    Index("ix_cases_submitted_at", Case.submitted_at, postgresql_where="submitted_at IS NOT NULL"),
    Index(
        "ix_cases_accepted_at",
        Case.accepted_at,
        postgresql_where="accepted_at IS NOT NULL",
        postgresql_include=["dept_code", "dept_name"],
    ),
    Index(
        "ix_cases_closed_at",
        Case.closed_at,
        postgresql_where="closed_at IS NOT NULL",
        postgresql_include=["dept_code", "dept_name"],
    ),
    Index("ix_cases_of_item", Case.task_code, Case.state, Case.id),
    Index("ix_evaluations_created_at", Evaluation.created_at),
    Index("ix_bills_unpaid", Bill.issued_at, Bill.id, postgresql_where="state = 'unpaid'"),
    Index("ix_bills_paid_at", Bill.paid_at, Bill.id, postgresql_where="paid_at IS NOT NULL"),
)
