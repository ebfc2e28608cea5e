"""Queue tickets, windows at work and wishes for an earlier place as they are stored (排队号、窗口、候补)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base

# What a request may name at all; PostgreSQL refuses more.


class TicketState(StrEnum):
    """Where a ticket stands; the first three are live."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    PASSED = "passed"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """Who is called before others who came at the same time (依法优先); proof is looked at in the window."""

    ELDER = "elder"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    INFANT = "infant"
    MILITARY = "military"


# Repeated in the partial indexes below; a test keeps them equal.
LIVE_TICKET = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING)
AT_A_WINDOW = (TicketState.CALLED, TicketState.SERVING)
_IS_LIVE = "state IN ('waiting', 'called', 'serving')"
_IS_AT_A_WINDOW = "state IN ('called', 'serving')"


class WindowSession(Base):
    """A clerk at one window for today (窗口值守). A window has one clerk, and a clerk one window."""

    __tablename__ = "window_sessions"
    __table_args__ = (
        Index(
            "uq_window_sessions_open_window",
            "centre_id",
            "day",
            "window",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
        Index(
            "uq_window_sessions_open_clerk",
            "clerk_id",
            "day",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
        Index(
            "ix_window_sessions_window_group_id_day",
            "window_group_id",
            "day",
            postgresql_where="closed_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"))
    window_group_id: Mapped[int] = mapped_column(ForeignKey("window_groups.id"))
    window: Mapped[str] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Ticket(Base):
    """One number in the queue of a window group (排队号).

    `due_at` is when the slot of its appointment begins; None for a walk-in. `round` counts how often it went
    into the line, `calls` how often it was called in this round. `citizen_id` and `task_code` are None for
    who took a number in the hall without a phone. `window` is the one that called last, `note` why other
    windows sent it on.
    """

    __tablename__ = "queue_tickets"
    __table_args__ = (
        UniqueConstraint("centre_id", "day", "number"),
        CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'served', 'passed', 'cancelled')", name="state"
        ),
        CheckConstraint(
            "priority IN ('elder', 'disabled', 'pregnant', 'infant', 'military')", name="priority"
        ),
        CheckConstraint(f"({_IS_AT_A_WINDOW}) = (session_id IS NOT NULL)", name="session_while_at_a_window"),
        # An appointment is a right of its own and has its own number; beside it, one number for a person.
        Index(
            "uq_queue_tickets_live_walk_in",
            "citizen_id",
            "centre_id",
            "day",
            unique=True,
            postgresql_where=f"{_IS_LIVE} AND appointment_id IS NULL",
        ),
        Index("uq_queue_tickets_appointment_id", "appointment_id", unique=True),
        # A window has one person in front of it. Partial, so that a step of a ticket changes no key of its
        # row and need not wait for a warning that points to it.
        Index(
            "uq_queue_tickets_session_id",
            "session_id",
            unique=True,
            postgresql_where="session_id IS NOT NULL",
        ),
        Index("ix_queue_tickets_waiting", "window_group_id", "day", postgresql_where="state = 'waiting'"),
        Index("ix_queue_tickets_served", "window_group_id", "served_at", postgresql_where="state = 'served'"),
        Index("ix_queue_tickets_live_day", "day", postgresql_where=_IS_LIVE),
        Index("ix_queue_tickets_centre_id_day", "centre_id", "day"),
        Index("ix_queue_tickets_citizen_id_day", "citizen_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"))
    window_group_id: Mapped[int] = mapped_column(ForeignKey("window_groups.id"))
    day: Mapped[date] = mapped_column(Date)
    number: Mapped[str] = mapped_column(String(8))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    task_code: Mapped[str | None] = mapped_column(String(40))
    task_name: Mapped[str] = mapped_column(String(200))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    due_at: Mapped[datetime | None]
    priority: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    round: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    calls: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    put_back: Mapped[bool] = mapped_column(default=False, server_default="false")
    session_id: Mapped[int | None] = mapped_column(ForeignKey("window_sessions.id"))
    window: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(EncryptedText("queue_tickets.note"))
    taken_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    serving_at: Mapped[datetime | None]
    served_at: Mapped[datetime | None]


class QueueCounter(Base):
    """The last number that was given out for a letter in a hall today (号码)."""

    __tablename__ = "queue_counters"

    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int]


class TicketWarning(Base):
    """Somebody who knows that they are nearly called in this round (快到号): told, or near from the start."""

    __tablename__ = "ticket_warnings"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("queue_tickets.id"), primary_key=True)
    round: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)


class WishState(StrEnum):
    """Where a wish for an earlier place stands; the first two are live."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    """What became of an offered place; while `open` it is counted in its slot."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


LIVE_WISH = (WishState.WAITING, WishState.OFFERED)


class WaitlistEntry(Base):
    """A citizen's wish for a place before a moment (候补). `lapses` counts the offers let go by."""

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'accepted', 'expired', 'cancelled')", name="state"),
        Index(
            "uq_waitlist_entries_live",
            "citizen_id",
            "centre_id",
            "task_code",
            unique=True,
            postgresql_where="state IN ('waiting', 'offered')",
        ),
        Index("ix_waitlist_entries_waiting", "centre_id", postgresql_where="state = 'waiting'"),
        Index("ix_waitlist_entries_citizen_id_id", "citizen_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    centre_id: Mapped[str] = mapped_column(ForeignKey("centres.id"))
    task_code: Mapped[str] = mapped_column(String(40))
    task_name: Mapped[str] = mapped_column(String(200))
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    lapses: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    created_at: Mapped[datetime]


class WaitlistOffer(Base):
    """One place held for one wish for some minutes (候补留号); nobody is offered the same slot twice."""

    __tablename__ = "waitlist_offers"
    __table_args__ = (
        UniqueConstraint("entry_id", "slot_id"),
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'lapsed')", name="state"),
        Index("uq_waitlist_offers_open", "entry_id", unique=True, postgresql_where="state = 'open'"),
        Index("ix_waitlist_offers_expires_at", "expires_at", postgresql_where="state = 'open'"),
        Index("ix_waitlist_offers_slot_id", "slot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("waitlist_entries.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    state: Mapped[str] = mapped_column(String(16))
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
