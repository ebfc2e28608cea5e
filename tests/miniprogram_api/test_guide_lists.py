from typing import Any

import pytest
from flask.testing import FlaskClient

from app.catalogue import delegating
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, load_catalogue
from tests.counted import statements

GUIDES = "/api/v1/guides"


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    """A phone in the demo city."""
    load_catalogue()
    return client


def _codes(answer: Any) -> list[str]:
    return [one["task_code"] for one in answer.get_json()["items"]]


def test_browsing_leafs_through_every_item_once(city: FlaskClient) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = city.get(GUIDES, query_string={"limit": 25, "cursor": cursor})
        seen += _codes(page)
        cursor = page.get_json()["next_cursor"]

    assert len(seen) == len(set(seen)) == 60


def test_a_page_costs_one_statement_however_long_it_is(city: FlaskClient) -> None:
    for limit in (1, 60):
        with statements() as seen:
            city.get(GUIDES, query_string={"limit": limit})
        assert len(seen) == 1


def test_a_search_costs_one_statement_however_many_hits_it_has(city: FlaskClient) -> None:
    city.get(GUIDES, query_string={"q": "护照"})
    for asked in ("护照", "办理证件补贴登记申请"):
        with statements() as seen:
            city.get(GUIDES, query_string={"q": asked})
        assert len(seen) == 1


def test_a_search_says_what_it_understood_and_why_each_hit_is_there(city: FlaskClient) -> None:
    found = city.get(GUIDES, query_string={"q": "補辦身份證"}).get_json()

    assert (found["understood_as"], found["confident"]) == ("补办身份证", True)
    assert found["items"][0]["task_code"] == ID_LOST
    assert found["items"][0]["highlight"] == {
        "field": "plain_names",
        "text": "补办身份证",
        "matched": ["补办身份证"],
    }
    assert {one["provenance"] for one in found["items"]} == {"demo-authored"}


def test_a_general_question_brings_an_answer_beside_the_guides(city: FlaskClient) -> None:
    found = city.get(GUIDES, query_string={"q": "怎么预约到窗口办事"}).get_json()

    assert found["answers"][0]["answer"].startswith("在“预约”里")
    assert found["answers"][0]["provenance"] == "demo-authored"


def test_hits_are_leafed_through_without_a_repetition(city: FlaskClient) -> None:
    first = city.get(GUIDES, query_string={"q": "身份证", "limit": 3})
    second = city.get(
        GUIDES, query_string={"q": "身份证", "limit": 3, "cursor": first.get_json()["next_cursor"]}
    )

    assert len(set(_codes(first) + _codes(second))) == 6


@pytest.mark.parametrize(
    ("narrowed", "holds"),
    [
        ({"audience": "business"}, lambda one: "business" in one["audiences"]),
        ({"audience": "法人"}, lambda one: "business" in one["audiences"]),
        ({"theme": "住房"}, lambda one: one["theme"] == "住房"),
        ({"department": "市教育局"}, lambda one: one["dept_name"] == "市教育局"),
        ({"label": "auto_enjoy"}, lambda one: "auto_enjoy" in one["labels"]),
        ({"max_visits": "0"}, lambda one: one["visits"] == 0),
        ({"channel": "courier"}, lambda one: "courier" in one["channels"]),
        ({"cross_province": "true"}, lambda one: one["cross_province"]),
        ({"q": "补贴", "label": "auto_enjoy"}, lambda one: "auto_enjoy" in one["labels"]),
    ],
)
def test_a_list_is_narrowed(city: FlaskClient, narrowed: dict[str, str], holds: Any) -> None:
    items = city.get(GUIDES, query_string={**narrowed, "limit": 100}).get_json()["items"]

    assert 0 < len(items) < 60
    assert all(holds(one) for one in items)


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"cursor": "%%%"},
        {"cursor": "bjEyMw"[:-1] + "!"},
        {"cursor": "x" * 65},
        {"audience": "dogs"},
        {"label": "cheap"},
        {"max_visits": "-1"},
        {"q": "长" * 201},
        {"theme": "\x00"},
        {"cross_province": "perhaps"},
    ],
)
def test_a_list_refuses_what_it_cannot_read(city: FlaskClient, wrong: dict[str, str]) -> None:
    answer = city.get(GUIDES, query_string=wrong)

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_what_is_typed_is_completed(city: FlaskClient) -> None:
    found = city.get(f"{GUIDES}/suggest", query_string={"q": "bhz"}).get_json()["items"]

    assert found[0]["text"] == "办护照"
    assert len(found) <= 10
    assert city.get(f"{GUIDES}/suggest").status_code == 422


def test_what_a_list_calls_delegable_is_just_what_may_be_delegated(city: FlaskClient) -> None:
    cards = city.get("/api/v1/guides?limit=100").get_json()["items"]
    codes = [card["task_code"] for card in cards]
    with unit_of_work() as session:
        may = delegating.delegable(session, task_codes=codes)

    assert {card["task_code"] for card in cards if card["delegable"]} == may
    assert 0 < len(may) < len(codes)
    assert any(card["own_account"] for card in cards)
