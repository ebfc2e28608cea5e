"""A second person's signature over HTTP: each on their own phone, and nobody else."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import clock
from tests import co_sign_fixtures as co_signs
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import open_city
from tests.miniprogram_api.owner import Owner


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        open_city()
        yield Owner(client)


@pytest.fixture
def second(client: FlaskClient, owner: Owner) -> Owner:
    del owner
    return Owner(client, "李小红")


def taken(owner: Owner, second: Owner) -> tuple[str, int]:
    """A draft whose second person has opened the invitation."""
    case_no = co_signs.shared_draft(owner.id)
    code = owner.call("POST", f"/cases/{case_no}/co-signing").get_json()["code"]
    opened = second.call("POST", "/co-signings", json={"code": code})
    assert opened.status_code == 201, opened.get_data(as_text=True)
    return case_no, int(opened.get_json()["id"])


def sign(second: Owner, found: int) -> dict[str, object]:
    shown = second.call("GET", f"/co-signings/{found}").get_json()
    said = {"digest": shown["text"]["digest"], "read": True}
    return dict(second.call("POST", f"/co-signings/{found}/signature", json=said).get_json())


def state(owner: Owner, case_no: str) -> tuple[str, str]:
    standing = owner.call("GET", f"/cases/{case_no}/co-signing").get_json()
    return standing["who"], standing["state"]


def test_from_the_invitation_to_handing_in(owner: Owner, second: Owner) -> None:
    case_no, found = taken(owner, second)
    assert state(owner, case_no) == ("配偶", "taken")
    refused = owner.call("POST", f"/cases/{case_no}/submit")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "co_signature_missing")

    assert sign(second, found)["state"] == "signed"

    assert owner.call("POST", f"/cases/{case_no}/submit").status_code == 200
    assert second.call("GET", f"/co-signings/{found}").get_json()["text"] is None


def test_the_second_person_sees_every_page_until_it_is_handed_in(owner: Owner, second: Owner) -> None:
    case_no, found = taken(owner, second)
    (page,) = second.call("GET", f"/co-signings/{found}").get_json()["photos"]
    address = page["thumb_url"].removeprefix("/api/v1")

    assert (page["name"], second.call("GET", address).mimetype) == ("证件照片", "image/jpeg")
    assert owner.call("GET", address).status_code == 404
    sign(second, found)
    owner.call("POST", f"/cases/{case_no}/submit")
    assert second.call("GET", address).status_code == 404


def test_a_signature_is_taken_back_and_asked_for_anew(owner: Owner, second: Owner) -> None:
    case_no, found = taken(owner, second)
    sign(second, found)
    assert owner.call("POST", f"/cases/{case_no}/co-signing/reminder").status_code == 204
    assert owner.call("POST", f"/cases/{case_no}/co-signing/reminder").status_code == 429

    assert second.call("POST", f"/co-signings/{found}/refusal").get_json()["state"] == "declined"
    assert state(owner, case_no)[1] == "declined"


def test_an_invitation_is_called_back(owner: Owner, second: Owner) -> None:
    case_no, found = taken(owner, second)

    assert owner.call("DELETE", f"/cases/{case_no}/co-signing").status_code == 204

    assert second.call("GET", f"/co-signings/{found}").get_json()["state"] == "ended"
    assert second.call("POST", f"/co-signings/{found}/refusal").status_code == 404


def test_whoever_has_no_part_in_it_sees_nothing(owner: Owner, second: Owner, client: FlaskClient) -> None:
    case_no, found = taken(owner, second)
    other = Owner(client, "旁人")

    for method, path in (
        ("GET", f"/co-signings/{found}"),
        ("POST", f"/co-signings/{found}/refusal"),
        ("GET", f"/cases/{case_no}/co-signing"),
        ("POST", f"/cases/{case_no}/co-signing"),
        ("DELETE", f"/cases/{case_no}/co-signing"),
        ("GET", f"/co-signings/{2**70}"),
    ):
        assert other.call(method, path).status_code == 404
    assert other.call("POST", "/co-signings", json={"code": "no-such"}).status_code == 404
    assert second.call("GET", f"/cases/{case_no}").status_code == 404


def test_both_take_it_along_and_my_list_has_it(owner: Owner, second: Owner) -> None:
    _, found = taken(owner, second)
    sign(second, found)

    (mine,) = json.loads(owner.call("GET", "/me/export").get_data())["co_signings"]
    (theirs,) = json.loads(second.call("GET", "/me/export").get_data())["co_signings"]
    (listed,) = second.call("GET", "/co-signings").get_json()["items"]

    assert (mine["as"], theirs["as"], theirs["state"]) == ("申请人", "共同申请人", "已签名")
    assert (listed["id"], listed["applicant"]) == (found, "**明")
