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


@dataclass(frozen=True, slots=True)
class IdentityProven(Event):
    """A clerk saw somebody's document and wrote down who they are (窗口核验). `document` names its kind."""

    citizen_id: int
    document: str
    at: str


@dataclass(frozen=True, slots=True)
class IdentityWithdrawn(Event):
    """A supervisor took a proven identity back (撤销实名)."""

    citizen_id: int
    at: str
