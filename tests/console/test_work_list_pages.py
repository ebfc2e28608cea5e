"""The work list as pages: masked, urgent first, going on by a mark."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def front_desk(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.FRONT_DESK)


def text(clerk: Browser, path: str) -> str:
    answered = clerk.get(path)
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
        "view=submitted&after=MjAyNi0wMS0wMSAx",  # a day where a moment belongs
        "view=accepted&after=bm93IDE",
        "view=closed&after=" + "x" * 200,
        "view=everything",
    ],
)
def test_a_page_that_cannot_be_found_is_told(front_desk: Browser, query: str) -> None:
    answered = front_desk.get(f"/console/cases?{query}")

    assert (answered.status_code, answered.mimetype) == (422, "text/html")
