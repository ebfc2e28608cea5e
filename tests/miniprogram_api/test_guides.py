from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock, db
from app.catalogue import delegating, generation
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, item, load_catalogue, publish

GUIDES = "/api/v1/guides"


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    """A phone in the demo city."""
    load_catalogue()
    return client


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that run in the block."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def test_a_guide_names_the_departments_that_are_heard(city: FlaskClient) -> None:
    road = item("road-occupy")
    shown = city.get(f"{GUIDES}/{road['task_code']}").get_json()["joint_opinions"]

    assert [(one["dept_name"], one["days"]) for one in shown] == [
        (one["dept_name"], one["days"]) for one in road["joint_opinions"]
    ]


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
