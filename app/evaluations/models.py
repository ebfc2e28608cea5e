"""Ratings, and the tickets that bad ones open, as they are stored (评价、差评整改工单)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class TicketState(StrEnum):
    """Where a mending ticket stands."""

    OPEN = "open"
    MENDED = "mended"
    UNFOUNDED = "unfounded"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What happened with a ticket."""

    OPENED = "opened"
    EXTENDED = "extended"
    ESCALATED = "escalated"
    MENDED = "mended"
    UNFOUNDED = "unfounded"
    CALLED_BACK = "called_back"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"


_STATES = ", ".join(f"'{state}'" for state in TicketState)
_KINDS = ", ".join(f"'{kind}'" for kind in StepKind)


class Evaluation(Base):
    """One citizen's rating of one case or one visit (好差评); never changed, never removed by a clerk.

    `level` is that of GB/T 39046: 1 is the best. Department and hall are those that were rated.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),
        # Online one rating per matter, at the counter one per visit (一事一评、一次一评).
        CheckConstraint("num_nonnulls(case_id, appointment_id) = 1", name="rates_one_thing"),
        Index("uq_evaluations_case", "case_id", unique=True),
        Index("uq_evaluations_appointment", "appointment_id", unique=True),
        Index("ix_evaluations_of_citizen", "citizen_id", "id"),
        # A department's numbers cost what the department has, and not what the city has.
        Index("ix_evaluations_of_dept_code", "dept_code", "created_at"),
        Index("ix_evaluations_of_dept_name", "dept_name", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    task_name: Mapped[str] = mapped_column(Text)
    dept_code: Mapped[str] = mapped_column(String(64))
    dept_name: Mapped[str] = mapped_column(Text)
    centre_id: Mapped[str | None] = mapped_column(String(16))
    level: Mapped[int] = mapped_column(SmallInteger)
    tags: Mapped[list[str]]
    comment: Mapped[str | None] = mapped_column(EncryptedText("evaluations.comment"))
    anonymous: Mapped[bool]
    created_at: Mapped[datetime]


class MendingTicket(Base):
    """What a bad rating sets going (差评整改工单): mended, or found to be unfounded, then called back about.

    `due_on` is the last working day to answer; `in_time` says of the first answer whether it kept it.
    `satisfied` is what the citizen themselves said of the mending.
    """

    __tablename__ = "mending_tickets"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(answered_at IS NULL) = (in_time IS NULL)", name="answered_whole"),
        CheckConstraint("state = 'open' OR answered_at IS NOT NULL", name="answered_before_over"),
        Index("ix_mending_tickets_list", "state", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=TicketState.OPEN.value)
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    extended: Mapped[bool] = mapped_column(default=False, server_default="false")
    escalated_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    in_time: Mapped[bool | None]
    satisfied: Mapped[bool | None]


class MendingStep(Base):
    """One line of a ticket's history (整改经过); never changed. `clerk_id` None: citizen or system."""

    __tablename__ = "mending_steps"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        Index("ix_mending_steps_of_ticket", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("mending_tickets.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(EncryptedText("mending_steps.text"))


class EvaluationTally(Base):
    """How many ratings of each level came on a day (评价计数), so that nobody counts millions of rows."""

    __tablename__ = "evaluation_tallies"

    day: Mapped[date] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]
