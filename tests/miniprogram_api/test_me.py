from typing import Any

import pytest
from flask.testing import FlaskClient

from app.cases import service as cases
from app.db import unit_of_work
from app.fees import service as fees
from app.fees.service import FeeLine
from app.people import queries
from tests import city_fixtures as city
from tests.conftest import Sandbox
from tests.people_fixtures import log_in, log_in_as, make_citizen
from tests.phone import Phone


@pytest.fixture
def phone(client: FlaskClient, sandbox: Sandbox) -> Phone:
    return Phone(client, sandbox)


def test_my_page_shows_me_masked(client: FlaskClient) -> None:
    me = client.get("/api/v1/me", headers=log_in("王小明")).get_json()

    assert me["name"] == "**明"
    assert (me["assurance"], me["platforms"], me["phone"]) == (0, ["wechat"], None)


def test_two_citizens_never_share_a_page(client: FlaskClient) -> None:
    first, second = (client.get("/api/v1/me", headers=log_in()).get_json()["id"] for _ in range(2))

    assert first != second


def test_changing_one_preference_leaves_the_others(client: FlaskClient) -> None:
    headers = log_in()
    hours = {"from": "22:00", "to": "07:30"}
    client.patch("/api/v1/me", json={"preferences": {"quiet_hours": hours}}, headers=headers)

    changed = client.patch("/api/v1/me", json={"preferences": {"elder_mode": True}}, headers=headers)

    assert changed.get_json()["preferences"] == {"quiet_hours": hours, "elder_mode": True}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"preferences": {"elder_mode": "yes"}},
        {"preferences": {"channels": ["pigeon"]}},
        {"preferences": {"district": "鼓楼区"}},
        {"preferences": {"quiet_hours": {"from": "25:00", "to": "07:00"}}},
        {"preferences": {"quiet_hours": {"from": "22:00"}}},
        {"preferences": {"quiet_hours": {"from": "22:00\n", "to": "07:00"}}},
        {"preferences": {"quiet_hours": {"from": "2２:00", "to": "0７:00"}}},
        {"preferences": {"assurance": 2}},
        {"preferences": {}, "name": "王小明"},
    ],
)
def test_what_is_no_preference_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.patch("/api/v1/me", json=body, headers=log_in()).status_code == 422


def test_wechats_button_binds_the_number(phone: Phone) -> None:
    phone.log_in("wechat")

    bound = phone.ask("POST", "/me/phone", platform="wechat", code=phone.press("wechat/phone")["code"])

    assert bound.status_code == 200
    assert bound.get_json()["phone"] == f"{phone.number[:3]}****{phone.number[-4:]}"
    assert bound.get_json()["assurance"] == 1


def test_the_number_bound_in_wechat_logs_in_on_the_web_as_the_same_person(phone: Phone) -> None:
    in_wechat = phone.log_in("wechat")["citizen"]["id"]
    phone.ask("POST", "/me/phone", platform="wechat", code=phone.press("wechat/phone")["code"])

    assert phone.log_in("h5")["citizen"]["id"] == in_wechat


def test_a_code_sent_to_the_number_binds_it_too(phone: Phone) -> None:
    phone.log_in("wechat")

    bound = phone.ask("POST", "/me/phone", platform="h5", phone=phone.number, code=phone.sms_code())

    assert bound.status_code == 200


def test_a_number_without_proof_is_not_bound(client: FlaskClient) -> None:
    citizen = make_citizen()
    body = {"platform": "h5", "phone": "13800138000", "code": "123456"}

    refused = client.post("/api/v1/me/phone", json=body, headers=log_in_as(citizen))

    assert (refused.status_code, refused.get_json()["code"]) == (401, "sms_code_wrong")
    with unit_of_work() as session:
        assert queries.phone(session, citizen_id=citizen) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"platform": "wechat"}, "code"),
        ({"platform": "alipay", "code": "1"}, "response"),
        ({"platform": "h5", "code": "123456"}, "phone"),
    ],
)
def test_a_missing_proof_is_named(client: FlaskClient, body: dict[str, str], field: str) -> None:
    refused = client.post("/api/v1/me/phone", json=body, headers=log_in())

    assert refused.status_code == 422
    assert field in refused.get_json()["errors"]


def test_a_login_code_is_no_proof_of_a_number(phone: Phone) -> None:
    phone.log_in("wechat")

    refused = phone.ask("POST", "/me/phone", platform="wechat", code=phone.press("wechat/login")["code"])

    assert (refused.status_code, refused.get_json()["code"]) == (422, "phone_proof_refused")


@pytest.mark.parametrize("response", ["{}", "no json", '{"response": "x", "sign": "y"}', "二"])
def test_a_forged_alipay_response_is_no_proof_of_a_number(client: FlaskClient, response: str) -> None:
    body = {"platform": "alipay", "response": response}

    refused = client.post("/api/v1/me/phone", json=body, headers=log_in())

    assert (refused.status_code, refused.get_json()["code"]) == (422, "phone_proof_refused")


def test_my_file_holds_everything_of_mine_and_nothing_of_others(client: FlaskClient) -> None:
    mine, other = make_citizen("林"), make_citizen("陈")
    with unit_of_work() as session:
        for citizen, title in ((mine, "工本费"), (other, "别人的费用")):
            fees.issue(
                session,
                citizen_id=citizen,
                case_id=None,
                task_code="T",
                task_name=title,
                lines=[FeeLine("F1", "工本费", 2000, "发改价格")],
            )

    file = client.get("/api/v1/me/file", headers=log_in_as(mine)).get_json()

    assert file["citizen"]["name"] == "*"
    assert [bill["title"] for bill in file["bills"]["items"]] == ["工本费"]
    assert [file[kind]["items"] for kind in ("cases", "certificates", "appointments")] == [[], [], []]


def test_my_file_goes_on_where_its_lists_go_on(client: FlaskClient) -> None:
    city.load_city()
    codes = city.publish_items("id-renew", "id-lost", "id-temp")
    mine = make_citizen()
    with unit_of_work() as session:
        numbers = [cases.start(session, citizen_id=mine, task_code=code)[0].case_no for code in codes]

    listed = client.get("/api/v1/me/file", headers=log_in_as(mine)).get_json()["cases"]

    assert [case["case_no"] for case in listed["items"]] == numbers[::-1]
    assert listed["next_cursor"] is None
