"""What whoever broke a promise asks for afterwards, as it is stored (异议、信用修复申请)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class PleaKind(StrEnum):
    """That the record is wrong (异议), or that what was wrong has been made good (信用修复)."""

    OBJECTION = "objection"
    REPAIR = "repair"


class PleaState(StrEnum):
    """What became of a plea."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


KIND_TEXTS: dict[PleaKind, str] = {PleaKind.OBJECTION: "记录异议", PleaKind.REPAIR: "信用修复"}
STATE_TEXTS: dict[PleaState, str] = {
    PleaState.OPEN: "等待处理",
    PleaState.GRANTED: "已同意",
    PleaState.REFUSED: "没有同意",
}


class Plea(Base):
    """One plea about a record in force; one is open at a time, and an objection is heard once."""

    __tablename__ = "credit_pleas"
    __table_args__ = (
        CheckConstraint("kind IN ('objection', 'repair')", name="kind_known"),
        CheckConstraint("state IN ('open', 'granted', 'refused')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (reason IS NULL)",
            name="decided_whole",
        ),
        Index("uq_credit_pleas_open", "check_id", unique=True, postgresql_where="state = 'open'"),
        Index("uq_credit_pleas_objection", "check_id", unique=True, postgresql_where="kind = 'objection'"),
        Index("ix_credit_pleas_of_check", "check_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("promise_checks.id"))
    # Who asked: one of those who act for a company, or the person.
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=PleaState.OPEN.value)
    # Why the record is wrong, or how it was made good.
    said: Mapped[str] = mapped_column(EncryptedText("credit_pleas.said"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(EncryptedText("credit_pleas.reason"))
