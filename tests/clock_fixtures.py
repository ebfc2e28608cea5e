"""Cases whose clock can stand: a food licence with a site check that is not counted (时限夹具)."""

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.cases import extending, pausing
from app.cases.clock_models import CaseClockEvent, CaseExtension, CasePause
from app.cases.models import Case
from app.cases.officers import Officer
from app.db import unit_of_work
from tests import case_fixtures
from tests.case_fixtures import APPROVER
from tests.catalogue_fixtures import item, publish

FOOD = item("food-permit")["task_code"]
SITE_CHECK = "EXAM"
WHY = "需要到店里看加工间的布局"


def publish_food(**changes: Any) -> None:
    """The food licence: five working days promised, ten by law, a site check of three besides."""
    publish(item("food-permit", **changes))


def accepted(**changes: Any) -> str:
    """A case of the food licence that was just accepted; its number."""
    publish_food(**changes)
    return case_fixtures.accepted(case_fixtures.citizen(), FOOD)


def on(day: date, hour: int = 10) -> AbstractContextManager[None]:
    """The clock stands still on a day in the city."""
    return clock.stopped_at(datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI))


def pause(case_no: str, officer: Officer = APPROVER, **said: Any) -> CasePause:
    """Stop the clock for the site check."""
    words: dict[str, Any] = {"kind": SITE_CHECK, "days": 3, "reason": WHY, **said}
    with unit_of_work() as session:
        return pausing.pause(session, case_no=case_no, officer=officer, **words)


def resume(case_no: str, officer: Officer = APPROVER) -> CasePause:
    """Let it run again."""
    with unit_of_work() as session:
        return pausing.resume(session, case_no=case_no, officer=officer)


def extend(case_no: str, officer: Officer = APPROVER, **said: Any) -> CaseExtension:
    """Extend both limits by ten working days."""
    words: dict[str, Any] = {"days": 10, "reason": WHY, "approved_by": "周局长", **said}
    with unit_of_work() as session:
        return extending.extend(session, case_no=case_no, officer=officer, **words)


def case_of(case_no: str) -> Case:
    """The case as it is stored."""
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def limits_of(case_no: str) -> tuple[date | None, date | None]:
    """What is promised and what the law says."""
    case = case_of(case_no)
    return case.promised_due_on, case.statutory_due_on


def happened(case_no: str) -> list[CaseClockEvent]:
    """What happened to the clock of a case, oldest first."""
    with unit_of_work() as session:
        asked = select(CaseClockEvent).join(Case, Case.id == CaseClockEvent.case_id)
        return list(session.scalars(asked.where(Case.case_no == case_no).order_by(CaseClockEvent.id)))
