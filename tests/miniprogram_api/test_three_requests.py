"""一看就能懂、一点就能办: from the guide, three requests lead to a submitted case."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import unit_of_work
from app.people.models import Citizen
from tests.case_fixtures import CITIZEN_NUMBER
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner

TEMPORARY, LOST = item("id-temp")["task_code"], item("id-lost")["task_code"]
ANSWERS = {"applied": "yes", "here": "yes"}
REST = {"address": "示例市示例路1号", "delivery": "电子推送"}


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    publish(item("id-temp"), item("id-lost"))
    proven = Owner(client)
    with unit_of_work() as session:
        citizen = session.get_one(Citizen, proven.id)
        citizen.id_number, citizen.phone = CITIZEN_NUMBER, "13800000000"
    return proven


def started(owner: Owner, **more: Any) -> dict[str, Any]:
    answer = owner.call("POST", "/cases", json={"task_code": TEMPORARY, "answers": ANSWERS, **more})
    return dict(answer.get_json())


def sources(case: dict[str, Any]) -> dict[str, str | None]:
    return {field["key"]: field["source"] for field in case["form_fields"]}


def test_three_requests_lead_from_the_guide_to_a_submitted_case(owner: Owner) -> None:
    case_no = started(owner)["case_no"]
    owner.call("PATCH", f"/cases/{case_no}/form", json=REST)
    submitted = owner.call("POST", f"/cases/{case_no}/submit")

    assert (submitted.status_code, submitted.get_json()["state"]) == (200, "submitted")


def test_what_is_proven_and_what_was_told_last_time_is_not_asked_again(owner: Owner) -> None:
    owner.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})
    first = started(owner)["case_no"]
    owner.call("PATCH", f"/cases/{first}/form", json=REST)
    owner.call("POST", f"/cases/{first}/submit")

    assert sources(started(owner)) | {"note": None} == {
        "applicant_name": "实名信息",
        "id_number": "实名信息",
        "phone": "已绑定的手机号",
        "address": "上次申请时填写的",
        "use": None,
        "delivery": None,
        "note": None,
    }


def test_an_earlier_application_is_not_used_again_without_consent(owner: Owner) -> None:
    first = started(owner)["case_no"]
    owner.call("PATCH", f"/cases/{first}/form", json=REST)
    owner.call("POST", f"/cases/{first}/submit")

    later = sources(started(owner))

    assert (later["address"], later["applicant_name"]) == (None, "实名信息")


def test_what_a_draft_that_was_never_handed_in_says_is_nobodys_business(owner: Owner) -> None:
    owner.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})
    case_no = owner.start()
    owner.call("PATCH", f"/cases/{case_no}/form", json={"address": "不想让人知道的地方"})

    assert sources(started(owner))["address"] is None


def test_an_address_of_another_citizen_is_never_filled_in(owner: Owner, client: FlaskClient) -> None:
    case_no = started(owner)["case_no"]
    owner.call("PATCH", f"/cases/{case_no}/form", json=REST)
    owner.call("POST", f"/cases/{case_no}/submit")

    other = Owner(client, "李四")
    other.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})
    assert "address" not in started(other)["form"]


def test_the_only_choice_is_chosen(owner: Owner) -> None:
    form = [
        {**field, "choices": ["窗口自取"]} if field["key"] == "delivery" else field
        for field in item("id-temp")["form"]
    ]
    publish(item("id-temp", form=form))

    assert started(owner)["form"]["delivery"] == "窗口自取"
