"""What has happened to a case (办件事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class CaseSubmitted(Event):
    """A citizen handed a case in (已提交)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseAccepted(Event):
    """A clerk accepted a case (已受理)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseClockChanged(Event):
    """The limits of a case moved or stopped with its public notice: published, objected or settled."""

    case_id: int
    happening: str
    on: str


@dataclass(frozen=True, slots=True)
class CaseDecided(Event):
    """The approver decided a case (已决定)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case is over (已办结)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseWithdrawn(Event):
    """A citizen took a case back (已撤回)."""

    case_id: int
