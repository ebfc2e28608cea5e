"""What a department was asked, at the desk (征求意见)."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.cases.forms import FormField
from app.cases.forms import Kind as FieldKind
from app.cases.models import Case
from app.cases.opinion_models import OpinionRequest
from app.cases.overview import FieldView
from app.desk import opinions as rules
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests import opinion_fixtures as opinions
from tests.opinion_fixtures import PLANNING, POLICE, asked
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


def lead(client: FlaskClient) -> Browser:
    return browser(client, Role.APPROVER, department="市城市管理局")


def test_a_department_sees_what_it_was_asked_and_no_numbers(client: FlaskClient) -> None:
    case_no = opinions.accepted(asked(POLICE, materials=["ROAD-OCCUPY-M02"]))
    request = opinions.requests(case_no)[POLICE]
    police = browser(client, Role.APPROVER, department=POLICE)
    page = police.get(f"/console/opinions/{request.id}").text

    assert "占用位置对交通安全的影响" in police.get("/console/opinions").text
    assert "占用位置图和平面布置" in page
    assert "营业执照" not in page
    assert case_fixtures.CITIZEN_NUMBER not in page
    assert police.get(f"/console/cases/{case_no}").status_code == 404
    assert "opinion_viewed" in desk.actions()


def asked_page(client: FlaskClient, **rule: Any) -> str:
    request = opinions.requests(opinions.accepted(asked(POLICE, **rule)))[POLICE]
    return browser(client, Role.APPROVER, department=POLICE).get(f"/console/opinions/{request.id}").text


def test_a_number_is_masked_for_a_department_that_judges_the_matter_alone(client: FlaskClient) -> None:
    page, number = asked_page(client), case_fixtures.CITIZEN_NUMBER

    assert number[0] + "*" * 16 + number[-1] in page
    assert (number in page, "13800000000" in page) == (False, False)


def test_a_department_that_looks_something_up_by_the_number_sees_it_whole(client: FlaskClient) -> None:
    page = asked_page(client, number_why="查机动车登记记录")

    assert case_fixtures.CITIZEN_NUMBER in page
    assert "完整的证件号码只用于查机动车登记记录" in page
    assert "13800000000" not in page
    assert "opinion_viewed" in desk.actions()


@pytest.mark.parametrize(
    ("key", "kind", "company", "why", "seen"),
    [
        ("id_number", FieldKind.CITIZEN_NUMBER, None, "", "1******X"),
        ("id_number", FieldKind.CITIZEN_NUMBER, None, "查婚姻登记", "1234567X"),
        ("id_number", FieldKind.CITIZEN_NUMBER, 1, "查婚姻登记", "1******X"),
        ("spouse_number", FieldKind.CITIZEN_NUMBER, None, "查婚姻登记", "1234567X"),
        ("phone", FieldKind.PHONE, None, "查婚姻登记", ""),
        ("account_number", FieldKind.TEXT, None, "查婚姻登记", ""),
        ("organisation_code", FieldKind.ORGANISATION_CODE, 1, "", "1234567X"),
        ("address", FieldKind.TEXT, None, "", "1234567X"),
    ],
)
def test_of_each_field_a_department_sees_what_it_needs(
    key: str, kind: FieldKind, company: int | None, why: str, seen: str
) -> None:
    view = FieldView(FormField(key, "一项", kind), "1234567X", None, [])
    shown = rules.shown(OpinionRequest(number_why=why), Case(organisation_id=company), view)

    assert shown == seen


def test_what_is_over_shows_nobodys_facts_any_more(client: FlaskClient) -> None:
    case_no = opinions.accepted(asked(POLICE, materials=["ROAD-OCCUPY-M02"]))
    request = opinions.requests(case_no)[POLICE]
    police = browser(client, Role.APPROVER, department=POLICE)
    assert "占用位置图和平面布置" in police.get(f"/console/opinions/{request.id}").text
    opinions.give(request)
    page = police.get(f"/console/opinions/{request.id}").text

    assert "征求意见已经结束" in page
    assert "占用位置图和平面布置" not in page


def test_it_answers_and_the_lead_sees_the_answer(client: FlaskClient) -> None:
    case_no = opinions.accepted()
    address = f"/console/opinions/{opinions.requests(case_no)[POLICE].id}"
    police = browser(client, Role.APPROVER, department=POLICE)
    said = {"answer": "objects", "said": "占用了消防车通道"}
    refused = police.post(address, **said)
    police.post(address, **said, legal_basis="《消防法》第二十八条")

    assert (refused.status_code, "不同意的要写明法律依据" in refused.text) == (422, True)
    assert "占用了消防车通道" in refused.text
    assert "占用了消防车通道" in lead(client).get(f"/console/cases/{case_no}").text
    assert "opinion_given" in desk.actions()


def test_the_lead_is_not_offered_a_grant_until_all_opinions_are_in(client: FlaskClient) -> None:
    case_no = opinions.accepted()
    page = lead(client).get(f"/console/cases/{case_no}").text
    offered = page.split("决定</legend>")[1].split("</fieldset>")[0]

    assert 'value="no"' in offered
    assert 'value="yes"' not in offered
    assert "到期不回复视为无异议" in page


def test_the_lead_asks_a_department_no_more_and_says_why(client: FlaskClient) -> None:
    case_no = opinions.accepted()
    request, clerk = opinions.requests(case_no)[PLANNING], lead(client)
    address = f"/console/cases/{case_no}/opinions/{request.id}/take-back"

    assert clerk.post(address, why="").status_code == 422
    assert clerk.post(address, why="不涉及地下管线").status_code == 303
    assert "不涉及地下管线" in clerk.get(f"/console/cases/{case_no}").text
    planning = browser(client, Role.APPROVER, department=PLANNING).get(f"/console/opinions/{request.id}").text
    assert ("原因：不涉及地下管线" in planning, "前回复" in planning) == (True, False)


def test_a_photo_that_was_not_named_is_not_there(client: FlaskClient) -> None:
    request = opinions.requests(opinions.accepted())[POLICE]
    police = browser(client, Role.APPROVER, department=POLICE)

    assert police.get(f"/console/opinions/{request.id}/photos/1").status_code == 404
