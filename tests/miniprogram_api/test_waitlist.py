"""The waiting list over HTTP: ask, see the held place, take it or leave."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.appointments.models import Visit
from tests.app.queueing.lists import full_slot
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.people_fixtures import log_in, log_in_as

API = "/api/v1/waitlist"


@pytest.fixture
def phone(client: FlaskClient) -> Iterator[FlaskClient]:
    """A phone in the demo city on a Monday morning."""
    with clock.stopped_at(MONDAY):
        load_city()
        yield client


@pytest.fixture
def full(phone: FlaskClient) -> tuple[str, Visit]:
    """An item whose one place is booked, and who has it."""
    del phone
    task_code = publish_items("id-first")[0]
    return task_code, full_slot(task_code)[1][0]


@pytest.fixture
def me(phone: FlaskClient) -> dict[str, str]:
    """The headers of a citizen's phone."""
    del phone
    return log_in()


def tap(phone: FlaskClient, me: dict[str, str], path: str = "", **body: Any) -> TestResponse:
    headers = me | {"Idempotency-Key": f"tap-{path or 'join'}-1"}
    return phone.post(f"{API}{path}", json=body, headers=headers)


def ask(phone: FlaskClient, me: dict[str, str], task_code: str, before: str = "2026-11-18") -> TestResponse:
    return tap(phone, me, centre_id="C01", task_code=task_code, before=before)


def give_back(phone: FlaskClient, visit: Visit) -> None:
    answer = phone.post(f"/api/v1/appointments/{visit.id}/cancel", headers=log_in_as(visit.citizen_id))
    assert answer.status_code == 200


def test_asking_offering_and_taking(phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit]) -> None:
    task_code, visit = full
    asked = ask(phone, me, task_code)
    give_back(phone, visit)
    (wish,) = phone.get(API, headers=me).get_json()["items"]
    taken = [tap(phone, me, f"/{wish['id']}/accept") for _ in range(2)]

    assert (asked.status_code, asked.get_json()["state_text"], asked.get_json()["offer"]) == (
        201,
        "候补中",
        None,
    )
    assert asked.get_json()["before"] == "2026-11-19T00:00:00+08:00"
    assert wish["state"] == "offered"
    assert wish["offer"] == {
        "slot_id": visit.slot_id,
        "starts_at": "2026-11-17T10:00:00+08:00",
        "ends_at": "2026-11-17T10:30:00+08:00",
        "window_group": "公安",
        "expires_at": "2026-11-16T08:10:00+08:00",
    }
    assert [answer.status_code for answer in taken] == [201, 201]
    assert taken[0].get_json() == taken[1].get_json()
    (ended,) = phone.get(API, headers=me).get_json()["items"]
    assert (ended["state"], ended["appointment_id"]) == ("accepted", taken[0].get_json()["id"])


def test_too_late_is_a_plain_sentence(
    phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit]
) -> None:
    task_code, visit = full
    entry_id = ask(phone, me, task_code).get_json()["id"]
    early = tap(phone, me, f"/{entry_id}/accept")
    give_back(phone, visit)
    with clock.stopped_at(MONDAY + timedelta(minutes=10)):
        late = phone.post(f"{API}/{entry_id}/accept", headers=me | {"Idempotency-Key": "late-tap-1"})

    assert (early.status_code, early.get_json()["code"]) == (409, "nothing_offered")
    assert (late.status_code, late.get_json()["code"]) == (410, "offer_over")
    assert "您仍在候补" in late.get_json()["detail"]


def test_leaving_is_quiet_and_may_be_repeated(
    phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit]
) -> None:
    entry_id = ask(phone, me, full[0]).get_json()["id"]
    answers = [phone.delete(f"{API}/{entry_id}", headers=me).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert phone.get(API, headers=me).get_json()["items"][0]["state"] == "cancelled"


def test_a_moment_may_be_named_too(phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit]) -> None:
    answer = ask(phone, me, full[0], "2026-11-18T10:00:00+08:00")

    assert answer.get_json()["before"] == "2026-11-18T10:00:00+08:00"


@pytest.mark.parametrize(
    "before", ["", "明天", "2026-13-01", "9999-12-31", "0001-01-01T00:00:00+08:00", "2026-11-10", None, 7]
)
def test_a_time_that_is_none_or_cannot_be_is_refused(
    phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit], before: Any
) -> None:
    assert ask(phone, me, full[0], before).status_code == 422


def test_another_citizens_wish_does_not_exist(
    phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit]
) -> None:
    entry_id = ask(phone, me, full[0]).get_json()["id"]
    other = log_in()

    assert tap(phone, other, f"/{entry_id}/accept").get_json()["code"] == "wait_not_found"
    assert phone.delete(f"{API}/{entry_id}", headers=other).status_code == 404
    assert phone.delete(f"{API}/{2**63}", headers=me).status_code == 404
    assert phone.get(API, headers=other).get_json()["items"] == []


def test_my_list_goes_on_page_by_page(
    phone: FlaskClient, me: dict[str, str], full: tuple[str, Visit]
) -> None:
    for count in range(3):
        answer = phone.post(
            API,
            json={"centre_id": "C01", "task_code": full[0], "before": "2026-11-18"},
            headers=me | {"Idempotency-Key": f"tap-again-{count}"},
        )
        phone.delete(f"{API}/{answer.get_json()['id']}", headers=me)
    first = phone.get(f"{API}?limit=2", headers=me).get_json()
    second = phone.get(f"{API}?limit=2&cursor={first['next_cursor']}", headers=me).get_json()

    assert [wish["id"] for wish in first["items"] + second["items"]] == [3, 2, 1]
    assert second["next_cursor"] is None
