"""Promises that are looked into, through the pages (承诺核查)."""

from datetime import timedelta

import pytest

from app.clock import stopped_at
from app.staff.models import Role
from tests import case_fixtures, promise_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.promise_fixtures import check_of, granted, object_to, promising_item
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
LIST = "/console/promise-checks"


@pytest.fixture
def case_no() -> str:
    publish(promising_item())
    return granted(case_fixtures.citizen())


@pytest.fixture
def front_desk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


def address(case_no: str, what: str) -> str:
    return f"{LIST}/{check_of(case_no).check.id}/{what}"


def test_a_finding_needs_what_was_seen_and_leaves_the_list_when_it_is_so(
    case_no: str, front_desk: Browser
) -> None:
    assert case_no in front_desk.get(LIST).get_data(as_text=True)
    unsaid = front_desk.post(address(case_no, "finding"), met="yes", evidence="")
    front_desk.post(address(case_no, "finding"), met="yes", evidence="公安数据一致")

    assert unsaid.status_code == 422
    assert case_no not in front_desk.get(LIST).get_data(as_text=True)
    assert "promise_checked" in desk.actions()


def test_an_objection_is_settled_by_another_approver(
    case_no: str, front_desk: Browser, app: YimaFlask
) -> None:
    front_desk.post(address(case_no, "finding"), met="no", evidence="查无此事")
    object_to(case_no)
    approver = browser(app.test_client(), Role.APPROVER, name="李审批")
    page = approver.get(LIST).get_data(as_text=True)
    form = {"to": "revoked", "reason": "申辩不成立"}
    unfounded = approver.post(address(case_no, "settlement"), **form)
    approver.post(address(case_no, "settlement"), **form, legal_basis="行政许可法第六十九条")

    assert "登记有误，已向派出所更正" in page
    assert unfounded.status_code == 422
    assert check_of(case_no).check.state == "revoked"


def test_the_front_desk_settles_nothing(case_no: str, front_desk: Browser) -> None:
    front_desk.post(address(case_no, "finding"), met="no", evidence="查无此事")

    assert front_desk.post(address(case_no, "settlement"), to="cleared", reason="x").status_code == 403


def test_while_one_may_object_nothing_is_settled(case_no: str, app: YimaFlask) -> None:
    promise_fixtures.find(case_no)
    with stopped_at(MONDAY + timedelta(days=1)):
        approver = browser(app.test_client(), Role.APPROVER, name="李审批")
        early = approver.post(address(case_no, "settlement"), to="corrected", reason="x")

    assert early.status_code == 409
