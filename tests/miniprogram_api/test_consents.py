"""My consents over HTTP: asked for one by one, in plain words, ended by one tap."""

import json

import pytest
from flask.testing import FlaskClient

from tests.miniprogram_api.owner import Owner
from tests.people_fixtures import log_in

PATH = "/me/consents"


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    return Owner(client)


def agree(owner: Owner) -> str:
    asked, *_ = owner.call("GET", PATH).get_json()["items"]
    chosen = {"purpose": asked["purpose"], "version": asked["version"]}
    return str(owner.call("POST", PATH, json=chosen).get_json()["items"][0]["state"])


def test_each_purpose_comes_with_its_words_and_what_happens_without(owner: Owner) -> None:
    asked, locker = owner.call("GET", PATH).get_json()["items"]

    assert (locker["purpose"], locker["state"]) == ("locker", "never")
    assert (asked["purpose"], asked["version"], asked["state"]) == ("prefill", 1, "never")
    assert asked["text"].startswith("用我的实名信息、电子证照和以前的申请预先填好问题和表格")
    assert "不同意也能照常办事" in asked["without"]


def test_one_tap_gives_and_one_tap_takes_back(owner: Owner) -> None:
    assert agree(owner) == "given"

    ended, _ = owner.call("DELETE", f"{PATH}/prefill").get_json()["items"]

    assert (ended["state"], ended["withdrawn_at"] is not None) == ("withdrawn", True)


def test_words_that_are_not_todays_are_refused(owner: Owner) -> None:
    refused = owner.call("POST", PATH, json={"purpose": "prefill", "version": 9})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "consent_text_changed")


@pytest.mark.parametrize("body", [{}, {"purpose": "prefill"}, {"purpose": "sell", "version": 1}])
def test_what_is_not_asked_for_cannot_be_agreed_to(owner: Owner, body: dict[str, object]) -> None:
    assert owner.call("POST", PATH, json=body).status_code == 422


def test_an_unknown_purpose_cannot_be_taken_back(owner: Owner) -> None:
    assert owner.call("DELETE", f"{PATH}/sell").status_code == 404


def test_nobody_sees_or_ends_the_consent_of_another(client: FlaskClient, owner: Owner) -> None:
    agree(owner)
    other = log_in("旁人")

    seen = client.get(f"/api/v1{PATH}", headers=other).get_json()["items"][0]["state"]
    client.delete(f"/api/v1{PATH}/prefill", headers=other)

    assert seen == "never"
    assert owner.call("GET", PATH).get_json()["items"][0]["state"] == "given"
    assert client.get(f"/api/v1{PATH}").status_code == 401


def test_consents_stand_in_my_file_and_in_what_i_take_along(owner: Owner) -> None:
    agree(owner)

    file = owner.call("GET", "/me/file").get_json()
    (taken,) = json.loads(owner.call("GET", "/me/export").get_data())["consents"]

    assert file["consents"][0]["state"] == "given"
    assert (taken["purpose"], taken["state"], taken["given_on"]) == (
        "预先填好问题和表格",
        "有效",
        "微信小程序",
    )
