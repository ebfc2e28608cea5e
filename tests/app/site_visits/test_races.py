"""Two trips that want the same person at the same time, with the control that has no guard (人员冲突)."""

from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from app.cases.officers import Officer
from app.db import unit_of_work
from app.site_visits import planning
from app.site_visits.errors import StaffBusy, VisitOpen
from app.site_visits.models import SiteVisit, VisitStaff
from tests import visit_fixtures as visits
from tests.races import Meeting, refusals, together


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have chosen their team before one of them takes it."""
    met, team = Meeting(), planning._team

    def chosen(*given: object, **named: object) -> object:
        found = team(*given, **named)  # type: ignore[arg-type]
        met.wait()
        return found

    monkeypatch.setattr(planning, "_team", chosen)


def taken_twice(clerk_id: int) -> int:
    with unit_of_work() as session:
        asked = select(func.count()).select_from(VisitStaff).where(VisitStaff.clerk_id == clerk_id)
        return session.scalar(asked) or 0


def test_nobody_is_promised_to_two_trips_at_once(meeting: None) -> None:
    one, other, team = visits.accepted(), visits.accepted(), visits.a_team()
    results = together(partial(visits.plan, one, team), partial(visits.plan, other, team))

    assert refusals(results, StaffBusy) == 1
    assert taken_twice(team[0].clerk_id) == 1


def test_without_the_index_somebody_is_in_two_places(meeting: None) -> None:
    one, other, team = visits.accepted(), visits.accepted(), visits.a_team()
    with unit_of_work() as session:
        session.execute(text("DROP INDEX uq_site_visit_staff_one_place"))
    try:
        results = together(partial(visits.plan, one, team), partial(visits.plan, other, team))
        assert (refusals(results, StaffBusy), taken_twice(team[0].clerk_id)) == (0, 2)
    finally:
        with unit_of_work() as session:
            session.execute(text("TRUNCATE site_visit_points, site_visit_staff, site_visits CASCADE"))
            session.execute(
                text(
                    "CREATE UNIQUE INDEX uq_site_visit_staff_one_place"
                    " ON site_visit_staff (clerk_id, day, part) WHERE live"
                )
            )


def test_of_two_who_plan_for_one_case_one_does() -> None:
    case_no, team, others = visits.accepted(), visits.a_team(), visits.a_team()
    results = together(partial(visits.plan, case_no, team), partial(visits.plan, case_no, others))

    assert refusals(results, VisitOpen) == 1


def test_the_same_person_goes_elsewhere_at_another_time() -> None:
    one, other, team = visits.accepted(), visits.accepted(), visits.a_team()
    visits.plan(one, team)

    assert visits.plan(other, team, part=2).part == 2


def swapping(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Two trips at the same time send each other's people, and both have let go of their own."""
    team, others = visits.a_team(), visits.a_team()
    one, other = visits.plan(visits.accepted(), team), visits.plan(visits.accepted(), others)
    met, take = Meeting(), planning._take_staff

    def taking(*given: object, **named: object) -> object:
        met.wait()
        return take(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "_take_staff", taking)
    return together(partial(replanned, one, others), partial(replanned, other, team))


def replanned(visit: SiteVisit, team: list[Officer]) -> object:
    try:
        return visits.replan(visit, team)
    except OperationalError as deadlock:
        return deadlock


def test_two_trips_that_swap_their_people_wait_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusals(swapping(monkeypatch), StaffBusy) == 2


def test_without_holding_the_people_they_wait_for_each_other_in_a_circle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "_hold_clerks", lambda *_: None)

    assert any(isinstance(result, OperationalError) for result in swapping(monkeypatch))
