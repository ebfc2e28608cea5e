"""A child is born: one application over HTTP, five departments, one of them refuses."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import events
from subscriptions import SUBSCRIPTIONS
from tests import bundle_fixtures, case_fixtures
from tests.bundle_fixtures import BIRTH, CARD, HUKOU, INSURANCE, SUBSIDY, grant, settle, tell
from tests.catalogue_fixtures import load_catalogue
from tests.city_fixtures import load_city
from tests.counted import statements
from tests.miniprogram_api.owner import Owner
from tests.photo_fixtures import jpeg, page


@pytest.fixture
def parent(client: FlaskClient) -> Owner:
    events.wire(SUBSCRIPTIONS)
    load_city()
    load_catalogue()
    return Owner(client)


def begin(parent: Owner, **chosen: Any) -> dict[str, Any]:
    return dict(parent.call("POST", "/bundles/newborn/applications", json=chosen).get_json())


def show(parent: Owner, number: str) -> dict[str, Any]:
    return dict(parent.call("GET", f"/bundle-applications/{number}").get_json())


def fill(parent: Owner, shown: dict[str, Any]) -> dict[str, Any]:
    values = {
        field["key"]: bundle_fixtures.good_answer(field)
        for field in shown["form_fields"]
        if field["required"] and not field["value"]
    }
    path = f"/bundle-applications/{shown['application_no']}/form"
    return dict(parent.call("PATCH", path, json=values).get_json())


def photograph(parent: Owner, shown: dict[str, Any]) -> None:
    for place, wanted in enumerate(shown["materials"]):
        if wanted["mandatory"] and wanted["takes_photos"] and not wanted["given_by"]:
            path = f"/cases/{wanted['case_no']}/materials/{wanted['material_code']}/photos"
            picture = io.BytesIO(jpeg(page((900, 600), desk=20 + place)))
            assert parent.call("POST", path, data={"photo": (picture, "a.jpg")}).status_code == 201


def test_a_child_is_born(parent: Owner) -> None:
    begun = begin(parent)
    number = begun["application_no"]
    assert (begun["state_text"], begun["left_out"]) == ("草稿", [])

    fill(parent, begun)
    photograph(parent, begun)
    sent = parent.call("POST", f"/bundle-applications/{number}/submit")
    assert (sent.status_code, sent.get_json()["state_text"]) == (200, "办理中")

    grant(number, BIRTH)
    grant(number, HUKOU)
    settle(number, CARD, granted=False)
    tell()
    grant(number, INSURANCE)
    shown = show(parent, number)

    assert shown["state_text"] == "部分办结"
    assert {part["task_code"]: (part["state"], part["granted"]) for part in shown["parts"]} == {
        BIRTH: ("decided", True),
        HUKOU: ("decided", True),
        INSURANCE: ("decided", True),
        CARD: ("decided", False),
        SUBSIDY: ("draft", None),
    }
    assert shown["hint"].startswith("“社会保障卡申领”没有办成")


def test_one_form_and_one_list_instead_of_five(parent: Owner) -> None:
    shown = begin(parent)

    assert shown["figures"]["forms"] == {"before": 5, "after": 1}
    assert len([field for field in shown["form_fields"] if field["key"] == "phone"]) == 1
    assert len(shown["form_fields"][0]["parts"]) == 5
    given = [wanted for wanted in shown["materials"] if wanted["given_by"]]
    assert [(wanted["name"], wanted["given_by"]) for wanted in given] == [
        ("居民户口簿", "出生登记（新生儿落户）")
    ]


def test_each_case_names_the_bundle_it_is_part_of(parent: Owner) -> None:
    begun = begin(parent)
    with statements() as seen:
        listed = parent.call("GET", "/cases").get_json()["items"]
    one = parent.call("GET", f"/cases/{listed[0]['case_no']}").get_json()

    whole = {"application_no": begun["application_no"], "name": begun["name"]}
    assert [case["bundle"] for case in [*listed, one]] == [whole] * (len(begun["parts"]) + 1)
    assert len([one for one in seen if "bundle_parts" in one]) == 1


def test_what_is_missing_is_named_for_all_parts_at_once(parent: Owner) -> None:
    number = begin(parent)["application_no"]
    refused = parent.call("POST", f"/bundle-applications/{number}/submit")

    assert refused.status_code == 422
    assert refused.get_json()["code"] == "bundle_incomplete"
    (sentence,) = refused.get_json()["errors"]["form.address"]
    assert sentence.startswith("请填写联系地址（用于：生育登记、出生登记（新生儿落户）、")
    assert sentence.endswith("、育儿补贴申领）")


def test_taking_it_back_says_what_stays(parent: Owner) -> None:
    begun = begin(parent)
    number = begun["application_no"]
    fill(parent, begun)
    photograph(parent, begun)
    parent.call("POST", f"/bundle-applications/{number}/submit")
    grant(number, BIRTH)
    taken = parent.call("POST", f"/bundle-applications/{number}/withdraw").get_json()

    assert taken["state_text"] == "已撤回"
    assert [part["too_late_text"] for part in taken["parts"]] == [
        "“生育登记”已经作出决定，不能撤回",
        *[None] * 4,
    ]


def test_my_applications_come_newest_first_and_cost_the_same_however_many(parent: Owner) -> None:
    first = begin(parent)["application_no"]
    with statements() as few:
        parent.call("GET", "/bundle-applications")
    parent.call("POST", "/bundles/retire/applications", json={})
    with statements() as more:
        found = parent.call("GET", "/bundle-applications?limit=1").get_json()

    assert found["items"][0]["name"] == "企业职工退休一件事"
    assert len(few) == len(more)
    rest = parent.call("GET", f"/bundle-applications?cursor={found['next_cursor']}").get_json()
    assert [one["application_no"] for one in rest["items"]] == [first]


def test_one_application_costs_the_same_however_many_parts_it_has(parent: Owner) -> None:
    small = parent.call("POST", "/bundles/retire/applications", json={}).get_json()["application_no"]
    large = begin(parent)["application_no"]
    with statements() as few:
        show(parent, small)
    with statements() as many:
        show(parent, large)

    assert len(few) == len(many)


def test_anothers_application_is_not_found(parent: Owner, client: FlaskClient) -> None:
    number = begin(parent)["application_no"]
    stranger = Owner(client, "李四")

    assert stranger.call("GET", f"/bundle-applications/{number}").status_code == 404
    for path in ("submit", "withdraw"):
        assert stranger.call("POST", f"/bundle-applications/{number}/{path}").status_code == 404
    assert stranger.call("PATCH", f"/bundle-applications/{number}/form", json={}).status_code == 404
    assert case_fixtures.published().count("CaseWithdrawn") == 0


def test_only_items_of_the_bundle_are_chosen(parent: Owner) -> None:
    refused = parent.call("POST", "/bundles/newborn/applications", json={"parts": ["123"]})

    assert (refused.status_code, refused.get_json()["code"]) == (422, "bundle_part_unknown")
    assert parent.call("POST", "/bundles/none/applications", json={}).status_code == 404
