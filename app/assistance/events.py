"""What has happened between a citizen and the clerk beside them (帮办的事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class AssistanceAsked(Event):
    """A clerk asks whether they may help; the phone shows the words."""

    assistance_id: int


@dataclass(frozen=True, slots=True)
class AssistanceEnded(Event):
    """A session to which the citizen had said yes is over."""

    assistance_id: int
