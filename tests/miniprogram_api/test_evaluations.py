"""Rating a service from the phone (好差评)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock, db
from app.db import unit_of_work
from app.evaluations import published
from notifications import queries as messages
from tests import desk_fixtures as desk
from tests.case_fixtures import APPROVER, accept, decide, pay, submitted
from tests.city_fixtures import MONDAY
from tests.miniprogram_api.owner import Owner
from tests.rating_fixtures import DONE, mend


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield Owner(client)


def decided(owner: Owner) -> str:
    case_no = submitted(owner.id)
    accept(case_no)
    pay(case_no)
    decide(case_no, APPROVER)
    return case_no


def rate(owner: Owner, case_no: str, **body: Any) -> dict[str, Any]:
    answered = owner.call("POST", "/evaluations", json={"case_no": case_no, "level": 5, **body})
    assert answered.status_code == 201, answered.get_data(as_text=True)
    return dict(answered.get_json())


def test_a_rating_comes_back_as_it_was_given(owner: Owner) -> None:
    case_no = decided(owner)
    rated = rate(owner, case_no, level=1, tags=["guide_good"], comment="很快", anonymous=True)

    assert rated["tags"] == [{"key": "guide_good", "text": "指南写得清楚准确", "indicator": "办事指南精确度"}]
    assert (rated["case_no"], rated["appointment_id"], rated["mending"]) == (case_no, None, None)
    assert (rated["level_text"], rated["stars"], rated["anonymous"]) == ("非常满意", 5, True)
    assert rated["created_at"] == "2026-11-16T08:00:00+08:00"


def test_a_tap_that_is_repeated_rates_once_and_a_second_rating_is_refused(owner: Owner) -> None:
    body = {"case_no": decided(owner), "level": 2}
    first, again = (owner.call("POST", "/evaluations", json=body, tap="the same tap") for _ in range(2))
    second = owner.call("POST", "/evaluations", json=body)

    assert (first.status_code, again.get_json()) == (201, first.get_json())
    assert (second.status_code, second.get_json()["code"]) == (409, "already_rated")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"level": 1},
        {"case_no": "1", "appointment_id": 1, "level": 1},
        {"case_no": "1", "level": 0},
        {"case_no": "1", "level": 6},
        {"case_no": "1", "level": "1"},
        {"case_no": "1", "level": 1, "tags": ["a"] * 5},
        {"case_no": "1", "level": 1, "comment": "长" * 501},
        {"appointment_id": 2**63, "level": 1},
    ],
)
def test_a_rating_that_says_too_little_or_too_much_is_refused(owner: Owner, body: dict[str, Any]) -> None:
    refused = owner.call("POST", "/evaluations", json=body)

    assert refused.status_code == 422
    assert refused.get_json()["errors"]


def test_somebody_elses_case_and_visit_are_not_there(owner: Owner, client: FlaskClient) -> None:
    other, case_no = Owner(client), decided(owner)
    visit = desk.visit(owner.id)
    answers = [
        other.call("POST", "/evaluations", json={"case_no": case_no, "level": 1}),
        other.call("POST", "/evaluations", json={"appointment_id": visit.id, "level": 1}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_case_says_whether_it_may_be_rated(owner: Owner) -> None:
    case_no, draft = decided(owner), owner.start()
    before = owner.call("GET", f"/cases/{case_no}").get_json()["rating"]
    rate(owner, case_no, level=4)

    assert before == {"may_rate": True, "level": None}
    assert owner.call("GET", f"/cases/{case_no}").get_json()["rating"] == {"may_rate": False, "level": 4}
    assert owner.call("GET", f"/cases/{draft}").get_json()["rating"] == {"may_rate": False, "level": None}


def test_a_bad_rating_is_followed_to_its_end(owner: Owner, deliver: Callable[[], None]) -> None:
    case_no = decided(owner)
    rated = rate(owner, case_no)
    opened = rated["mending"]
    mend(1)
    deliver()
    (listed,) = owner.call("GET", f"/evaluations?case_no={case_no}").get_json()["items"]
    path = f"/evaluations/{rated['id']}/confirmation"
    ended = owner.call("POST", path, json={"satisfied": True}).get_json()["mending"]
    with unit_of_work() as session:
        told = messages.of_citizen(session, citizen_id=owner.id)[0]

    assert (opened["state"], opened["due_on"], opened["answers"]) == ("open", "2026-11-23", [])
    assert (listed["mending"]["answers"][0]["text"], listed["mending"]["may_confirm"]) == (DONE, True)
    assert (ended["state"], ended["satisfied"], ended["may_confirm"]) == ("closed", True, False)
    assert (told.title, told.page) == ("您的评价已整改", f"pages/cases/rate?no={case_no}")


def test_somebody_elses_rating_is_not_there_to_confirm(owner: Owner, client: FlaskClient) -> None:
    rated = rate(owner, decided(owner))
    refused = Owner(client).call("POST", f"/evaluations/{rated['id']}/confirmation", json={"satisfied": True})

    assert (refused.status_code, refused.get_json()["code"]) == (404, "evaluation_not_found")


def test_my_ratings_are_listed_page_by_page_and_nobody_elses(owner: Owner, client: FlaskClient) -> None:
    rated = [rate(owner, decided(owner), level=1)["id"] for _ in range(3)]
    first = owner.call("GET", "/evaluations?limit=2").get_json()
    second = owner.call("GET", f"/evaluations?limit=2&cursor={first['next_cursor']}").get_json()

    assert [item["id"] for item in first["items"] + second["items"]] == rated[::-1]
    assert second["next_cursor"] is None
    assert owner.call("GET", "/evaluations?case_no=none").get_json()["items"] == []
    assert Owner(client).call("GET", "/evaluations").get_json()["items"] == []


def test_a_longer_list_takes_no_more_statements(owner: Owner) -> None:
    def asked() -> int:
        seen: list[object] = []

        def note(*sent: object) -> None:
            seen.append(sent[2])

        event.listen(db.engine(), "before_cursor_execute", note)
        owner.call("GET", "/evaluations")
        event.remove(db.engine(), "before_cursor_execute", note)
        return len(seen)

    rate(owner, decided(owner))
    one = asked()
    for _ in range(3):
        rate(owner, decided(owner))

    assert asked() == one <= 3


@pytest.mark.usefixtures("database")
def test_anybody_may_see_what_can_be_said(client: FlaskClient) -> None:
    shown = client.get("/api/v1/evaluations/options").get_json()

    assert [(level["level"], level["stars"], level["bad"]) for level in shown["levels"]] == [
        (1, 5, False),
        (2, 4, False),
        (3, 3, False),
        (4, 2, True),
        (5, 1, True),
    ]
    assert shown["levels"][4]["tags"]["offline"][2]["text"] == "态度冷淡或推诿"
    assert (shown["comment_max"], shown["tags_max"]) == (500, 4)


def test_anybody_may_see_the_numbers(owner: Owner, client: FlaskClient) -> None:
    empty = client.get("/api/v1/evaluations/summary").get_json()
    for level in (1, 2, 5):
        rate(owner, decided(owner), level=level)
    mend(1)
    published.numbers.forget()
    shown = client.get("/api/v1/evaluations/summary").get_json()

    assert (empty["count"], empty["satisfied_share"], empty["bad"]["in_time_share"]) == (0, None, None)
    assert (shown["since"], shown["count"], shown["satisfied_share"]) == ("2026-11-16", 3, 0.6667)
    assert (shown["levels"][0]["count"], shown["levels"][0]["share"]) == (1, 0.3333)
    assert shown["bad"] == {
        "count": 1,
        "open": 0,
        "answered": 1,
        "answered_in_time": 1,
        "in_time_share": 1.0,
        "mended": 1,
    }
