"""What has happened to photos of materials (材料照片事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class PhotoShutAway(Event):
    """A virus was found in a page of a case, and the page was taken out of it (照片已隔离)."""

    photo_id: int
    case_id: int
