"""What has happened to a promise (承诺事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class OverVisited(Event):
    """A case has taken more visits to a hall than its guide promised (超次跑动)."""

    case_id: int
