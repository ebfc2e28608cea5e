"""Authorities between citizens and what was done under them, as they are stored (授权代办、代办记录)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

LONGEST_DAYS = 366


class Act(StrEnum):
    """What an agent may do (代办权限); whoever prepares or fetches something may also follow it."""

    BOOK = "book"
    APPLY = "apply"
    TRACK = "track"
    COLLECT = "collect"


TEXTS = {
    Act.BOOK: "预约到窗办理",
    Act.APPLY: "填表、交材料、提交申请",
    Act.TRACK: "查看办理进度",
    Act.COLLECT: "领取办理结果",
}


class EndedBy(StrEnum):
    """Which side ended an authority; an expired one is closed when the two agree anew."""

    GIVER = "giver"
    AGENT = "agent"
    EXPIRED = "expired"


_ACTS = ", ".join(f'"{act}"' for act in Act)


class Delegation(Base):
    """One citizen's authority for another (授权委托), from the code that is handed over to its end.

    `scope` are task codes, none: every item that allows it. `agent_id` is set by whoever takes the code,
    once; only a hash of it is stored. A witnessed one was given on paper at a window (纸质授权):
    `witnessed_by` is the clerk who saw the giver's `document`; its code is good once another one has, too.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("agent_id <> citizen_id", name="for_another"),
        CheckConstraint("(agent_id IS NULL) = (accepted_at IS NULL)", name="accepted_by_somebody"),
        CheckConstraint(
            f"jsonb_typeof(acts) = 'array' AND acts <> '[]'::jsonb AND acts <@ '[{_ACTS}]'::jsonb",
            name="acts_known",
        ),
        CheckConstraint(
            "NOT (acts ? 'apply' OR acts ? 'collect') OR acts ? 'track'", name="what_is_done_is_seen"
        ),
        CheckConstraint(
            f"until <= (made_at AT TIME ZONE 'Asia/Shanghai')::date + {LONGEST_DAYS}", name="one_year_at_most"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("ended_by IN ('giver', 'agent', 'expired')", name="ender_known"),
        CheckConstraint("confirmed_by <> witnessed_by", name="two_clerks"),
        CheckConstraint("(witnessed_by IS NULL) = (document IS NULL)", name="witness_saw_a_document"),
        Index(
            "uq_delegations_live",
            "citizen_id",
            "agent_id",
            unique=True,
            postgresql_where="ended_at IS NULL AND agent_id IS NOT NULL",
        ),
        Index("ix_delegations_of_citizen", "citizen_id", "id"),
        Index("ix_delegations_of_agent", "agent_id", "id", postgresql_where="agent_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scope: Mapped[list[str]] = mapped_column(default=list)
    acts: Mapped[list[str]]
    until: Mapped[date]
    made_at: Mapped[datetime]
    # Until when the code may be taken.
    over_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(8))
    witnessed_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    document: Mapped[str | None] = mapped_column(String(16))


class DelegateAct(Base):
    """Something an agent did (代办记录): once a day for each kind and thing, so that nobody is flooded."""

    __tablename__ = "delegate_acts"
    __table_args__ = (
        UniqueConstraint("delegation_id", "reference", "kind", "day"),
        Index("ix_delegate_acts_of_delegation", "delegation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id"))
    # Such as `case:12`.
    reference: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    # What the citizen reads: nothing personal.
    sentence: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    at: Mapped[datetime]
