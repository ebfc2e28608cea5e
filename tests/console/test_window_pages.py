"""The window's pages: scan, who is here, today's list."""

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def front_desk(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.FRONT_DESK, centre_id="C01")


def test_a_scanned_code_opens_what_is_theirs(front_desk: Browser) -> None:
    citizen_id = make_citizen("王小明")
    case_no = case_fixtures.submitted(citizen_id)
    case_fixtures.accept(case_no)
    visit = desk.visit(citizen_id)
    content = desk.personal_code(citizen_id)
    answers = [front_desk.post("/console/scan", content=content) for _ in range(2)]
    shown = front_desk.get(answers[0].headers["Location"]).get_data(as_text=True)

    assert [answer.headers["Location"] for answer in answers] == ["/console/guests/1"] * 2
    for word in ("王小明", case_no, "40.00 元", f"/console/appointments/{visit.id}/check-in"):
        assert word in shown


def test_a_scanned_appointment_is_checked_in_and_shown(front_desk: Browser) -> None:
    visit = desk.visit(make_citizen("王小明"))
    answers = [front_desk.post("/console/scan", content=visit.code) for _ in range(2)]
    shown = front_desk.get(answers[0].headers["Location"]).get_data(as_text=True)

    assert [answer.headers["Location"] for answer in answers] == [
        f"/console/appointments?came={visit.id}"
    ] * 2
    assert "**明 已签到" in shown
    assert "已到 1 人" in shown


def test_a_typed_case_number_opens_the_case(front_desk: Browser) -> None:
    case_no = desk.submitted()

    assert (
        front_desk.post("/console/scan", content=case_no).headers["Location"] == f"/console/cases/{case_no}"
    )


@pytest.mark.parametrize(("content", "status"), [("", 404), ("你好", 404), ("A" * 22, 404), ("A" * 114, 404)])
def test_what_cannot_be_read_is_a_page_that_says_so(front_desk: Browser, content: str, status: int) -> None:
    answered = front_desk.post("/console/scan", content=content)

    assert (answered.status_code, answered.mimetype) == (status, "text/html")


def test_a_huge_scan_is_refused_before_it_is_read(front_desk: Browser) -> None:
    answered = front_desk.post("/console/scan", content="x" * 70_000)

    assert (answered.status_code, answered.mimetype) == (413, "text/html")


def test_today_is_listed_for_the_clerks_own_hall(front_desk: Browser) -> None:
    visit = desk.visit(make_citizen("王小明"))
    desk.visit(make_citizen("李四"), centre_id="C03")
    shown = front_desk.get("/console/appointments?centre=C03").get_data(as_text=True)

    assert "**明" in shown
    assert "*四" not in shown
    assert "王小明" not in shown
    assert front_desk.post(f"/console/appointments/{visit.id}/check-in").status_code == 303


def test_a_clerk_of_no_hall_chooses_one(app: YimaFlask) -> None:
    supervisor = browser(app.test_client(), Role.SUPERVISOR)
    visit = desk.visit(make_citizen("李四"), centre_id="C03")
    halls = supervisor.get("/console/appointments").get_data(as_text=True)
    shown = supervisor.get("/console/appointments?centre=C03").get_data(as_text=True)

    assert "/console/appointments?centre=C03" in halls
    assert "*四" in shown
    came = supervisor.post(f"/console/appointments/{visit.id}/check-in").headers["Location"]
    assert came == f"/console/appointments?centre=C03&came={visit.id}"


@pytest.mark.parametrize("path", ["?centre=C99", "?centre=a%00b", "?centre=%27", "/99/check-in"])
def test_a_hall_or_an_appointment_that_is_none_is_not_found(client: FlaskClient, path: str) -> None:
    supervisor = browser(client, Role.SUPERVISOR)
    method = supervisor.post if path.endswith("check-in") else supervisor.get

    assert method(f"/console/appointments{path}").status_code == 404


def test_another_clerks_guest_is_not_found(front_desk: Browser, app: YimaFlask) -> None:
    guest = front_desk.post("/console/scan", content=desk.personal_code(make_citizen())).headers["Location"]
    other = browser(app.test_client(), Role.FRONT_DESK)

    assert front_desk.get(guest).status_code == 200
    assert other.get(guest).status_code == 404


def test_a_cashier_is_shown_what_is_owed_and_no_case(client: FlaskClient) -> None:
    citizen_id = make_citizen("王小明")
    case_no = case_fixtures.submitted(citizen_id)
    case_fixtures.accept(case_no)
    cashier = browser(client, Role.CASHIER)
    guest = cashier.post("/console/scan", content=desk.personal_code(citizen_id)).headers["Location"]
    shown = cashier.get(guest).get_data(as_text=True)

    assert "40.00 元" in shown
    assert case_no not in shown
    assert cashier.post("/console/scan", content=case_no).status_code == 403
