"""A fee that a clerk settles after silence has accepted a case."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.cases import upkeep
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def page() -> str:
    """The case of somebody whose fee depends on their situation, and about whom nobody spoke in time."""
    publish(item("id-renew"))
    case_no = case_fixtures.submitted(make_citizen("王小明"), item("id-renew")["task_code"])
    with clock.stopped_at(MONDAY + timedelta(days=9)):
        upkeep.deem_accepted()
    return f"/console/cases/{case_no}"


@pytest.fixture
def clerk(client: FlaskClient) -> Browser:
    return browser(client, Role.FRONT_DESK)


def test_the_page_asks_for_the_fee_and_bills_it(clerk: Browser, page: str) -> None:
    assert "确定收费或者减免" in clerk.get(page).text
    answered = clerk.post(f"{page}/bill", fee_code="FEE-ID-RENEW")

    assert answered.headers["Location"].endswith("done=billed")
    assert "缴费20.00元" in clerk.get(page).text
    assert desk.actions()[-2:] == ["case_billed", "case_viewed"]


def test_neither_a_fee_nor_a_waiver_is_no_answer(clerk: Browser, page: str) -> None:
    assert clerk.post(f"{page}/bill").status_code == 422
    assert clerk.post(f"{page}/bill", waived="yes").status_code == 303


def test_what_is_settled_is_not_asked_again(clerk: Browser, page: str) -> None:
    clerk.post(f"{page}/bill", waived="yes")

    assert "确定收费" not in clerk.get(page).text.split("办理经过")[0]
    assert clerk.post(f"{page}/bill", waived="yes").status_code == 409
