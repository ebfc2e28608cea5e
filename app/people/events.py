"""What has happened to people (市民事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class CitizenJoined(Event):
    """Somebody logged in for the first time (首次登录)."""

    citizen_id: int
