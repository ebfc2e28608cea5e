"""The clock of a case stands for a visit where its guide says so (特别程序：现场勘验、核查)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cases import pausing
from app.cases.clock_errors import SpecialStepUnknown
from app.cases.clock_models import CasePause
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.pausing import SpecialStep
from app.cases.states import State
from app.catalogue.queries import Guide
from app.centres import working_days
from app.site_visits import queries
from app.site_visits.models import SiteVisit

_WORDS = ("踏勘", "勘验", "核查", "现场")


def step_of(body: Mapping[str, Any]) -> SpecialStep | None:
    """The special procedure of a guide that a visit is; None where its time counts."""
    steps = pausing.special_steps(body)
    return next((step for step in steps if any(word in step.name for word in _WORDS)), None)


def pause(session: Session, case: Case, visit: SiteVisit, *, guide: Guide, officer: Officer) -> None:
    """Stop the clock until the visit is over (暂停计时); raises SpecialStepUnknown, or as pausing."""
    step = step_of(guide.body)
    if step is None or visit.day is None:
        raise SpecialStepUnknown
    begun = pausing.pause(
        session,
        case_no=case.case_no,
        officer=officer,
        kind=step.kind,
        days=_days_until(session, visit.day, step),
        reason=_reason(step, visit),
    )
    visit.pause_id = begun.id
    session.flush()


def move(session: Session, case: Case, visit: SiteVisit, *, guide: Guide, officer: Officer) -> None:
    """Expect the clock to stand until the visit's new day; nothing where it stands not for the visit."""
    step, pause = step_of(guide.body), _standing(session, case, visit)
    if pause is None or step is None or visit.day is None:
        return
    pausing.put_off(
        session, case, pause, officer=officer, until=visit.day, step=step, reason=_reason(step, visit)
    )


def resume(session: Session, case: Case, visit: SiteVisit) -> None:
    """Let the clock run on, in the name of whoever planned the visit; nothing where it runs already.

    Nor where it stands for something else by now: a clerk may have ended the visit's pause and begun another.
    """
    if case.state != State.ACCEPTED or _standing(session, case, visit) is None:
        return
    planner = Officer(visit.planned_by or 0, visit.planned_by_name or "", frozenset({"approver"}))
    pausing.resume(session, case_no=case.case_no, officer=planner)


def _reason(step: SpecialStep, visit: SiteVisit) -> str:
    return f"{step.name}安排在{queries.said(visit)}"


def _standing(session: Session, case: Case, visit: SiteVisit) -> CasePause | None:
    pause = pausing.open_pause(session, case_id=case.id)
    return pause if pause is not None and pause.id == visit.pause_id else None


def _days_until(session: Session, day: date, step: SpecialStep) -> int:
    today = clock.today()
    if step.unit == "DAY":
        return (day - today).days
    calendar = working_days.calendar(session)
    days = (date.fromordinal(number) for number in range(today.toordinal() + 1, day.toordinal() + 1))
    return sum(map(calendar.is_working_day, days))
