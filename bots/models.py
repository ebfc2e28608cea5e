"""What the bot was told by platforms (消息去重): a delivery that comes again gets the same reply."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


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
