"""Who acts for the citizen of this request, when that is somebody else (代办人、帮办人员).

The door that lets an agent in says so for the time of the request: the citizen is then the one whose case it
is, and everything that is stored or shown meanwhile takes from here who really did it. Jobs act for nobody.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Agent:
    """A citizen who acts for another one under an authority; the name is masked, for others to read."""

    delegation_id: int
    citizen_id: int
    name: str
    acts: frozenset[str]
    until: date

    @property
    def title(self) -> str:
        """How a case and its course name them."""
        return f"代办人{self.name}"


@dataclass(frozen=True, slots=True)
class Helper:
    """A clerk who sits beside the citizen and types for them (帮办), in one session that they agreed to."""

    assistance_id: int
    citizen_id: int
    clerk_id: int
    name: str

    @property
    def title(self) -> str:
        """How a case and its course name them."""
        return f"申请人（工作人员{self.name}在旁帮办）"


_current: ContextVar[Agent | None] = ContextVar("agent", default=None)
_helper: ContextVar[Helper | None] = ContextVar("helper", default=None)


def act_as(agent: Agent | None) -> None:
    """Say who acts for the citizen from now on; None: the citizen alone."""
    _current.set(agent)


def agent() -> Agent | None:
    """Who acts for the citizen of this request; None when they do it themselves."""
    return _current.get()


def help_as(helper: Helper | None) -> None:
    """Say which clerk types for the citizen from now on; None: nobody does."""
    _helper.set(helper)


def helper() -> Helper | None:
    """Which clerk types for the citizen of this request; None when nobody does."""
    return _helper.get()
