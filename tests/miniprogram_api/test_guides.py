from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.catalogue import generation
from tests.catalogue_fixtures import ID_LOST, item, load_catalogue, publish
from tests.counted import statements

GUIDES = "/api/v1/guides"


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    """A phone in the demo city."""
    load_catalogue()
    return client


def test_a_guide_names_the_departments_that_are_heard(city: FlaskClient) -> None:
    road = item("road-occupy")
    shown = city.get(f"{GUIDES}/{road['task_code']}").get_json()["joint_opinions"]

    assert [(one["dept_name"], one["days"]) for one in shown] == [
        (one["dept_name"], one["days"]) for one in road["joint_opinions"]
    ]


def test_a_guide_says_which_department_sees_the_whole_number_and_what_for(city: FlaskClient) -> None:
    shown = city.get(f"{GUIDES}/{item('dibao')['task_code']}").get_json()["joint_opinions"]

    assert shown[0]["number_why"] == "查就业登记和养老待遇发放记录"


def _codes(answer: Any) -> list[str]:
    return [one["task_code"] for one in answer.get_json()["items"]]


def test_a_whole_guide_is_public(city: FlaskClient) -> None:
    guide = city.get(f"{GUIDES}/{ID_LOST}").get_json()

    assert guide["name"] == "居民身份证丢失补领"
    assert guide["limits"]["promised"] == {
        "days": 10,
        "unit": "WORKDAY",
        "text": "10个工作日",
        "explain": "自受理之日起计算，不含特别程序用时",
    }
    assert guide["fees"][0]["amount_fen"] == 4000
    assert guide["materials"][0]["fill_note"]
    assert guide["place"]["window_group"] == "公安"
    assert (guide["version"], guide["provenance"]) == (1, "demo-authored")


def test_a_guide_holds_the_six_unified_elements(city: FlaskClient) -> None:
    elements = city.get(f"{GUIDES}/{ID_LOST}").get_json()["unified_elements"]

    assert set(elements) == {"name", "code", "basis", "conditions", "materials", "limit"}
    assert all(elements.values())


def test_every_guide_of_the_demo_city_can_be_shown(city: FlaskClient) -> None:
    for code in _codes(city.get(f"{GUIDES}?limit=100")):
        guide = city.get(f"{GUIDES}/{code}").get_json()
        assert guide["task_code"] == code
        assert guide["common_mistakes"]
        assert guide["delegation"]["text"]


def test_a_phone_that_has_the_guide_gets_304(city: FlaskClient) -> None:
    first = city.get(f"{GUIDES}/{ID_LOST}")
    tag = first.headers["ETag"]
    again = city.get(f"{GUIDES}/{ID_LOST}", headers={"If-None-Match": tag})

    assert tag.startswith('"')
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_only_the_headers_can_be_asked_for(city: FlaskClient) -> None:
    whole, head = city.get(f"{GUIDES}/{ID_LOST}"), city.head(f"{GUIDES}/{ID_LOST}")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(whole.data))
    assert (head.mimetype, head.headers["ETag"]) == ("application/json", whole.headers["ETag"])


@pytest.mark.parametrize("given", ['"other"', 'W/"x", "y"', "nonsense"])
def test_a_phone_with_another_guide_gets_the_whole(city: FlaskClient, given: str) -> None:
    assert city.get(f"{GUIDES}/{ID_LOST}", headers={"If-None-Match": given}).status_code == 200


def test_a_tag_is_found_in_a_list(city: FlaskClient) -> None:
    tag = city.get(f"{GUIDES}/{ID_LOST}").headers["ETag"]

    assert city.get(f"{GUIDES}/{ID_LOST}", headers={"If-None-Match": f'"a", W/{tag}'}).status_code == 304


def test_a_changed_guide_is_shown_at_once_with_another_tag(city: FlaskClient) -> None:
    old = city.get(f"{GUIDES}/{ID_LOST}").headers["ETag"]
    publish(item(promise_day=5))
    new = city.get(f"{GUIDES}/{ID_LOST}", headers={"If-None-Match": old})

    assert (new.status_code, new.get_json()["limits"]["promised"]["days"]) == (200, 5)


def test_another_process_sees_a_change_at_its_next_look(
    city: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation.watch, "forget", lambda: None)
    monkeypatch.setattr(generation, "LOOK_EVERY_S", 0.0)
    city.get(f"{GUIDES}/{ID_LOST}")
    publish(item(promise_day=5))

    assert city.get(f"{GUIDES}/{ID_LOST}").get_json()["version"] == 2


def test_a_guide_that_is_kept_costs_no_statement(city: FlaskClient) -> None:
    city.get(f"{GUIDES}/{ID_LOST}")
    with statements() as seen:
        city.get(f"{GUIDES}/{ID_LOST}")

    assert seen == []


def test_an_older_guide_can_be_asked_for(client: FlaskClient) -> None:
    first = datetime(2026, 11, 1, tzinfo=UTC)
    with clock.stopped_at(first):
        publish(item())
    with clock.stopped_at(first + timedelta(days=10)):
        publish(item(promise_day=5))

    def version(at: str) -> int:
        return int(client.get(f"{GUIDES}/{ID_LOST}", query_string={"at": at}).get_json()["version"])

    assert [version(at) for at in ("2026-11-02", "2026-11-12", "2026-11-11T07:59:59+08:00")] == [1, 2, 1]


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-40", "9" * 400])
def test_a_moment_that_is_none_is_refused(city: FlaskClient, at: str) -> None:
    answer = city.get(f"{GUIDES}/{ID_LOST}", query_string={"at": at})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["at"])


@pytest.mark.parametrize("at", ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_time_are_only_dates(city: FlaskClient, at: str) -> None:
    expected = 404 if at.startswith("0001") else 200

    assert city.get(f"{GUIDES}/{ID_LOST}", query_string={"at": at}).status_code == expected


def test_a_date_means_the_end_of_that_day(client: FlaskClient) -> None:
    with clock.stopped_at(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        publish(item())

    assert client.get(f"{GUIDES}/{ID_LOST}?at=2026-11-20").status_code == 200
    assert client.get(f"{GUIDES}/{ID_LOST}?at=2026-11-19").status_code == 404


@pytest.mark.parametrize("code", ["1", "0" * 31, "%00", "x" * 500, "11350100MB990001383350790003000%00"])
def test_an_unknown_code_is_404(city: FlaskClient, code: str) -> None:
    answer = city.get(f"{GUIDES}/{code}")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "guide_not_found")


def test_a_cancelled_item_says_so(city: FlaskClient) -> None:
    publish(item(task_state="3"))
    answer = city.get(f"{GUIDES}/{ID_LOST}")

    assert (answer.status_code, answer.get_json()["code"]) == (410, "item_cancelled")
