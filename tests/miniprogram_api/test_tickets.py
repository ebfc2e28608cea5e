"""Numbers over HTTP: take, watch, give back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app import clock, db
from app.db import unit_of_work
from app.queueing import calling
from tests.app.queueing import halls
from tests.app.queueing.halls import TEN
from tests.city_fixtures import load_city, publish_items
from tests.people_fixtures import log_in, log_in_as, make_citizen

API = "/api/v1/tickets"


@pytest.fixture
def phone(client: FlaskClient) -> Iterator[FlaskClient]:
    """A phone at ten on a Monday morning."""
    with clock.stopped_at(TEN):
        load_city()
        yield client


@pytest.fixture
def task_code(phone: FlaskClient) -> str:
    """An item of the police windows."""
    del phone
    return publish_items("id-first")[0]


@pytest.fixture
def me(phone: FlaskClient) -> dict[str, str]:
    """The headers of a citizen's phone."""
    del phone
    return log_in()


def owner_of(ticket_id: int) -> int:
    return halls.seen(ticket_id).ticket.citizen_id or 0


def tap(
    phone: FlaskClient,
    me: dict[str, str],
    body: dict[str, Any],
    *,
    key: str = "tap-number-1",
    hall: str = "C01",
) -> TestResponse:
    headers = me | {"Idempotency-Key": key}
    return phone.post(f"/api/v1/centres/{hall}/tickets", json=body, headers=headers)


def test_a_number_says_where_i_stand_and_what_to_do(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    halls.take(task_code, minutes=-5)
    answer = tap(phone, me, {"task_code": task_code, "priority": None})
    ticket = answer.get_json()

    assert answer.status_code == 201
    assert (ticket["number"], ticket["state_text"], ticket["people_ahead"]) == ("A002", "等候中", 1)
    assert (ticket["expected_wait_minutes"], ticket["window"], ticket["appointment_id"]) == (None, None, None)
    assert ticket["hint"] == "前面还有1位，请留意叫号"
    assert phone.get(f"{API}/{ticket['id']}", headers=me).get_json() == ticket
    assert phone.get(API, headers=me).get_json() == {"items": [ticket], "next_cursor": None}


def test_the_same_tap_twice_is_one_number_and_another_tap_is_refused(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    body = {"task_code": task_code, "priority": "pregnant"}
    first, second = tap(phone, me, body), tap(phone, me, body)
    other = tap(phone, me, body, key="tap-number-2")

    assert first.get_json() == second.get_json()
    assert first.get_json()["priority_text"] == "孕妇优先"
    assert (other.status_code, other.get_json()["code"]) == (409, "already_waiting")


def test_a_called_number_names_the_window(phone: FlaskClient, me: dict[str, str], task_code: str) -> None:
    ticket_id = tap(phone, me, {"task_code": task_code}).get_json()["id"]
    halls.call(halls.window("A03"))
    ticket = phone.get(f"{API}/{ticket_id}", headers=me).get_json()

    assert (ticket["state"], ticket["window"], ticket["people_ahead"]) == ("called", "A03", None)
    assert ticket["called_at"] == "2026-11-16T10:00:00+08:00"
    assert "A03" in ticket["hint"]


def test_a_passed_number_says_how_it_comes_back(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    ticket_id, at = tap(phone, me, {"task_code": task_code}).get_json()["id"], halls.window()
    halls.call(at)
    halls.pass_over(at, ticket_id)

    assert "恢复一次" in phone.get(f"{API}/{ticket_id}", headers=me).get_json()["hint"]


def test_a_number_is_given_back(phone: FlaskClient, me: dict[str, str], task_code: str) -> None:
    ticket_id = tap(phone, me, {"task_code": task_code}).get_json()["id"]
    answers = [phone.post(f"{API}/{ticket_id}/cancel", headers=me) for _ in range(2)]

    assert [answer.get_json()["state"] for answer in answers] == ["cancelled"] * 2
    assert answers[0].get_json()["can_cancel"] is False


@pytest.mark.parametrize(
    ("steps", "hint"),
    [
        ([], "需要时可以重新取号"),
        (["call"], "需要时可以重新取号"),
        (["call", "serve"], "已经办完，谢谢您的等候"),
    ],
)
def test_after_midnight_nobody_is_sent_to_a_window_with_a_number_of_yesterday(
    phone: FlaskClient, me: dict[str, str], task_code: str, steps: list[str], hint: str
) -> None:
    ticket_id = tap(phone, me, {"task_code": task_code}).get_json()["id"]
    at = halls.window()
    for step in steps:
        if step == "call":
            halls.call(at)
        else:
            with unit_of_work() as session:
                calling.serve(session, at=at, ticket_id=ticket_id)
    with clock.stopped_at(TEN + timedelta(hours=15)):
        late = log_in_as(owner_of(ticket_id))

        assert phone.get(f"{API}/{ticket_id}", headers=late).get_json()["hint"] == hint


def test_another_citizens_number_does_not_exist(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    theirs = halls.take(task_code)
    answers = [
        phone.get(f"{API}/{theirs}", headers=me),
        phone.post(f"{API}/{theirs}/cancel", headers=me),
        phone.get(f"{API}/99", headers=me),
        phone.get(f"{API}/{2**63}", headers=me),
        phone.post(f"{API}/{2**63}/cancel", headers=me),
    ]

    assert {answer.get_json()["code"] for answer in answers} == {"ticket_not_found"}


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"task_code": "x" * 41}, 422), ({"task_code": "no"}, 404), ({"task_code": "1\x00"}, 422)],
)
def test_a_bad_wish_is_refused(
    phone: FlaskClient, me: dict[str, str], body: dict[str, Any], status: int
) -> None:
    assert tap(phone, me, body).status_code == status
    assert tap(phone, me, {"task_code": "no"}, hall="C%00").status_code in {404, 422}


def test_checking_in_gives_the_number_and_the_list_shows_it(phone: FlaskClient, task_code: str) -> None:
    citizen_id = make_citizen()
    me, visit = log_in_as(citizen_id), halls.visit(task_code, citizen_id=citizen_id)
    before = phone.get(f"/api/v1/appointments/{visit.id}", headers=me).get_json()
    came = phone.post(
        f"/api/v1/appointments/{visit.id}/check-in", json={"code": visit.code}, headers=me
    ).get_json()
    ticket = phone.get(f"{API}/{came['ticket_id']}", headers=me).get_json()

    assert before["ticket_id"] is None
    assert (ticket["appointment_id"], ticket["number"]) == (visit.id, "A001")
    listed = phone.get("/api/v1/appointments", headers=me).get_json()["items"]
    assert [one["ticket_id"] for one in listed] == [came["ticket_id"]]


def test_a_longer_list_of_appointments_takes_no_more_statements(phone: FlaskClient, task_code: str) -> None:
    citizen_id = make_citizen()
    me = log_in_as(citizen_id)
    seen: list[object] = []

    def count() -> int:
        seen.clear()
        assert phone.get("/api/v1/appointments", headers=me).status_code == 200
        return len(seen)

    halls.check_in(halls.visit(task_code, citizen_id=citizen_id))

    def note(*asked: object) -> None:
        seen.append(asked[2])

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        one = count()
        (other,) = publish_items("id-renew")
        halls.check_in(halls.visit(other, in_minutes=30, citizen_id=citizen_id))
        assert count() == one
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
