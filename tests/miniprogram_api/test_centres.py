from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock, db
from app.appointments import service
from app.db import unit_of_work
from tests.app.appointments.books import book
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city, make_slot, publish_items
from tests.people_fixtures import make_citizen


@pytest.fixture
def phone(client: FlaskClient) -> Iterator[FlaskClient]:
    """A phone in the demo city on a Monday morning."""
    with clock.stopped_at(MONDAY):
        load_city()
        yield client


def test_halls_are_listed_nearest_first_with_metres(phone: FlaskClient) -> None:
    found = phone.get("/api/v1/centres?near=26.1521,119.1334").get_json()
    assert [centre["id"] for centre in found["items"]][:2] == ["C07", "C05"]
    assert found["items"][0]["distance_m"] == 0
    assert found["items"][0]["open_now"] is False
    assert {centre["provenance"] for centre in found["items"]} == {"demo-authored"}


def test_halls_are_narrowed_by_item_and_moment(phone: FlaskClient) -> None:
    (task_code,) = publish_items("id-first")
    saturday = "2026-11-21T10:00:00+08:00"
    found = phone.get(f"/api/v1/centres?task_code={task_code}&open_at={saturday}").get_json()
    assert {centre["id"] for centre in found["items"]} == {"C01", "C03", "C05"}


def test_a_list_of_halls_goes_on_behind_its_cursor(phone: FlaskClient) -> None:
    first = phone.get("/api/v1/centres?limit=5").get_json()
    rest = phone.get(f"/api/v1/centres?limit=5&cursor={first['next_cursor']}").get_json()
    assert [centre["id"] for centre in first["items"] + rest["items"]] == [f"C0{n}" for n in range(1, 9)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "query", ["near=91,0", "near=nan,0", "near=north", "open_at=tomorrow", "limit=101", "task_code=%00"]
)
def test_a_question_that_makes_no_sense_is_refused(phone: FlaskClient, query: str) -> None:
    answer = phone.get(f"/api/v1/centres?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("path", ["/api/v1/centres", "/api/v1/centres/C01"])
def test_a_hall_that_has_not_changed_is_not_sent_again(phone: FlaskClient, path: str) -> None:
    first = phone.get(path)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = phone.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    with clock.stopped_at(MONDAY + timedelta(hours=2)):  # now it is open
        assert phone.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_one_hall_tells_its_windows_hours_and_help(phone: FlaskClient) -> None:
    centre = phone.get("/api/v1/centres/C01").get_json()
    assert centre["windows"][0]["name"] == "公安"
    assert centre["hours"]["6"] == [["09:00", "16:00"]]
    assert "坡道" in centre["accessibility"]
    assert centre["waiting_now"] == 0


@pytest.mark.parametrize("centre_id", ["C99", "%00", "C01%20"])
def test_an_unknown_hall_is_404(phone: FlaskClient, centre_id: str) -> None:
    assert phone.get(f"/api/v1/centres/{centre_id}").status_code == 404


def test_slots_show_free_places_load_and_quieter_times(phone: FlaskClient) -> None:
    (task_code,) = publish_items("id-first")
    full, quiet = make_slot(capacity=1), make_slot(capacity=4, at=MONDAY + timedelta(days=2))
    book(make_citizen(), full, task_code)
    shown = phone.get(f"/api/v1/centres/C01/slots?task_code={task_code}").get_json()
    by_id = {slot["slot_id"]: slot for slot in shown["items"]}
    assert (by_id[full]["free"], by_id[full]["load"], by_id[full]["load_text"]) == (0, 100, "已约满")
    assert (by_id[quiet]["free"], by_id[quiet]["load_level"]) == (4, "quiet")
    assert [slot["slot_id"] for slot in shown["quieter"]] == [quiet]
    assert by_id[full]["starts_at"] == "2026-11-17T10:00:00+08:00"


@pytest.mark.parametrize("days", ["from=2026-11-20&to=2026-11-19", "from=2026-11-01&to=2026-12-31", "from=x"])
def test_days_in_the_wrong_order_or_too_many_are_refused(phone: FlaskClient, days: str) -> None:
    (task_code,) = publish_items("id-first")
    answer = phone.get(f"/api/v1/centres/C01/slots?task_code={task_code}&{days}")
    assert answer.status_code == 422


def test_a_week_of_slots_costs_as_many_statements_as_a_day(phone: FlaskClient) -> None:
    (task_code,) = publish_items("id-first")
    with unit_of_work() as session:
        service.open_slots(session)
    path = f"/api/v1/centres/C01/slots?task_code={task_code}"
    phone.get(path)
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        day = len(phone.get(f"{path}&from=2026-11-17&to=2026-11-17").get_json()["items"])
        for_a_day = len(counted)
        week = len(phone.get(f"{path}&from=2026-11-16&to=2026-11-24").get_json()["items"])
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    assert week > 5 * day > 0
    assert len(counted) - for_a_day <= for_a_day <= 4


SATURDAY_AT_TEN = "2026-11-21T10:00:00%2B08:00"


def test_on_a_saturday_at_ten_the_nearest_open_hall_for_an_item_is_named(phone: FlaskClient) -> None:
    (code,) = publish_items("id-first")
    where = "lat=26.0755&lng=119.306"
    found = phone.get(f"/api/v1/centres?task_code={code}&{where}&at={SATURDAY_AT_TEN}").get_json()
    assert found["items"][0]["id"] == "C08"  # the nearest, and shut
    assert found["nearest_open"] == "C03"
    hall = next(one for one in found["items"] if one["id"] == "C03")
    assert (hall["open_now"], hall["on_duty"], hall["closes_at"]) == (True, True, "2026-11-21T12:00:00+08:00")
    assert hall["walk_minutes"] == -(-hall["distance_m"] // 72)
    assert found["items"][0]["opens_next"] == "2026-11-23T09:00:00+08:00"


def test_the_nearest_open_hall_is_named_from_behind_the_page_too(phone: FlaskClient) -> None:
    (code,) = publish_items("id-first")
    where = f"near=26.0755,119.306&at={SATURDAY_AT_TEN}&limit=1"
    found = phone.get(f"/api/v1/centres?task_code={code}&{where}").get_json()
    assert [one["id"] for one in found["items"]] == ["C08"]
    assert found["nearest_open"] == "C03"


@pytest.mark.parametrize(
    "query", ["lat=26", "lat=91&lng=1", "at=0001-01-01T00:00:00", "open_at=9999-12-31T23:00:00-10:00"]
)
def test_half_a_place_and_a_time_of_no_city_are_refused(phone: FlaskClient, query: str) -> None:
    assert phone.get(f"/api/v1/centres?{query}").status_code == 422


def test_a_hall_that_does_not_take_an_item_says_where_to_go(phone: FlaskClient) -> None:
    (code,) = publish_items("gjj-rent")
    wrong = phone.get(f"/api/v1/centres/C02?task_code={code}").get_json()
    assert wrong["not_here"]["centre_id"] == "C01"
    assert "市民服务中心" in wrong["not_here"]["sentence"]
    assert (wrong["on_duty"], wrong["opens_next"]) == (False, None)
    right = phone.get(f"/api/v1/centres/C01?task_code={code}").get_json()
    assert (right["not_here"], right["opens_next"]) == (None, "2026-11-16T09:00:00+08:00")


def test_an_item_in_no_hall_has_no_halls_and_another_way(phone: FlaskClient) -> None:
    one = item("gjj-rent", transact_centers=[], transact_addr="示例路1号")
    publish(one)
    found = phone.get(f"/api/v1/centres?task_code={one['task_code']}").get_json()
    assert (found["items"], found["nearest_open"]) == ([], None)
    assert "示例路1号" in found["not_here"]["sentence"]


def test_a_community_station_offers_what_is_marked_as_near(phone: FlaskClient) -> None:
    publish_items("id-first", "maternity", "marry", "passport-first")
    station = phone.get("/api/v1/centres/C08/items").get_json()["items"]
    assert {card["item_key"] for card in station} == {"id-first", "marry"}
    hall = phone.get("/api/v1/centres/C01/items?limit=3").get_json()
    rest = phone.get(f"/api/v1/centres/C01/items?limit=3&cursor={hall['next_cursor']}").get_json()
    assert len(hall["items"] + rest["items"]) == 4
    publish(item("marry", secret=True))
    assert len(phone.get("/api/v1/centres/C08/items").get_json()["items"]) == 1
    assert phone.get("/api/v1/centres/C99/items").status_code == 404


def test_what_a_hall_offers_costs_the_same_statements_however_much_it_is(phone: FlaskClient) -> None:
    publish_items("id-first", "id-lost", "id-renew", "marry")
    phone.get("/api/v1/centres/C08/items")
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        phone.get("/api/v1/centres/C08/items?limit=1")
        for_one = len(counted)
        phone.get("/api/v1/centres/C08/items?limit=4")
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    assert len(counted) - for_one <= for_one <= 5
