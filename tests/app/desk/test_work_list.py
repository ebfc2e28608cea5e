"""The work list: what is urgent first, one's own department only, never an N+1."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.cases import queries as case_queries
from app.cases.errors import CaseNotFound
from app.cases.models import Case
from app.db import unit_of_work
from app.desk import duties, work
from app.desk.in_order import Mark
from app.desk.work import Line, View
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import on_duty

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk(city: None) -> OnDuty:
    del city
    return on_duty(Role.FRONT_DESK)


def page(
    clerk: OnDuty, view: View, *, after: Mark | None = None, limit: int = 20
) -> tuple[list[Line], Mark | None]:
    with unit_of_work() as session:
        return work.page(session, clerk=clerk, view=view, after=after, limit=limit)


def numbers(clerk: OnDuty, view: View) -> list[str]:
    return [line.case_no for line in page(clerk, view)[0]]


def test_who_handed_in_first_is_served_first(clerk: OnDuty) -> None:
    later = desk.submitted()
    with clock.stopped_at(MONDAY - timedelta(days=1)):
        earlier = desk.submitted()

    assert numbers(clerk, View.SUBMITTED) == [earlier, later]


def test_what_is_due_first_comes_first(clerk: OnDuty) -> None:
    late, fresh = desk.accepted(days_ago=20), desk.accepted()
    with unit_of_work() as session:
        limits = {
            line.case_no: line.due_in for line in work.page(session, clerk=clerk, view=View.ACCEPTED)[0]
        }

    assert numbers(clerk, View.ACCEPTED) == [late, fresh]
    assert (limits[late] or 0) < 0 < (limits[fresh] or 0)


def test_each_case_is_in_the_views_it_belongs_to(clerk: OnDuty) -> None:
    made = {
        View.SUBMITTED: desk.submitted(),
        View.OVERDUE: desk.accepted(days_ago=60),
        View.DECIDED: desk.decided(),
        View.CLOSED: desk.closed(),
    }
    with unit_of_work() as session:
        counts = work.counts(session, clerk=clerk)

    assert {view: numbers(clerk, view) for view in made} == {view: [number] for view, number in made.items()}
    assert numbers(clerk, View.ACCEPTED) == [made[View.OVERDUE]]
    assert counts == {
        View.SUBMITTED: 1,
        View.ACCEPTED: 1,
        View.YELLOW: 0,
        View.RED: 0,
        View.DUE_TODAY: 0,
        View.OVERDUE: 1,
        View.OWED: 0,
        View.DECIDED: 1,
    }


def test_the_colours_of_the_list_follow_the_working_days(clerk: OnDuty) -> None:
    case_no = desk.accepted()
    seen = []
    for day in (date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)):
        with clock.stopped_at(MONDAY + (day - MONDAY.date())):
            (line,) = page(clerk, View.ACCEPTED)[0]
            views = [view for view in (View.YELLOW, View.RED) if numbers(clerk, view) == [case_no]]
            seen.append((line.limit_words, views))

    assert seen == [
        ("正常，还有3个工作日", []),
        ("黄色预警，还有2个工作日", [View.YELLOW]),
        ("红色预警，还有1个工作日", [View.RED]),
        ("红色预警，今天到期", [View.RED]),
    ]


def test_a_case_is_due_today_on_its_last_day(clerk: OnDuty) -> None:
    case_no = desk.accepted()
    due = page(clerk, View.ACCEPTED)[0][0].promised_due_on
    assert due is not None
    with clock.stopped_at(MONDAY + (due - MONDAY.date())):
        assert numbers(clerk, View.DUE_TODAY) == [case_no]
        assert numbers(clerk, View.OVERDUE) == []
    with clock.stopped_at(MONDAY + (due - MONDAY.date()) + timedelta(days=1)):
        assert numbers(clerk, View.OVERDUE) == [case_no]


@pytest.mark.parametrize("view", [View.SUBMITTED, View.CLOSED])
def test_pages_show_each_case_once_also_when_many_came_at_one_moment(clerk: OnDuty, view: View) -> None:
    made = {(desk.submitted if view is View.SUBMITTED else desk.closed)() for _ in range(5)}
    seen, after = [], None
    for _ in range(3):
        lines, after = page(clerk, view, after=after, limit=2)
        seen += [line.case_no for line in lines]

    assert after is None
    assert (len(seen), set(seen)) == (5, made)


def test_a_clerk_sees_the_cases_of_their_department_alone() -> None:
    police, marriage = desk.submitted(), desk.submitted(task_code=MARRY)
    by_name = on_duty(Role.FRONT_DESK, department=desk.POLICE)
    by_code = on_duty(Role.FRONT_DESK, department="11350100MB99000213")
    supervisor = on_duty(Role.SUPERVISOR, department=desk.POLICE)

    assert numbers(by_name, View.SUBMITTED) == [police]
    assert numbers(by_code, View.SUBMITTED) == [marriage]
    assert set(numbers(supervisor, View.SUBMITTED)) == {police, marriage}


def test_a_department_whose_name_is_its_code_has_each_case_once() -> None:
    marriage = desk.submitted(task_code=MARRY)
    clerk = on_duty(Role.FRONT_DESK, department="11350100MB99000213")
    with unit_of_work() as session:
        session.execute(update(Case).values(dept_name=Case.dept_code))
        counted = work.counts(session, clerk=clerk)[View.SUBMITTED]

    assert (numbers(clerk, View.SUBMITTED), counted) == ([marriage], 1)


@pytest.mark.parametrize("department", [None, desk.POLICE, "11350100MB99000213", "市教育局"])
def test_the_list_shows_just_what_may_be_opened(department: str | None) -> None:
    made = [desk.submitted(), desk.submitted(task_code=MARRY)]
    clerk = on_duty(Role.FRONT_DESK, department=department)
    opened = []
    for case_no in made:
        try:
            with unit_of_work() as session:
                case_queries.for_clerk(session, officer=duties.officer(clerk), case_no=case_no)
            opened.append(case_no)
        except CaseNotFound:
            continue

    assert numbers(clerk, View.SUBMITTED) == opened


def test_a_draft_is_nobodys_work(clerk: OnDuty) -> None:
    case_fixtures.start(make_citizen())

    assert all(numbers(clerk, view) == [] for view in View)


def test_the_applicant_is_masked_and_what_is_owed_is_shown(clerk: OnDuty) -> None:
    desk.accepted(paid=False)
    line = page(clerk, View.ACCEPTED)[0][0]

    assert (line.applicant, line.owed_fen) == ("**明", 4000)


def test_a_longer_list_takes_no_more_statements(clerk: OnDuty, statements: list[str]) -> None:
    desk.accepted(paid=False)
    statements.clear()
    page(clerk, View.ACCEPTED)
    one = len(statements)
    for _ in range(4):
        desk.accepted(paid=False)
    statements.clear()
    page(clerk, View.ACCEPTED)

    assert len(statements) == one <= 6


def test_counting_stops_where_it_says_no_more(clerk: OnDuty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "COUNTED_TO", 1)
    for _ in range(3):
        desk.submitted()
    with unit_of_work() as session:
        assert work.counts(session, clerk=clerk)[View.SUBMITTED] == 2
