"""What has happened with visits (上门与踏勘的事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class VisitPlanned(Event):
    """A time was set, or another one: `when` that was done, so that each is told once."""

    case_id: int
    visit_id: int
    when: str


@dataclass(frozen=True, slots=True)
class VisitTomorrow(Event):
    """It is the day before."""

    case_id: int
    visit_id: int


@dataclass(frozen=True, slots=True)
class VisitCancelled(Event):
    """The office comes not, or the applicant does not want it."""

    case_id: int
    visit_id: int


@dataclass(frozen=True, slots=True)
class VisitDone(Event):
    """The record is closed."""

    case_id: int
    visit_id: int
