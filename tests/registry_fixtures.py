"""What the registry of companies tells (登记系统的消息)."""

from app import clock
from app.db import Session
from app.enterprises.models import RegistryMessage


def told(session: Session, *, subject: str, kind: str, topic: str) -> int:
    """Its first message, about one unit; the id."""
    message = RegistryMessage(
        event_id="e1",
        kind=f"enterprise.{kind}",
        subject=subject,
        topic=topic,
        sequence=1,
        happened_on=clock.today(),
        sealed_values="{}",
        overtaken=False,
        received_at=clock.now(),
    )
    session.add(message)
    session.flush()
    return message.id
