"""Visits over HTTP, for whoever is visited (上门服务)."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import clock
from app.site_visits.models import VisitKind
from tests import case_fixtures
from tests import visit_fixtures as visits
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.miniprogram_api.owner import Owner

CIVIL = "市民政局"


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("elder-allow"))
        yield


@pytest.fixture
def elder(client: FlaskClient) -> Owner:
    return Owner(client)


def asked(elder: Owner) -> str:
    case_no = case_fixtures.submitted(elder.id, visits.ELDER)
    elder.call("POST", f"/cases/{case_no}/visits", json={"address": "示例区示例路2号302室", "wish": "上午"})
    return case_no


def planned(elder: Owner) -> str:
    case_no = asked(elder)
    team = [visits.officer(CIVIL, "孙上门"), visits.officer(CIVIL, "李上门")]
    visits.plan(case_no, team, VisitKind.HOME, prepare="请备好身份证")
    return case_no


def test_an_elder_asks_on_the_phone_and_sees_who_comes_and_when(elder: Owner) -> None:
    case_no = planned(elder)
    (visit,) = elder.call("GET", f"/cases/{case_no}/visits").get_json()["visits"]

    assert (visit["state"], visit["when"]) == ("planned", "2026年11月17日（周二）09:00到10:30")
    assert [one["name"] for one in visit["staff"]] == ["孙上门", "李上门"]
    assert all(one["staff_no"] for one in visit["staff"])
    assert visit["prepare"] == "请备好身份证"


def test_the_case_says_that_somebody_may_come(elder: Owner) -> None:
    case_no = case_fixtures.submitted(elder.id, visits.ELDER)
    shown = elder.call("GET", f"/cases/{case_no}").get_json()["visits"]

    assert (shown["may_ask"], shown["offered"]) == (True, "八十周岁以上、行动不便的老年人")


def test_a_visit_that_was_moved_says_from_when(elder: Owner) -> None:
    case_no = asked(elder)
    team = [visits.officer(CIVIL, "孙上门"), visits.officer(CIVIL, "李上门")]
    visit = visits.plan(case_no, team, VisitKind.HOME)
    path = f"/cases/{case_no}/visits"
    before = elder.call("GET", path).get_json()["visits"][0]["moved_from"]
    visits.replan(visit, team, day=visits.TUESDAY, part=4)
    (moved,) = elder.call("GET", path).get_json()["visits"]

    assert (before, moved["moved_from"]) == ("", "2026年11月17日（周二）09:00到10:30")
    assert moved["when"] == "2026年11月17日（周二）15:30到17:00"


def test_another_time_once_and_off_up_to_the_evening_before(elder: Owner) -> None:
    case_no = planned(elder)
    (visit,) = elder.call("GET", f"/cases/{case_no}/visits").get_json()["visits"]
    path = f"/cases/{case_no}/visits/{visit['id']}"
    moved = elder.call("POST", f"{path}/other-time", json={"wish": "周四下午"}).get_json()
    again = elder.call("POST", f"{path}/other-time", json={"wish": "周五"})
    off = elder.call("POST", f"{path}/cancel").get_json()

    assert moved["visits"][0]["may_ask_other_time"] is False
    assert (again.status_code, again.get_json()["code"]) == (409, "other_time_asked")
    assert (off["visits"][0]["state"], off["may_ask"]) == ("cancelled", True)


def test_another_persons_visit_is_404(elder: Owner, client: FlaskClient) -> None:
    case_no = planned(elder)
    stranger = Owner(client, "李四")

    assert stranger.call("GET", f"/cases/{case_no}/visits").status_code == 404
    assert stranger.call("POST", f"/cases/{case_no}/visits/1/cancel").status_code == 404


def test_the_calendar_file_says_when_and_not_where_somebody_lives(elder: Owner, client: FlaskClient) -> None:
    case_no = planned(elder)
    (visit,) = elder.call("GET", f"/cases/{case_no}/visits").get_json()["visits"]
    path = visit["calendar_url"].removeprefix("http://127.0.0.1:8000")
    file = client.get(path)

    assert b"DTSTART:20261117T010000Z" in file.data
    assert "示例路".encode() not in file.data
    assert client.get(path.replace("calendar/", "calendar/A")).status_code == 404


def test_what_was_found_is_told_when_the_record_is_closed(elder: Owner) -> None:
    case_no, team = asked(elder), [visits.officer(CIVIL), visits.officer(CIVIL)]
    visit = visits.plan(case_no, team, VisitKind.HOME)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
    (before,) = elder.call("GET", f"/cases/{case_no}/visits").get_json()["visits"]
    with visits.on_the_day():
        visits.close(visit, team[0])
    (after,) = elder.call("GET", f"/cases/{case_no}/visits").get_json()["visits"]

    assert {point["met"] for point in before["points"]} == {None}
    assert ({point["met"] for point in after["points"]}, after["applicant"]) == ({True}, "absent")
