"""What has happened to names of enterprises (企业名称)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class NameReserved(Event):
    """The registry keeps a name for a citizen."""

    reservation_id: int


@dataclass(frozen=True, slots=True)
class NameRefused(Event):
    """A name that was asked for while the registry was away turned out not to be had."""

    reservation_id: int


@dataclass(frozen=True, slots=True)
class NameEnding(Event):
    """The retention period of a name ends soon."""

    reservation_id: int


@dataclass(frozen=True, slots=True)
class UnitChanged(Event):
    """A unit of which a citizen holds a certificate or an open case changed its registration."""

    message_id: int
    citizen_id: int
