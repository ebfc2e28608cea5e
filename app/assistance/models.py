"""Clerks beside citizens and what they did there, as they are stored (帮办、帮办记录)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.channels import Channel
from app.db import Base


class Way(StrEnum):
    """How the permission is given: on the citizen's phone, or signed on paper by who has none."""

    PHONE = "phone"
    PAPER = "paper"


class EndedBy(StrEnum):
    """How a session ended; the first two without a yes."""

    REFUSED = "refused"
    UNANSWERED = "unanswered"
    CITIZEN = "citizen"
    CLERK = "clerk"
    LOG_OUT = "log_out"
    TIME = "time"
    IDLE = "idle"
    ACCOUNT = "account"


ENDINGS = {
    EndedBy.REFUSED: "市民不同意",
    EndedBy.UNANSWERED: "没有等到市民同意",
    EndedBy.CITIZEN: "市民结束",
    EndedBy.CLERK: "工作人员结束",
    EndedBy.LOG_OUT: "工作人员退出登录",
    EndedBy.TIME: "时间到",
    EndedBy.IDLE: "一刻钟没有操作",
    EndedBy.ACCOUNT: "账号注销或身份变更",
}
_ENDINGS = ", ".join(f"'{ending}'" for ending in EndedBy)
_CHANNELS = ", ".join(f"'{channel}'" for channel in Channel)


class Assistance(Base):
    """One clerk beside one citizen (一次帮办), from the question to its end; rows are never reused.

    `over_at` is until when the answer is waited for, and once there is one, until when it lasts.
    `text_version` and `channel` say to which words the citizen said yes and where; on paper `document` is
    what the clerk saw. `last_at` is when the clerk last did or looked at something.
    """

    __tablename__ = "assistances"
    __table_args__ = (
        CheckConstraint("way IN ('phone', 'paper')", name="way_known"),
        CheckConstraint(
            "(agreed_at IS NULL) = (channel IS NULL) AND (agreed_at IS NULL) = (text_version IS NULL)",
            name="agreed_whole",
        ),
        CheckConstraint("text_version > 0", name="version_counts_from_one"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel_known"),
        CheckConstraint(
            "(way = 'paper') = (document IS NOT NULL) AND (way <> 'paper' OR agreed_at IS NOT NULL)",
            name="paper_was_seen",
        ),
        CheckConstraint(
            "over_at <= coalesce(agreed_at, asked_at) + interval '30 minutes'", name="half_an_hour_at_most"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint(f"ended_by IN ({_ENDINGS})", name="ender_known"),
        CheckConstraint(
            "ended_by NOT IN ('refused', 'unanswered') OR agreed_at IS NULL", name="refused_before_it_began"
        ),
        Index("uq_assistances_of_citizen", "citizen_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("uq_assistances_of_clerk", "clerk_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_assistances_of_citizen", "citizen_id", "id"),
        Index("ix_assistances_in_halls", "centre_id", "agreed_at", postgresql_where="agreed_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    centre_id: Mapped[str] = mapped_column(String(16))
    way: Mapped[str] = mapped_column(String(8))
    document: Mapped[str | None] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    over_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    text_version: Mapped[int | None] = mapped_column(SmallInteger)
    channel: Mapped[str | None] = mapped_column(String(8))
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(16))


class AssistAct(Base):
    """Something a clerk did for the citizen beside them (帮办记录); never changed and never removed."""

    __tablename__ = "assist_acts"
    __table_args__ = (
        Index("ix_assist_acts_of_assistance", "assistance_id", "id"),
        Index("ix_assist_acts_of_reference", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assistance_id: Mapped[int] = mapped_column(ForeignKey("assistances.id"))
    # Such as `case:12`.
    reference: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    # What the citizen reads: nothing personal.
    sentence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
