"""What supervisors are told, as it is stored (审管联动)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class Kind(StrEnum):
    """What happened to a licence."""

    GRANTED = "granted"
    CHANGED = "changed"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    PROMISE_UNTRUE = "promise_untrue"
    PROMISE_CLEARED = "promise_cleared"


TEXTS: dict[Kind, str] = {
    Kind.GRANTED: "准予",
    Kind.CHANGED: "变更",
    Kind.REVOKED: "撤销",
    Kind.CANCELLED: "注销",
    Kind.PROMISE_UNTRUE: "承诺不实",
    Kind.PROMISE_CLEARED: "承诺不实已更正",
}


class State(StrEnum):
    """Where the telling of an event stands."""

    WAITING = "waiting"
    RECEIVED = "received"
    REFUSED = "refused"


class Result(StrEnum):
    """What a supervisor found (监管结果)."""

    FINE = "fine"
    IRREGULAR = "irregular"
    REVOKE_ASKED = "revoke_asked"


RESULTS: dict[Result, str] = {
    Result.FINE: "检查未发现问题",
    Result.IRREGULAR: "发现问题",
    Result.REVOKE_ASKED: "建议撤销",
}
_RESULTS = ", ".join(f"'{result}'" for result in Result)
_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_STATES = ", ".join(f"'{state}'" for state in State)


class OversightEvent(Base):
    """One thing that happened to a licence, to be told to whoever supervises it (审管联动推送).

    The events of a case are told one after the other, the grant first. Also while it is not known whether
    the other side has one, it is waiting: it is asked about first. `reference` is the row that changed the
    licence, 0 for what happens once.
    """

    __tablename__ = "oversight_events"
    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        # Exactly one event for a grant, and for each thing that follows.
        UniqueConstraint("case_id", "kind", "reference"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("(kind = 'granted') = (position = 1) AND position >= 1", name="grant_first"),
        CheckConstraint(
            "(kind IN ('changed', 'promise_untrue', 'promise_cleared')) = (reference > 0) AND reference >= 0",
            name="once_or_by_its_row",
        ),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "(state = 'received') = (receipt_no IS NOT NULL)"
            " AND (receipt_no IS NULL) = (received_at IS NULL)",
            name="received_has_its_receipt",
        ),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_has_its_reason"),
        Index("ix_oversight_events_to_tell", "next_check_at", postgresql_where="state = 'waiting'"),
        Index("ix_oversight_events_at_the_desk", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    reference: Mapped[int] = mapped_column(default=0, server_default="0")
    # The number under which it is told, every time.
    event_no: Mapped[str] = mapped_column(String(32), unique=True)
    supervisor_name: Mapped[str] = mapped_column(Text)
    # JSON as it is told, byte for byte: it names the holder.
    sealed_content: Mapped[str] = mapped_column(EncryptedText("oversight_events.content"))
    happened_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=State.WAITING.value)
    receipt_no: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime | None]
    # A word for why not, theirs or ours.
    refusal: Mapped[str | None] = mapped_column(String(64))
    next_check_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")


class OversightFinding(Base):
    """What a supervisor found of a licence (监管结果反馈); it changes nothing by itself.

    Where something is wrong, or revocation is asked for, the department that decided answers what it did.
    """

    __tablename__ = "oversight_findings"
    __table_args__ = (
        UniqueConstraint("message_no"),
        CheckConstraint(f"result IN ({_RESULTS})", name="result_known"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_name IS NULL)",
            name="answered_whole",
        ),
        CheckConstraint("answered_at IS NULL OR result <> 'fine'", name="answered_what_was_asked"),
        Index("ix_oversight_findings_of_event", "event_id", "id"),
        Index(
            "ix_oversight_findings_to_answer",
            "id",
            postgresql_where="result <> 'fine' AND answered_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_no: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[int] = mapped_column(ForeignKey("oversight_events.id"))
    result: Mapped[str] = mapped_column(String(16))
    found_on: Mapped[date]
    said: Mapped[str] = mapped_column(EncryptedText("oversight_findings.said"))
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    answered_by_name: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(EncryptedText("oversight_findings.answer"))
