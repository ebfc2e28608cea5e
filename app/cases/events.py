"""What has happened to a case (办件事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class CaseSubmitted(Event):
    """A citizen handed a case in (已提交); `quiet`: what follows at once is told instead."""

    case_id: int
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CaseAccepted(Event):
    """A clerk or the machine accepted a case (已受理); `quiet` as above."""

    case_id: int
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CaseClockChanged(Event):
    """The limits of a case moved or stopped with its public notice: published, objected or settled."""

    case_id: int
    happening: str
    on: str


@dataclass(frozen=True, slots=True)
class CaseDecided(Event):
    """The approver or the machine decided a case (已决定)."""

    case_id: int
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class CaseLeftToPerson(Event):
    """The machine was to decide a case once it was paid, and leaves it to a person after all (转人工)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case is over (已办结); `quiet` as above."""

    case_id: int
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CaseWithdrawn(Event):
    """A citizen took a case back (已撤回)."""

    case_id: int
