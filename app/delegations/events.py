"""What has happened between citizens and those who act for them (授权代办的事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class DelegationAccepted(Event):
    """Somebody took an authority on."""

    delegation_id: int


@dataclass(frozen=True, slots=True)
class DelegationEnded(Event):
    """An authority that was in force was ended before its last day; `actor`: who did it, not yet audited."""

    delegation_id: int
    actor: str = ""


@dataclass(frozen=True, slots=True)
class DelegateActed(Event):
    """An agent did something for a citizen."""

    act_id: int
