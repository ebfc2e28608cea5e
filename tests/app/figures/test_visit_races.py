"""Two visits that are counted at the same moment."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.appointments import service as appointments
from app.appointments.events import AppointmentCheckedIn
from app.cases.models import Case
from app.db import unit_of_work
from app.figures import visits
from app.figures.models import CaseVisits
from tests.app.appointments.books import book
from tests.case_fixtures import accepted
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY, make_slot
from tests.races import Meeting, together


def came(citizen_id: int, *, days: int) -> int:
    """An appointment some days after MONDAY at which the citizen came; its id."""
    at = MONDAY + timedelta(days=days, hours=2)
    visit = book(citizen_id, make_slot(at=at), ID_LOST)
    with clock.stopped_at(at), unit_of_work() as session:
        appointments.check_in(session, code=visit.code)
    return visit.id


def count_both(citizen_id: int, monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """Count two visits of one case in two threads that meet between looking and writing; what is kept."""
    came_first, came_then = came(citizen_id, days=1), came(citizen_id, days=2)
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(CaseVisits(case_id=case_id, task_code=ID_LOST, promised=5, days=[]))
    meeting, add = Meeting(), visits._add

    def add_after_meeting(*arguments: Any) -> None:
        meeting.wait()
        add(*arguments)

    monkeypatch.setattr(visits, "_add", add_after_meeting)

    def count(appointment_id: int) -> None:
        with unit_of_work() as session:
            visits.note_check_in(session, AppointmentCheckedIn(appointment_id))

    together(lambda: count(came_first), lambda: count(came_then))
    with unit_of_work() as session:
        return session.scalars(select(CaseVisits.days)).one()


def test_two_visits_at_once_are_both_kept(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(citizen)
    assert len(count_both(citizen, monkeypatch)) == 2


def test_control_without_the_lock_one_visit_is_lost(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(citizen)

    def unlocked(session: Any, *conditions: Any) -> list[Case]:
        return list(session.scalars(select(Case).where(*conditions).order_by(Case.id)))

    monkeypatch.setattr(visits, "_locked", unlocked)
    assert len(count_both(citizen, monkeypatch)) == 1
