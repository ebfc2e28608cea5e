"""A second person who must sign an application (共同申请人): invited, bound by a code good once, signing."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CoState(StrEnum):
    """How it stands with one invitation; the first three are live, the others ends."""

    OPEN = "open"
    TAKEN = "taken"
    SIGNED = "signed"
    DECLINED = "declined"
    ENDED = "ended"


LIVE = (CoState.OPEN, CoState.TAKEN, CoState.SIGNED)
_STATES = ", ".join(f"'{state}'" for state in CoState)
_LIVE = ", ".join(f"'{state}'" for state in LIVE)


class CoSigning(Base):
    """One invitation to sign one application, and what became of it; a case has at most one that is live.

    Of the code only a keyed hash is kept. `digest` is of the words that were signed: they name what is on the
    form and every photo, so that other words now mean that it is to be signed anew.
    """

    __tablename__ = "co_signings"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("state IN ('open', 'ended') OR citizen_id IS NOT NULL", name="taken_by_somebody"),
        CheckConstraint("(citizen_id IS NULL) = (taken_at IS NULL)", name="taken_has_its_time"),
        CheckConstraint(
            "state <> 'signed' OR (digest IS NOT NULL AND undertaking_id IS NOT NULL"
            " AND signed_at IS NOT NULL)",
            name="signed_whole",
        ),
        Index(
            "uq_co_signings_live",
            "case_id",
            unique=True,
            postgresql_where="state IN ('open', 'taken', 'signed')",
        ),
        Index("ix_co_signings_of_citizen", "citizen_id", "id", postgresql_where="citizen_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    state: Mapped[str] = mapped_column(String(16), default=CoState.OPEN.value)
    made_at: Mapped[datetime]
    # Until when the code can be taken; who took it is bound until the case is handed in.
    over_at: Mapped[datetime]
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    taken_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    undertaking_id: Mapped[int | None] = mapped_column(ForeignKey("signed_undertakings.id"))
    signed_at: Mapped[datetime | None]
    # When they were last asked to sign anew, after something was changed.
    asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
