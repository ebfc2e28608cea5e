"""My locker over HTTP: opened by consent, used with one tap, read and emptied by its owner alone."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import clock
from tests import locker_fixtures as lockers
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import open_city
from tests.miniprogram_api.owner import Owner


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        open_city()
        yield Owner(client)


def use(owner: Owner) -> tuple[str, int]:
    """One tap in a draft; its number and the entry."""
    entry = lockers.open_locker(owner.id)
    case_no = lockers.later_case(owner.id)
    used = owner.call(
        "POST", f"/cases/{case_no}/materials/{lockers.LATER}/locker", json={"item_id": entry.id}
    )
    assert used.status_code == 200, used.get_data(as_text=True)
    assert len(used.get_json()["items"]) == 1
    return case_no, entry.id


def test_my_locker_says_what_it_is_from_where_and_until_when(owner: Owner) -> None:
    lockers.open_locker(owner.id)

    items = owner.call("GET", "/me/locker").get_json()["items"]

    (portrait,) = (each for each in items if each["name"] == "证件照片")
    assert (portrait["taken_on"], portrait["expires_on"]) == ("2026-11-16", "2027-05-16")
    (page,) = portrait["photos"]
    assert owner.call("GET", page["thumb_url"].removeprefix("/api/v1")).mimetype == "image/jpeg"


def test_a_tap_hands_the_pages_in_and_is_told_in_the_log(owner: Owner) -> None:
    case_no, _ = use(owner)

    (line,) = owner.call("GET", "/me/locker/uses").get_json()["items"]

    assert (line["name"], line["case_no"], line["dept_name"]) == ("证件照片", case_no, "市公安局")
    materials = owner.call("GET", f"/cases/{case_no}").get_json()["materials"]
    assert [len(each["photos"]) for each in materials if each["material_code"] == lockers.LATER] == [1]
    assert owner.call("GET", f"/cases/{case_no}/locker").get_json()["items"] == []


def test_what_fits_is_offered_in_the_draft(owner: Owner) -> None:
    entry = lockers.open_locker(owner.id)
    case_no = lockers.later_case(owner.id)

    (offer,) = owner.call("GET", f"/cases/{case_no}/locker").get_json()["items"]

    assert (offer["id"], offer["material_code"]) == (entry.id, lockers.LATER)


def test_one_tap_removes(owner: Owner) -> None:
    entry = lockers.open_locker(owner.id)

    assert [owner.call("DELETE", f"/me/locker/{entry.id}").status_code for _ in range(2)] == [204, 204]
    left = owner.call("GET", "/me/locker").get_json()["items"]
    assert entry.id not in [each["id"] for each in left]


def test_taking_the_consent_back_empties_it(owner: Owner) -> None:
    use(owner)
    owner.call("DELETE", "/me/consents/locker")

    assert owner.call("GET", "/me/locker").get_json()["items"] == []
    assert len(owner.call("GET", "/me/locker/uses").get_json()["items"]) == 1


def test_another_sees_none_of_it(owner: Owner, client: FlaskClient) -> None:
    case_no, entry = use(owner)
    other = Owner(client, "旁人")

    assert other.call("GET", "/me/locker").get_json()["items"] == []
    assert other.call("GET", "/me/locker/uses").get_json()["items"] == []
    assert other.call("DELETE", f"/me/locker/{entry}").status_code == 404
    assert other.call("GET", f"/cases/{case_no}/locker").status_code == 404


@pytest.mark.parametrize("body", [{}, {"item_id": "7"}, {"item_id": 0}, {"item_id": 2**80}])
def test_what_is_no_entry_is_refused(owner: Owner, body: dict[str, object]) -> None:
    case_no = lockers.later_case(owner.id)

    refused = owner.call("POST", f"/cases/{case_no}/materials/{lockers.LATER}/locker", json=body)

    assert refused.status_code == 422


def test_locker_and_log_are_in_what_i_take_along(owner: Owner) -> None:
    case_no, _ = use(owner)

    whole = json.loads(owner.call("GET", "/me/export").get_data())

    assert {line["material"] for line in whole["locker_items"]} >= {"证件照片"}
    assert [line["for_case"] for line in whole["locker_uses"]] == [case_no]
