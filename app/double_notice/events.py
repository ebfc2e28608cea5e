"""What has happened with licences after a registration (双告知事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class LicencesNamed(Event):
    """A registration was granted, and these licences come next."""

    case_id: int
