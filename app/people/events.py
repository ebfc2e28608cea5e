"""What has happened to people (市民事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class CitizenJoined(Event):
    """Somebody logged in for the first time (首次登录)."""

    citizen_id: int


@dataclass(frozen=True, slots=True)
class ClosingMoved(Event):
    """Something happened with the wish to close an account (注销进展).

    `happening` is started, near, postponed or taken_back; `closes_on` the ISO day that is meant.
    """

    closing_id: int
    happening: str
    closes_on: str


@dataclass(frozen=True, slots=True)
class AccountClosed(Event):
    """An account is no more (账号已注销)."""

    citizen_id: int
