import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import unit_of_work
from app.people.models import Citizen
from tests import case_fixtures
from tests.case_fixtures import FORM
from tests.catalogue_fixtures import ID_LOST, item
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner
from tests.photo_fixtures import jpeg, page


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    case_fixtures.publish_id_lost()
    return Owner(client)


@pytest.fixture
def stranger(client: FlaskClient, owner: Owner) -> Owner:
    return Owner(client, "李四")


def test_a_case_is_started_once_per_tap_and_once_per_matter(owner: Owner) -> None:
    first = owner.call("POST", "/cases", tap="first-tap", json={"task_code": ID_LOST})
    replay = owner.call("POST", "/cases", tap="first-tap", json={"task_code": ID_LOST})
    again = owner.call("POST", "/cases", json={"task_code": ID_LOST})

    assert (first.status_code, replay.status_code, again.status_code) == (201, 201, 200)
    assert replay.headers["Idempotent-Replay"] == "true"
    assert first.get_json()["case_no"] == replay.get_json()["case_no"] == again.get_json()["case_no"]


def test_a_draft_says_what_is_needed_and_from_whom(owner: Owner) -> None:
    shown = owner.call("POST", "/cases", json={"task_code": ID_LOST}).get_json()

    assert (shown["state"], shown["next"]["who"]) == ("draft", "citizen")
    assert shown["allowed_actions"] == ["edit_form", "change_photos", "submit", "withdraw"]
    assert {field["key"]: field["source"] for field in shown["form_fields"]}["applicant_name"] == "实名信息"
    assert [material["material_code"] for material in shown["materials"]] == [
        material["material_code"] for material in item("id-lost")["materials"]
    ]
    assert len(shown["query_code"]) == 6


def test_the_form_is_kept_while_it_is_typed(owner: Owner) -> None:
    case_no = owner.start()
    owner.call("PATCH", f"/cases/{case_no}/form", json={"phone": "138"})
    shown = owner.call("PATCH", f"/cases/{case_no}/form", json={"address": "示例路1号"}).get_json()

    assert shown["form"] == {"applicant_name": "王小明", "phone": "138", "address": "示例路1号"}
    faults = {field["key"]: field["faults"] for field in shown["form_fields"]}
    assert faults["phone"] == ["手机号应为11位数字，请核对"]
    assert faults["delivery"] == []


@pytest.mark.parametrize(
    "body", [{"state": "decided"}, {"note": 7}, {"note": {"a": 1}}, {"note": "长" * 900}]
)
def test_a_form_takes_only_its_fields(owner: Owner, body: dict[str, object]) -> None:
    refused = owner.call("PATCH", f"/cases/{owner.start()}/form", json=body)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "form_refused")
    assert list(refused.get_json()["errors"]) == list(body)


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "{", "[[[["])
def test_a_body_that_is_no_form_is_refused(owner: Owner, body: str) -> None:
    refused = owner.call("PATCH", f"/cases/{owner.start()}/form", data=body, content_type="application/json")

    assert refused.status_code in {400, 422}
    assert refused.mimetype == "application/problem+json"


def test_a_form_larger_than_a_form_is_refused_before_it_is_read(owner: Owner) -> None:
    case_no = owner.start()

    assert owner.call("PATCH", f"/cases/{case_no}/form", json={"note": "x" * 70_000}).status_code == 413


def test_submitting_names_every_gap_at_once(owner: Owner) -> None:
    refused = owner.call("POST", f"/cases/{owner.start()}/submit")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "submission_incomplete")
    assert {"form.phone", "form.id_number", "form.address", "form.delivery"} <= set(
        refused.get_json()["errors"]
    )
    assert any(key.startswith("materials.") for key in refused.get_json()["errors"])


def test_a_case_is_handed_in_once_per_tap_and_a_second_tap_is_told(owner: Owner) -> None:
    path = f"/cases/{case_fixtures.ready(owner.id)}/submit"
    first, replay = (owner.call("POST", path, tap="submit-tap") for _ in range(2))
    second = owner.call("POST", path)

    assert (first.status_code, first.get_json()["state"]) == (200, "submitted")
    assert first.get_json()["common_mistakes"] == item()["common_mistakes"]
    assert replay.get_data() == first.get_data()
    assert (second.status_code, second.get_json()["code"]) == (409, "already_submitted")


def test_creating_and_submitting_want_a_key(owner: Owner, client: FlaskClient) -> None:
    refused = client.post("/api/v1/cases", json={"task_code": ID_LOST}, headers=owner.headers)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_missing")


def test_an_accepted_case_shows_its_bill_and_both_limits(owner: Owner) -> None:
    case_no = case_fixtures.submitted(owner.id)
    case_fixtures.accept(case_no)
    shown = owner.call("GET", f"/cases/{case_no}").get_json()

    assert (shown["state"], shown["state_text"]) == ("accepted", "已受理，办理中")
    assert [(bill["amount_fen"], bill["state"]) for bill in shown["bills"]] == [(4000, "unpaid")]
    assert shown["promised_due_on"] <= shown["statutory_due_on"]
    assert shown["next"] == {"who": "citizen", "who_text": "您", "what": "缴费40.00元", "by": None}
    assert shown["allowed_actions"] == ["withdraw", "pay"]
    assert shown["accepted_at"].endswith("+08:00")


def test_a_paid_case_waits_for_the_office_and_offers_no_payment(owner: Owner) -> None:
    shown = owner.call("GET", f"/cases/{case_fixtures.accepted(owner.id)}").get_json()

    assert (shown["next"]["who"], shown["next"]["by"]) == ("office", shown["promised_due_on"])
    assert shown["allowed_actions"] == ["withdraw"]


def test_a_granted_case_shows_its_certificate(owner: Owner) -> None:
    case_no = case_fixtures.accepted(owner.id)
    case_fixtures.decide(case_no)
    shown = owner.call("GET", f"/cases/{case_no}").get_json()
    certificate = owner.call("GET", f"/certificates/{shown['certificate']['id']}").get_json()

    assert shown["decision"]["granted"] is True
    assert certificate["identifier"] == shown["certificate"]["identifier"]
    assert (certificate["state"], certificate["holder_name"]) == ("valid", "王小明")
    assert case_fixtures.CITIZEN_NUMBER not in str(certificate)


def test_a_refused_case_shows_why_and_what_can_be_done(owner: Owner) -> None:
    case_no = case_fixtures.accepted(owner.id)
    case_fixtures.decide(case_no, granted=False, reason="户口不在本市", legal_basis="某法第七条")
    shown = owner.call("GET", f"/cases/{case_no}").get_json()

    assert shown["decision"]["reason"] == "户口不在本市"
    assert "行政复议" in shown["decision"]["remedies"]
    assert shown["certificate"] is None


def test_the_timeline_tells_every_step_with_its_actor(owner: Owner) -> None:
    case_no = case_fixtures.accepted(owner.id)
    lines = owner.call("GET", f"/cases/{case_no}/timeline").get_json()["items"]

    assert [line["kind"] for line in lines] == ["started", "submitted", "accepted"]
    assert [line["actor_name"] for line in lines] == ["申请人", "申请人", "林受理"]


def test_a_case_is_withdrawn(owner: Owner) -> None:
    case_no = case_fixtures.submitted(owner.id)

    assert owner.call("POST", f"/cases/{case_no}/withdraw").get_json()["state"] == "withdrawn"
    assert owner.call("POST", f"/cases/{case_no}/withdraw").get_json()["code"] == "already_withdrawn"


def test_cases_are_listed_newest_first_page_by_page(owner: Owner) -> None:
    started = [case_fixtures.submitted(owner.id) for _ in range(3)]
    first = owner.call("GET", "/cases?limit=2").get_json()
    rest = owner.call("GET", f"/cases?limit=2&cursor={first['next_cursor']}").get_json()

    assert [case["case_no"] for case in first["items"] + rest["items"]] == started[::-1]
    assert rest["next_cursor"] is None
    assert owner.call("GET", "/cases?state=draft").get_json()["items"] == []
    assert owner.call("GET", "/cases?state=eaten").status_code == 422


PATHS = [
    ("GET", "/cases/{case_no}"),
    ("PATCH", "/cases/{case_no}/form"),
    ("POST", "/cases/{case_no}/submit"),
    ("POST", "/cases/{case_no}/withdraw"),
    ("GET", "/cases/{case_no}/timeline"),
    ("GET", "/cases/{case_no}/materials/{code}/photos"),
    ("GET", "/cases/{case_no}/materials/{code}/photos/{photo_id}"),
    ("DELETE", "/cases/{case_no}/materials/{code}/photos/{photo_id}"),
    ("PUT", "/cases/{case_no}/materials/{code}/photos/order"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_another_citizens_case_answers_as_an_absent_one(
    owner: Owner, stranger: Owner, method: str, path: str
) -> None:
    case_no = owner.start()
    code = case_fixtures.mandatory_materials(case_no)[0]
    photo_id = case_fixtures.add_photo(owner.id, case_no, code)
    body: dict[str, Any] = {"PUT": {"json": {"photo_ids": [photo_id]}}, "PATCH": {"json": {"note": "x"}}}
    there = stranger.call(
        method, path.format(case_no=case_no, code=code, photo_id=photo_id), **body.get(method, {})
    )
    absent = stranger.call(
        method, path.format(case_no="3" * 23, code=code, photo_id=photo_id), **body.get(method, {})
    )

    assert there.status_code == absent.status_code == 404
    assert {**there.get_json(), "request_id": ""} == {**absent.get_json(), "request_id": ""}


def test_another_citizens_certificate_answers_as_an_absent_one(owner: Owner, stranger: Owner) -> None:
    case_no = case_fixtures.accepted(owner.id)
    case_fixtures.decide(case_no)
    mine = owner.call("GET", "/certificates").get_json()["items"]

    assert len(mine) == 1
    assert stranger.call("GET", f"/certificates/{mine[0]['id']}").status_code == 404
    assert stranger.call("GET", "/certificates").get_json()["items"] == []


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_nobody_sees_a_case_without_a_login(
    client: FlaskClient, database: None, method: str, path: str
) -> None:
    answer = client.open("/api/v1" + path.format(case_no="3" * 23, code="X", photo_id=1), method=method)

    assert answer.status_code == 401


def test_a_whole_application_over_http(owner: Owner) -> None:
    case_no = owner.start(answers={"reason": "丢失"})
    owner.call("PATCH", f"/cases/{case_no}/form", json=FORM)
    for number, code in enumerate(case_fixtures.mandatory_materials(case_no)):
        sent = {"photo": (io.BytesIO(jpeg(page((900, 600), desk=40 + number))), "x.jpg")}
        answer = owner.call("POST", f"/cases/{case_no}/materials/{code}/photos", data=sent)
        assert answer.status_code == 201, answer.get_json()

    assert owner.call("POST", f"/cases/{case_no}/submit").get_json()["state"] == "submitted"


def test_what_is_known_comes_from_the_real_name(owner: Owner) -> None:
    with unit_of_work() as session:
        session.get_one(Citizen, owner.id).id_number = case_fixtures.CITIZEN_NUMBER
    shown = owner.call("POST", "/cases", json={"task_code": ID_LOST}).get_json()

    assert shown["form"]["id_number"] == case_fixtures.CITIZEN_NUMBER


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cases/%00"),
        ("POST", "/cases/%00%ff/submit"),
        ("GET", "/cases/{case_no}/materials/%00/photos/1"),
        ("DELETE", "/cases/{case_no}/materials/%00/photos/1"),
        ("GET", "/cases/{case_no}/materials/M/photos/99999999999999999999"),
        ("GET", "/certificates/99999999999999999999"),
    ],
)
def test_an_address_that_nobody_types_is_simply_not_there(owner: Owner, method: str, path: str) -> None:
    assert owner.call(method, path.format(case_no=owner.start())).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"task_code": "\x00"},
        {"task_code": 5},
        {"task_code": ID_LOST, "answers": {"q": {"deep": 1}}},
        {"task_code": ID_LOST, "answers": {f"q{number}": "a" for number in range(41)}},
        {"task_code": ID_LOST, "citizen_id": 1},
    ],
)
def test_a_start_that_is_none_is_refused(owner: Owner, body: dict[str, Any]) -> None:
    refused = owner.call("POST", "/cases", json=body)

    assert refused.status_code == 422


def test_a_case_number_is_found_as_people_write_it(owner: Owner) -> None:
    case_no = owner.start()

    assert owner.call("GET", f"/cases/{case_no.lower()}").get_json()["case_no"] == case_no
