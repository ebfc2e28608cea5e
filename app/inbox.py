"""Taking a platform's message once (消息去重): a delivery that comes again gets the same reply."""

from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock
from app.crypto import EncryptedText
from app.db import Base, unit_of_work

# WeChat repeats a message within fifteen seconds; a replay with a stolen signature within ten minutes.
_KEPT_FOR = timedelta(days=1)


class TakenMessage(Base):
    """One message of a follower and our reply, kept as long as a platform may repeat it."""

    __tablename__ = "bot_messages"
    __table_args__ = (
        UniqueConstraint("platform", "message_id"),
        Index("ix_bot_messages_taken_at", "taken_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    message_id: Mapped[str] = mapped_column(String(96))
    reply: Mapped[str] = mapped_column(EncryptedText("bot_messages.reply"))
    taken_at: Mapped[datetime]


def earlier_reply(session: Session, *, platform: str, message_id: str) -> str | None:
    """What was replied to this message before, or None."""
    return session.scalar(
        select(TakenMessage.reply).where(
            TakenMessage.platform == platform, TakenMessage.message_id == message_id
        )
    )


def keep_reply(session: Session, *, platform: str, message_id: str, reply: str) -> None:
    """Remember a reply; of two that were made at once the first is kept."""
    session.execute(
        insert(TakenMessage)
        .values(platform=platform, message_id=message_id, reply=reply, taken_at=clock.now())
        .on_conflict_do_nothing()
    )


def forget_old() -> None:
    """Drop what no platform repeats any more (job)."""
    with unit_of_work() as session:
        session.execute(delete(TakenMessage).where(TakenMessage.taken_at < clock.now() - _KEPT_FOR))
