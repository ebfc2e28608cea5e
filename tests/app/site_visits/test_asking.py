"""What whoever is visited at home may do (上门服务)."""

import pytest
from sqlalchemy import select

from app import clock
from app.cases.errors import CaseNotFound
from app.cases.models import Case
from app.db import unit_of_work
from app.site_visits import asking
from app.site_visits.errors import (
    HomeVisitNotOffered,
    OtherTimeAsked,
    SiteVisitStays,
    TooLateToChangeVisit,
    VisitNotFound,
    VisitOpen,
)
from app.site_visits.models import SiteVisit, VisitKind, VisitState
from tests import case_fixtures
from tests import visit_fixtures as visits
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen

CIVIL = "市民政局"


def ask(citizen_id: int, case_no: str) -> SiteVisit:
    with unit_of_work() as session:
        return asking.ask(
            session,
            citizen_id=citizen_id,
            case_no=case_no,
            address="示例区示例路2号302室",
            wish="上午都在家",
        )


def planned() -> tuple[int, SiteVisit]:
    citizen_id, case_no = visits.an_elder()
    ask(citizen_id, case_no)
    team = [visits.officer(CIVIL, "孙上门"), visits.officer(CIVIL, "李上门")]
    return citizen_id, visits.plan(case_no, team, VisitKind.HOME)


def cancel(citizen_id: int, visit: SiteVisit) -> SiteVisit:
    with unit_of_work() as session:
        return asking.cancel(session, citizen_id=citizen_id, visit_id=visit.id)


def other_time(citizen_id: int, visit: SiteVisit) -> SiteVisit:
    with unit_of_work() as session:
        return asking.ask_other_time(session, citizen_id=citizen_id, visit_id=visit.id, wish="周四下午")


def test_an_elder_asks_and_the_office_sets_a_time() -> None:
    _, visit = planned()

    assert (visit.state, visit.kind, visit.wish) == (VisitState.PLANNED, "home", "上午都在家")
    assert [point.dept_name for point in visits.points(visit)] == [CIVIL, CIVIL]


def test_nobody_asks_for_what_the_guide_does_not_offer_twice_or_for_another() -> None:
    citizen_id, case_no = visits.an_elder()
    ask(citizen_id, case_no)
    with pytest.raises(VisitOpen):
        ask(citizen_id, case_no)
    with pytest.raises(CaseNotFound):
        ask(make_citizen(), case_no)
    case_fixtures.publish_id_lost()
    with pytest.raises(HomeVisitNotOffered):
        ask(citizen_id, case_fixtures.submitted(citizen_id))


def test_another_time_is_asked_for_once() -> None:
    citizen_id, visit = planned()

    assert other_time(citizen_id, visit).other_time == "周四下午"
    with pytest.raises(OtherTimeAsked):
        other_time(citizen_id, visit)


def test_another_time_waits_until_the_office_sets_one() -> None:
    citizen_id, visit = planned()
    assert other_time(citizen_id, visit).wants_other_time == "周四下午"

    team = [visits.officer(CIVIL, "孙上门"), visits.officer(CIVIL, "李上门")]
    with clock.stopped_at(MONDAY.replace(hour=19)):
        assert visits.replan(visit, team, part=3).wants_other_time is None


def test_it_is_called_off_up_to_the_evening_before() -> None:
    citizen_id, visit = planned()
    with clock.stopped_at(MONDAY.replace(hour=20, minute=1)), pytest.raises(TooLateToChangeVisit):
        cancel(citizen_id, visit)
    with clock.stopped_at(MONDAY.replace(hour=19, minute=59)):
        assert cancel(citizen_id, visit).state == VisitState.CANCELLED

    assert cancel(citizen_id, visit).state == VisitState.CANCELLED


def test_a_trip_of_the_office_is_not_the_applicants_to_call_off() -> None:
    case_no = visits.accepted()
    visit = visits.plan(case_no, visits.a_team())
    with unit_of_work() as session:
        citizen_id = session.scalars(select(Case.citizen_id).where(Case.case_no == case_no)).one()
    with pytest.raises(SiteVisitStays):
        cancel(citizen_id, visit)

    assert other_time(citizen_id, visit).state == VisitState.PLANNED


def test_another_persons_visit_is_not_there() -> None:
    _, visit = planned()
    with pytest.raises(VisitNotFound):
        cancel(make_citizen(), visit)


def test_staff_close_the_visit_at_home_with_photos() -> None:
    citizen_id, case_no = visits.an_elder()
    ask(citizen_id, case_no)
    team = [visits.officer(CIVIL, "孙上门"), visits.officer(CIVIL, "李上门")]
    visit = visits.plan(case_no, team, VisitKind.HOME)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
        visits.photograph(visit, team[0], str(visits.points(visit)[0].id))
        visits.photograph(visit, team[0])
        assert visits.close(visit, team[0], applicant="王小明").state == VisitState.DONE
