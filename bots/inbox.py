"""Taking a platform's message once (去重)."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.db import unit_of_work
from bots.models import TakenMessage

# WeChat repeats a message within fifteen seconds; a replay with a stolen signature within ten minutes.
_KEPT_FOR = timedelta(days=1)


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
