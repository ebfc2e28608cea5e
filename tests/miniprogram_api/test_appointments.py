from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app import clock
from app.appointments import queries
from app.appointments.models import Appointment, Visit
from app.db import unit_of_work
from miniprogram_api.appointments import calendar_entry, calendar_url
from miniprogram_api.calendar_file import calendar_file
from tests.app.appointments.books import book, booked, heard
from tests.city_fixtures import MONDAY, load_city, make_slot, publish_items
from tests.people_fixtures import log_in, make_citizen

API = "/api/v1/appointments"
TUESDAY_10 = MONDAY + timedelta(days=1, hours=2)


@pytest.fixture
def phone(client: FlaskClient) -> Iterator[FlaskClient]:
    """A phone in the demo city on a Monday morning."""
    with clock.stopped_at(MONDAY):
        load_city()
        yield client


@pytest.fixture
def task_code(phone: FlaskClient) -> str:
    """An item that the police windows take by appointment."""
    del phone
    return publish_items("id-first")[0]


@pytest.fixture
def me(phone: FlaskClient) -> dict[str, str]:
    """The headers of a citizen's phone."""
    del phone
    return log_in()


def tap(
    phone: FlaskClient, me: dict[str, str], body: dict[str, Any], key: str = "tap-number-1"
) -> TestResponse:
    return phone.post(API, json=body, headers=me | {"Idempotency-Key": key})


def wish(slot_id: int, task_code: str, **more: Any) -> dict[str, Any]:
    return {"centre_id": "C01", "slot_id": slot_id, "task_code": task_code, **more}


def test_booking_answers_with_code_place_time_and_calendar_link(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    answer = tap(phone, me, wish(make_slot(), task_code, note="需要轮椅", **{"for": "王奶奶"}))
    visit = answer.get_json()
    assert answer.status_code == 201
    assert len(visit["code"]) == 22
    assert (visit["status"], visit["status_text"], visit["note"]) == ("booked", "已预约", "需要轮椅")
    assert (visit["for"], visit["centre"]["name"]) == ("王奶奶", "市民服务中心（示例）")
    assert (visit["starts_at"], visit["can_change"]) == ("2026-11-17T10:00:00+08:00", True)
    assert phone.get(f"{API}/{visit['id']}", headers=me).get_json() == visit | {"taken_in": []}


def test_the_same_tap_twice_is_one_booking(phone: FlaskClient, me: dict[str, str], task_code: str) -> None:
    body = wish(make_slot(), task_code)
    first, second = tap(phone, me, body), tap(phone, me, body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert booked(body["slot_id"]) == 1
    other = tap(phone, me, body | {"note": "别的内容"})
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


def test_a_full_slot_is_a_plain_sentence(phone: FlaskClient, me: dict[str, str], task_code: str) -> None:
    slot_id = make_slot(capacity=1)
    book(make_citizen(), slot_id, task_code)
    answer = tap(phone, me, wish(slot_id, task_code))
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (409, "slot_full")
    assert answer.mimetype == "application/problem+json"
    assert "换一个时段" in problem["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot_id": "1"},
        {"slot_id": True},
        {"slot_id": 0},
        {"slot_id": 2**63},
        {"slot_id": None},
        {"task_code": "a\0b"},
        {"task_code": ["x"]},
        {"centre_id": ""},
        {"note": "长" * 201},
        {"for": ""},
        {"surprise": 1},
    ],
)
def test_a_body_that_is_not_a_booking_is_refused(
    phone: FlaskClient, me: dict[str, str], task_code: str, wrong: dict[str, Any]
) -> None:
    answer = tap(phone, me, wish(1, task_code) | wrong)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")
    assert next(iter(wrong)) in answer.get_json()["errors"]


def test_booking_needs_a_login_and_a_key(phone: FlaskClient, me: dict[str, str], task_code: str) -> None:
    body = wish(make_slot(), task_code)
    assert phone.post(API, json=body, headers={"Idempotency-Key": "tap-number-1"}).status_code == 401
    assert phone.post(API, json=body, headers=me).get_json()["code"] == "idempotency_key_missing"
    assert booked(body["slot_id"]) == 0


def test_somebody_elses_appointment_is_404_for_every_call(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    calls = [
        phone.get(f"{API}/{visit.id}", headers=me),
        phone.post(f"{API}/{visit.id}/cancel", headers=me),
        phone.post(f"{API}/{visit.id}/reschedule", json={"slot_id": visit.slot_id}, headers=me),
        phone.post(f"{API}/{visit.id}/check-in", json={"code": visit.code}, headers=me),
    ]
    absent = phone.get(f"{API}/999999", headers=me)
    assert {answer.status_code for answer in (*calls, absent)} == {404}
    hidden = {"request_id": ""}
    assert calls[0].get_json() | hidden == absent.get_json() | hidden
    assert phone.get(f"{API}/{10**30}", headers=me).status_code == 404


def test_my_appointments_are_mine_alone_and_come_in_pages(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    book(make_citizen(), make_slot(), task_code)
    ids = [
        tap(
            phone, me, wish(make_slot(at=TUESDAY_10 + timedelta(days=day)), task_code), f"tap-number-{day}"
        ).get_json()["id"]
        for day in range(1, 4)
    ]
    first = phone.get(f"{API}?limit=2", headers=me).get_json()
    rest = phone.get(f"{API}?limit=2&cursor={first['next_cursor']}", headers=me).get_json()
    assert [visit["id"] for visit in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next_cursor"] is None


def test_an_appointment_is_moved_cancelled_and_cancelled_again(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    old, new = make_slot(), make_slot(at=TUESDAY_10 + timedelta(days=1))
    visit = tap(phone, me, wish(old, task_code)).get_json()
    moved = phone.post(f"{API}/{visit['id']}/reschedule", json={"slot_id": new}, headers=me).get_json()
    assert (moved["slot_id"], moved["code"]) == (new, visit["code"])
    cancelled = [phone.post(f"{API}/{visit['id']}/cancel", headers=me).get_json() for _ in range(2)]
    assert [answer["status"] for answer in cancelled] == ["cancelled", "cancelled"]
    assert (booked(old), booked(new)) == (0, 0)


def test_checking_in_needs_the_right_code_and_twice_is_one_arrival(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    soon = make_slot(at=MONDAY + timedelta(minutes=60))
    visit = tap(phone, me, wish(soon, task_code)).get_json()
    wrong = phone.post(f"{API}/{visit['id']}/check-in", json={"code": "签到"}, headers=me)
    assert wrong.get_json()["code"] == "wrong_code"
    for _ in range(2):
        came = phone.post(f"{API}/{visit['id']}/check-in", json={"code": visit["code"]}, headers=me)
        assert came.get_json()["status"] == "checked_in"
    assert heard("AppointmentCheckedIn") == [visit["id"]]


def test_the_calendar_link_opens_without_a_login_and_cannot_be_guessed(
    phone: FlaskClient, me: dict[str, str], task_code: str
) -> None:
    visit = tap(phone, me, wish(make_slot(), task_code, **{"for": "王奶奶"})).get_json()
    path = visit["calendar_url"].removeprefix("http://127.0.0.1:8000")
    answer = phone.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert b"DTSTART:20261117T020000Z\r\n" in answer.data
    assert "王奶奶".encode() not in answer.data
    assert visit["code"].encode() not in answer.data
    phone.post(f"{API}/{visit['id']}/cancel", headers=me)
    assert b"STATUS:CANCELLED\r\n" in phone.get(path).data


@pytest.mark.parametrize("token", ["", "x", "AAAAAAAAAAE" * 3, "%00", "签", "a" * 5000])
def test_a_made_up_calendar_link_is_404(phone: FlaskClient, token: str) -> None:
    assert phone.get(f"{API}/calendar/{token}.ics").status_code == 404


def test_a_changed_calendar_link_is_404(phone: FlaskClient, task_code: str) -> None:
    mine, other = (
        book(make_citizen(), make_slot(at=TUESDAY_10 + timedelta(days=n)), task_code) for n in (0, 1)
    )
    one, two = (calendar_url(visit).rsplit("/", 1)[1].removesuffix(".ics") for visit in (mine, other))
    assert phone.get(f"{API}/calendar/{two[:11]}{one[11:]}.ics").status_code == 404


def test_lines_of_a_calendar_file_are_folded_and_commas_escaped(phone: FlaskClient, task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    with unit_of_work() as session:
        session.execute(update(Appointment).values(task_name="换证,补证;挂失\\" + "很长的名字" * 15))
    from_database = calendar_file(calendar_entry(_again(visit.id)), host="yima.example")
    lines = from_database.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    whole = from_database.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:换证\\,补证\\;挂失\\\\很长的名字" in whole
    assert whole.startswith("BEGIN:VCALENDAR\r\n")
    assert whole.endswith("END:VCALENDAR\r\n")


def _again(appointment_id: int) -> Visit:
    with unit_of_work() as session:
        return queries.by_id(session, appointment_id=appointment_id)
