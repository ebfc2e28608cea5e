"""What has happened to an application for a bundle (一件事申请事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class BundleSubmitted(Event):
    """A citizen handed an application in (已提交)."""

    application_id: int


@dataclass(frozen=True, slots=True)
class BundleHeldUp(Event):
    """A part keeps later ones waiting: refused, withdrawn, or something is missing in it (后续暂停)."""

    part_id: int


@dataclass(frozen=True, slots=True)
class BundleFinished(Event):
    """Every part was decided in favour (全部办结)."""

    application_id: int


@dataclass(frozen=True, slots=True)
class BundleWithdrawn(Event):
    """A citizen took an application back (已撤回)."""

    application_id: int
