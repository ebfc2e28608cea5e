"""What can be asked about messages (查询消息)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from notifications.models import Dispatch, Message


@dataclass(frozen=True, slots=True)
class Told:
    """One message and by which ways it left."""

    message: Message
    dispatches: list[Dispatch]


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


def told_of(session: Session, *, citizen_ids: Sequence[int], subjects: Sequence[str]) -> list[Told]:
    """What these readers were told about some things and how (告知记录), oldest first; two statements."""
    about = [Message.subject.startswith(f"{subject}:", autoescape=True) for subject in subjects]
    asked = select(Message).where(Message.citizen_id.in_(citizen_ids), or_(*about))
    messages = list(session.scalars(asked.order_by(Message.id)))
    left: dict[int, list[Dispatch]] = {message.id: [] for message in messages}
    for dispatch in session.scalars(
        select(Dispatch).where(Dispatch.message_id.in_(list(left))).order_by(Dispatch.id)
    ):
        left[dispatch.message_id].append(dispatch)
    return [Told(message, left[message.id]) for message in messages]


def unread_count(session: Session, *, citizen_id: int) -> int:
    """How many messages a citizen has not read."""
    unread = select(func.count()).where(Message.citizen_id == citizen_id, Message.read_at.is_(None))
    return session.scalar(unread) or 0


def dispatches_of(session: Session, *, message_id: int) -> list[Dispatch]:
    """By which ways a message left and what became of it."""
    return list(
        session.scalars(select(Dispatch).where(Dispatch.message_id == message_id).order_by(Dispatch.id))
    )
