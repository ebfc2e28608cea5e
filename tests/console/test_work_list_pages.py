"""The work list as pages: masked, urgent first, going on by a mark."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import unit_of_work
from app.people import phones
from app.people import queries as people
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def front_desk(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.FRONT_DESK)


def text(front_desk: Browser, path: str) -> str:
    answered = front_desk.get(path)
    assert answered.status_code == 200
    return answered.get_data(as_text=True)


def test_the_work_list_shows_the_urgent_ones_and_goes_on(front_desk: Browser) -> None:
    made = []
    for days in range(22):
        with clock.stopped_at(MONDAY - timedelta(days=30 - days)):
            made.append(desk.submitted(task_code=MARRY))
    first = text(front_desk, "/console/cases")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(front_desk, following)

    assert [number in first for number in made] == [True] * 20 + [False] * 2
    assert [number in second for number in made] == [False] * 20 + [True] * 2
    assert "王小明" not in first
    assert "**明" in first


@pytest.mark.parametrize(
    "query",
    [
        "view=submitted&after=!!!",
        "view=submitted&after=AAAA",
        "view=decided&after=MjAyNi0wMS0wMSAx",  # a day where a moment belongs
        "view=accepted&after=bm93IDE",
        "view=closed&after=" + "x" * 200,
        "view=everything",
    ],
)
def test_a_page_that_cannot_be_found_is_told(front_desk: Browser, query: str) -> None:
    answered = front_desk.get(f"/console/cases?{query}")

    assert (answered.status_code, answered.mimetype) == (422, "text/html")


def with_phone(name: str, phone: str) -> str:
    """A case of a citizen who has bound a phone; its number."""
    citizen_id = make_citizen(name)
    with unit_of_work() as session:
        citizen = people.citizen(session, citizen_id=citizen_id)
        citizen.phone, citizen.phone_index = phone, phones.index(phone)
    return case_fixtures.submitted(citizen_id)


def shown_after(front_desk: Browser, **form: str) -> str:
    """The list after a search; the address it led to holds no number."""
    answered = front_desk.post("/console/cases", **form)
    assert answered.status_code == 303
    assert "138" not in answered.headers["Location"]
    return front_desk.get(answered.headers["Location"]).text


def test_the_list_is_narrowed_by_an_item(front_desk: Browser) -> None:
    police, marriage = desk.submitted(), desk.submitted(task_code=MARRY)

    for item in ("结婚", MARRY, MARRY.lower()):
        page = front_desk.get(f"/console/cases?view=submitted&item={item}").text
        assert (marriage in page, police in page) == (True, False), item
        assert "<b>1</b><span>待受理</span>" in page
    assert "没有符合条件的办件" in front_desk.get("/console/cases?view=submitted&item=%25").text


def test_the_list_is_narrowed_by_the_applicants_phone(front_desk: Browser) -> None:
    own, other = with_phone("林晓", "13800138000"), desk.submitted()
    page = shown_after(front_desk, view="submitted", phone="138 0013 8000")

    assert (own in page, other in page) == (True, False)
    assert "只看这位申请人" in page
    assert own in front_desk.get("/console/cases?view=submitted").text
    assert [(entry.action, entry.citizen_id is None) for entry in desk.audited()] == [
        ("applicant_searched", False)
    ]


def test_a_search_that_finds_nobody_is_written_down_too(front_desk: Browser) -> None:
    assert "没有符合条件的办件" in shown_after(front_desk, view="submitted", phone="13800138001")
    assert [(entry.action, entry.subject) for entry in desk.audited()] == [
        ("applicant_searched", "citizen:none")
    ]


def test_a_number_that_is_none_comes_back_to_be_mended(front_desk: Browser) -> None:
    answered = front_desk.post("/console/cases", view="submitted", phone="1380013", item="结婚")

    assert answered.status_code == 422
    assert 'value="1380013"' in answered.text
    assert 'value="结婚"' in answered.text
    assert desk.actions() == []


def test_the_address_of_a_search_means_nobody_elsewhere(front_desk: Browser, app: YimaFlask) -> None:
    with_phone("林晓", "13800138000")
    address = front_desk.post("/console/cases", phone="13800138000").headers["Location"]
    colleague = browser(app.test_client(), Role.FRONT_DESK)

    assert front_desk.get(address).status_code == 200
    assert colleague.get(address).status_code == 422


@pytest.mark.parametrize("applicant", ["x", "%00", "%F0%9F%98%80", "A" * 84, "====", "AQ"])
def test_a_mark_that_is_none_of_ours_is_refused(front_desk: Browser, applicant: str) -> None:
    assert front_desk.get(f"/console/cases?applicant={applicant}").status_code == 422


@pytest.mark.parametrize("form", [{"view": "x"}, {"item": "a\x00b"}, {"item": "长" * 200}, {}])
def test_an_odd_search_shows_a_list(front_desk: Browser, form: dict[str, str]) -> None:
    assert front_desk.get(front_desk.post("/console/cases", **form).headers["Location"]).status_code in {
        200,
        422,
    }


def test_a_search_keeps_its_conditions_from_view_to_view(front_desk: Browser) -> None:
    page = front_desk.get("/console/cases?view=submitted&item=%E7%BB%93%E5%A9%9A").text

    assert 'href="/console/cases?view=overdue&amp;item=%E7%BB%93%E5%A9%9A"' in page
    assert 'hx-get="/console/cases?view=overdue&amp;item=%E7%BB%93%E5%A9%9A"' in page
