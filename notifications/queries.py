"""What can be asked about messages (查询消息)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications.models import Dispatch, Message


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int = 20
) -> list[Message]:
    """A citizen's messages, newest first; `before_id` continues a list."""
    asked = select(Message).where(Message.citizen_id == citizen_id)
    if before_id is not None:
        asked = asked.where(Message.id < before_id)
    return list(session.scalars(asked.order_by(Message.id.desc()).limit(limit)))


def told_about(session: Session, *, citizen_id: int, subject: str) -> list[Message]:
    """What a citizen was told under a subject that is numbered, oldest first."""
    under = Message.subject.startswith(f"{subject}:", autoescape=True)
    asked = select(Message).where(Message.citizen_id == citizen_id, under)
    return list(session.scalars(asked.order_by(Message.id)))


def unread_count(session: Session, *, citizen_id: int) -> int:
    """How many messages a citizen has not read."""
    unread = select(func.count()).where(Message.citizen_id == citizen_id, Message.read_at.is_(None))
    return session.scalar(unread) or 0


def dispatches_of(session: Session, *, message_id: int) -> list[Dispatch]:
    """By which ways a message left and what became of it."""
    return list(
        session.scalars(select(Dispatch).where(Dispatch.message_id == message_id).order_by(Dispatch.id))
    )
