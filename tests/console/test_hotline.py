"""Complaints at the desk: who sees and answers what, and what is kept from whom."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app import clock, db
from app.complaints.kinds import Kind
from app.complaints.models import Complaint
from app.db import unit_of_work
from app.desk import hotline
from app.desk.errors import NotYourDuty
from app.desk.hotline import View
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.case_fixtures import FRONT_DESK
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import complain, owner_of
from tests.staff_fixtures import Browser, browser, on_duty

pytestmark = pytest.mark.usefixtures("city")
ANSWER = "已经联系窗口改正"


@pytest.fixture
def supervisor(client: FlaskClient, city: None) -> Browser:
    # Numbers of clerks that have worked on no case: the fixtures' officers are 1 to 3.
    for _ in range(3):
        browser(client, Role.FRONT_DESK)
    return browser(client, Role.SUPERVISOR)


def read(clerk: Browser, path: str) -> str:
    answered = clerk.get(path)
    assert answered.status_code == 200, answered.get_data(as_text=True)
    return answered.get_data(as_text=True)


def about_a_case(kind: Kind = Kind.CANNOT_GET_DONE) -> tuple[str, str]:
    """The number of a complaint about an accepted case, and the case's."""
    case_no = desk.accepted()
    return complain(owner_of(case_no), kind, case_no=case_no).complaint_no, case_no


def now(complaint_no: str) -> tuple[str, str | None]:
    with unit_of_work() as session:
        asked = select(Complaint).where(Complaint.complaint_no == complaint_no)
        found = session.scalars(asked).one()
        return found.state, found.dept_name


def test_the_list_shows_what_is_due_first(supervisor: Browser) -> None:
    with clock.stopped_at(MONDAY - timedelta(days=10)):
        late = complain(make_citizen(), Kind.CANNOT_GET_DONE, text="系统说我不是本市人<b>").complaint_no
    fresh, _ = about_a_case()
    page = read(supervisor, "/console/hotline")

    assert page.index(late) < page.index(fresh)
    assert "系统说我不是本市人&lt;b&gt;" in page
    assert all(words in page for words in ("办不成事", "待转办", POLICE, "1 件超期"))


def test_an_answer_ends_it_and_is_written_down(supervisor: Browser) -> None:
    number, _ = about_a_case()
    sent = supervisor.post(f"/console/hotline/{number}/answer", text=ANSWER, final="yes")

    assert sent.headers["Location"] == f"/console/hotline/{number}?done=answered"
    assert ANSWER in read(supervisor, sent.headers["Location"])
    assert number in read(supervisor, "/console/hotline?view=answered")
    assert desk.actions() == ["complaint_answered", "complaint_viewed", "complaints_listed"]


def test_how_it_goes_on_is_told_without_ending_it(supervisor: Browser) -> None:
    number, _ = about_a_case()
    sent = supervisor.post(f"/console/hotline/{number}/answer", text="已转给窗口核实", final="no")

    assert (sent.headers["Location"][-9:], now(number)[0]) == ("done=told", "received")


def test_what_was_typed_is_kept_when_it_is_refused(supervisor: Browser) -> None:
    number, _ = about_a_case()
    refused = supervisor.post(f"/console/hotline/{number}/answer", text="收到", final="yes")

    assert refused.status_code == 422
    assert all(words in refused.get_data(as_text=True) for words in ("至少五个字", ">收到</textarea>"))


def test_what_somebody_else_has_answered_is_shown_as_it_is(supervisor: Browser) -> None:
    number, _ = about_a_case()
    path = f"/console/hotline/{number}/answer"
    supervisor.post(path, text=ANSWER, final="yes")
    refused = supervisor.post(path, text="我也答复一下", final="yes")

    assert (refused.status_code, "已经答复" in refused.get_data(as_text=True)) == (409, True)


def test_a_supervisor_passes_it_on_to_the_department_that_then_sees_it(
    client: FlaskClient, supervisor: Browser
) -> None:
    number = complain(make_citizen()).complaint_no
    unknown = supervisor.post(f"/console/hotline/{number}/pass-on", department="市没有局")
    supervisor.post(f"/console/hotline/{number}/pass-on", department=CIVIL_AFFAIRS)
    approver = browser(client, Role.APPROVER, department=CIVIL_AFFAIRS)

    assert (unknown.status_code, now(number)[1]) == (422, CIVIL_AFFAIRS)
    assert approver.post(f"/console/hotline/{number}/answer", text=ANSWER, final="yes").status_code == 303


def test_a_foreign_department_sees_nothing(client: FlaskClient) -> None:
    number, _ = about_a_case()
    loose = complain(make_citizen()).complaint_no
    elsewhere = browser(client, Role.APPROVER, department=CIVIL_AFFAIRS)

    for found in (number, loose, "TS1", "none"):
        assert elsewhere.get(f"/console/hotline/{found}").status_code == 404
        sent = elsewhere.post(f"/console/hotline/{found}/answer", text=ANSWER, final="yes")
        assert sent.status_code == 404
    assert "没有等着答复" in read(elsewhere, "/console/hotline")


def test_an_approver_answers_and_passes_nothing_on(client: FlaskClient) -> None:
    clerk, (number, _) = browser(client, Role.APPROVER, department=POLICE), about_a_case()

    assert "pass-on" not in read(clerk, f"/console/hotline/{number}")
    refused = clerk.post(f"/console/hotline/{number}/pass-on", department=CIVIL_AFFAIRS)
    assert refused.status_code == 403
    with pytest.raises(NotYourDuty), unit_of_work() as session:
        hotline.pass_on(session, clerk=on_duty(Role.APPROVER), complaint_no=number, department=CIVIL_AFFAIRS)


@pytest.mark.parametrize(("kind", "status"), [(Kind.COMPLAINT, 404), (Kind.CANNOT_GET_DONE, 200)])
def test_a_complaint_is_not_shown_to_whom_it_may_be_about(
    client: FlaskClient, kind: Kind, status: int
) -> None:
    involved = browser(client, Role.APPROVER, department=POLICE)
    assert involved.clerk_id == FRONT_DESK.clerk_id
    number, _ = about_a_case(kind)

    assert involved.get(f"/console/hotline/{number}").status_code == status
    assert (number in read(involved, "/console/hotline")) == (status == 200)


def test_a_case_is_linked_for_whoever_may_read_it(client: FlaskClient, supervisor: Browser) -> None:
    number, case_no = about_a_case()
    before = read(supervisor, f"/console/hotline/{number}")
    supervisor.post(f"/console/hotline/{number}/pass-on", department=CIVIL_AFFAIRS)
    other = read(browser(client, Role.APPROVER, department=CIVIL_AFFAIRS), f"/console/hotline/{number}")

    assert f"/console/cases/{case_no}" in before
    assert case_no not in other


def test_nothing_on_the_pages_names_the_citizen(supervisor: Browser) -> None:
    number, _ = about_a_case()
    pages = read(supervisor, "/console/hotline") + read(supervisor, f"/console/hotline/{number}")

    assert not [name for name in ("王小明", "**明", "13800000000") if name in pages]


def numbers_of(page: str) -> list[str]:
    return re.findall(r'href="/console/hotline/(TS\w+)"', page)


@pytest.mark.parametrize("view", ["open", "answered"])
def test_a_long_list_goes_on_and_loses_none(supervisor: Browser, view: str) -> None:
    made = [complain(make_citizen()).complaint_no for _ in range(22)]
    if view == "answered":
        for number in made:
            supervisor.post(f"/console/hotline/{number}/answer", text=ANSWER, final="yes")
    first = read(supervisor, f"/console/hotline?view={view}")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    shown = numbers_of(first) + numbers_of(read(supervisor, following))

    assert shown == (made if view == "open" else made[::-1])


@pytest.mark.parametrize("query", ["view=everything", "after=!!!", "after=AAAA"])
def test_a_page_that_cannot_be_found_is_told(supervisor: Browser, query: str) -> None:
    assert supervisor.get(f"/console/hotline?{query}").status_code == 422


@pytest.fixture
def statements(city: None) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*asked: object) -> None:
        seen.append(str(asked[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_a_longer_list_takes_no_more_statements(statements: list[str]) -> None:
    clerk = on_duty(Role.SUPERVISOR)

    def asked() -> int:
        statements.clear()
        with unit_of_work() as session:
            hotline.counts(session, clerk=clerk)
            hotline.page(session, clerk=clerk, view=View.OPEN)
        return len(statements)

    about_a_case()
    one = asked()
    for _ in range(3):
        about_a_case()

    assert asked() == one <= 5


def test_a_companys_demand_goes_round_the_departments(client: FlaskClient, supervisor: Browser) -> None:
    made = complain(make_citizen(), Kind.COMPANY_DEMAND, text="门口的路没有修", organisation="示例机械公司")
    path = f"/console/hotline/{made.complaint_no}"
    assert "示例机械公司" in read(supervisor, path)
    assert supervisor.post(f"{path}/ask", lead=POLICE, others=CIVIL_AFFAIRS).status_code == 303
    again = read(supervisor, path)
    assert "发给企业" in again
    assert f'value="{CIVIL_AFFAIRS}"' not in again  # asked already
    asked = browser(client, Role.APPROVER, department=CIVIL_AFFAIRS)
    page = read(asked, path)
    code = re.search(r'name="dept_code" value="(\w+)"', page)
    assert code is not None
    assert asked.post(f"{path}/answer", text=ANSWER, final="yes").status_code == 409
    assert asked.post(f"{path}/part", dept_code=code[1], text="下月动工").status_code == 422
    assert asked.post(f"{path}/part", dept_code=code[1], text="下个月就动工").status_code == 303
    assert asked.post(f"{path}/part", dept_code=code[1], text="下个月就动工").status_code == 409
    assert now(made.complaint_no) == ("received", POLICE)


def test_who_is_not_asked_does_not_see_a_demand_nor_ask(client: FlaskClient) -> None:
    made = complain(make_citizen(), Kind.COMPANY_DEMAND, organisation="示例机械公司")
    elsewhere = browser(client, Role.APPROVER, department=CIVIL_AFFAIRS)
    path = f"/console/hotline/{made.complaint_no}"
    assert elsewhere.get(path).status_code == 404
    assert elsewhere.post(f"{path}/ask", lead=POLICE).status_code == 403
    assert elsewhere.post(f"{path}/part", dept_code="x", text=ANSWER).status_code == 404
