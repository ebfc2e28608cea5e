"""Alerts and tickets of supervision as they are stored (预警、督办)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base
from app.supervision.rules import Level, Recipient, Rule


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPENED = "opened"
    EXPLAINED = "explained"
    SETTLED = "settled"


def _names(kind: type[StrEnum]) -> str:
    return ", ".join(f"'{one}'" for one in kind)


class SupervisionAlert(Base):
    """One word to one recipient about one case (预警): said once, however often it is looked for."""

    __tablename__ = "supervision_alerts"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "level", "recipient"),
        CheckConstraint(f"rule IN ({_names(Rule)})", name="rule_known"),
        CheckConstraint(f"level IN ({_names(Level)})", name="level_known"),
        CheckConstraint(f"recipient IN ({_names(Recipient)})", name="recipient_known"),
        Index("ix_supervision_alerts_list", "recipient", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_no: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    rule: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(8))
    recipient: Mapped[str] = mapped_column(String(16))
    # The last day that was not kept, or is about to end.
    due_on: Mapped[date]
    at: Mapped[datetime]


class SupervisionTicket(Base):
    """Why one case took longer than promised (超期督办): opened by itself, explained, settled.

    A handler who explains before it is opened is asked nothing more.
    """

    __tablename__ = "supervision_tickets"
    __table_args__ = (
        CheckConstraint(f"state IN ({_names(TicketState)})", name="state_known"),
        CheckConstraint(
            "(state = 'opened') = (explained_at IS NULL)"
            " AND (explained_at IS NULL) = (explanation IS NULL)"
            " AND (explained_at IS NULL) = (explained_by IS NULL)",
            name="explained_whole",
        ),
        CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL) = (settlement IS NULL)"
            " AND (settled_at IS NULL) = (settled_by IS NULL)",
            name="settled_whole",
        ),
        Index("ix_supervision_tickets_list", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=TicketState.OPENED.value)
    opened_at: Mapped[datetime]
    explained_at: Mapped[datetime | None]
    explained_by: Mapped[int | None]
    explainer_name: Mapped[str | None] = mapped_column(Text)
    explanation: Mapped[str | None] = mapped_column(EncryptedText("supervision_tickets.explanation"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settler_name: Mapped[str | None] = mapped_column(Text)
    settlement: Mapped[str | None] = mapped_column(EncryptedText("supervision_tickets.settlement"))
