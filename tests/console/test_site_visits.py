"""Trips at the desk (上门与踏勘): set, written down on the spot, closed, printed."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.site_visits.models import VisitState
from app.staff.models import Role
from console import csrf
from tests import desk_fixtures as desk
from tests import opinion_fixtures as opinions
from tests import visit_fixtures as visits
from tests.photo_fixtures import jpeg, page
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


def lead(client: FlaskClient) -> Browser:
    return browser(client, Role.APPROVER, department=visits.LEAD, name="陈踏勘")


def form(me: Browser, **changes: Any) -> dict[str, Any]:
    others = [visits.officer(name) for name in (opinions.POLICE, opinions.PLANNING)]
    return {
        "kind": "site",
        "day": visits.TUESDAY.isoformat(),
        "part": "1",
        "address": visits.ADDRESS,
        "clerk": [me.clerk_id, *(one.clerk_id for one in others)],
        "prepare": "请带施工图",
        **changes,
    }


def test_the_lead_sets_a_trip_and_every_department_finds_it_in_its_day(client: FlaskClient) -> None:
    case_no, me = visits.accepted(), lead(client)
    assert f"/console/cases/{case_no}/visit" in me.get(f"/console/cases/{case_no}").text
    assert "留有车辆和行人通行的宽度" in me.get(f"/console/cases/{case_no}/visit").text
    made = me.post(f"/console/cases/{case_no}/visit", **form(me))
    assert "现场踏勘" in me.get(f"/console/cases/{case_no}").text
    police = browser(client, Role.APPROVER, department=opinions.POLICE)
    day = police.get(f"/console/site-visits?day={visits.TUESDAY}").text

    assert (made.status_code, visits.ADDRESS in day, "09:00到10:30" in day) == (303, True, True)
    assert police.get(f"/console/cases/{case_no}").status_code == 404
    assert "visit_planned" in desk.actions()


def test_what_is_missing_is_said_and_what_was_typed_stays(client: FlaskClient) -> None:
    case_no, me = visits.accepted(), lead(client)
    refused = me.post(f"/console/cases/{case_no}/visit", **form(me, clerk=[me.clerk_id]))

    assert (refused.status_code, "两名以上" in refused.text) == (422, True)
    assert "请带施工图" in refused.text


def test_it_is_written_down_signed_and_closed_on_the_spot(client: FlaskClient) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    address = f"/console/site-visits/{visit.id}"
    with visits.on_the_day():
        me = Browser(client, team[0].clerk_id)
        for one in team[1:]:
            visits.judge(visit, one)
            visits.sign(visit, one)
        said = {f"met-{point.id}": "yes" for point in visits.points(visit) if point.dept_name == visits.LEAD}
        photo = {"csrf": csrf.token(me.token), "what": "signed", "file": (io.BytesIO(jpeg(page())), "a.jpg")}
        assert me.post(f"{address}/findings", **said, do="sign").status_code == 303
        assert client.post(f"{address}/photos", data=photo).status_code == 303
        assert me.post(f"{address}/close", applicant="present").status_code == 409
        closed = me.post(f"{address}/close", applicant="present", applicant_name="王店员")

        assert "王店员" in me.get(address).text

    assert (closed.status_code, visits.again(visit).state) == (303, VisitState.DONE)
    assert {"visit_signed", "visit_photographed", "visit_closed"} <= set(desk.actions())


def test_the_sheet_has_room_for_every_signature(client: FlaskClient) -> None:
    visit = visits.plan(visits.accepted(), visits.a_team())
    sheet = lead(client).get(f"/console/site-visits/{visit.id}/sheet").text

    assert ("申请人一方签字" in sheet, visit.number in sheet) == (True, True)


def test_a_department_is_asked_to_cite_the_record(client: FlaskClient) -> None:
    case_no = visits.accepted()
    visit = visits.done(case_no)
    request = opinions.requests(case_no)[opinions.POLICE]
    police = browser(client, Role.APPROVER, department=opinions.POLICE)
    address = f"/console/opinions/{request.id}"

    assert visit.number in police.get(address).text
    assert police.post(address, answer="agrees").status_code == 422
    assert police.post(address, answer="agrees", cited=str(visit.id)).status_code == 303


def test_a_second_trip_goes_by_the_head(client: FlaskClient) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visits.done(case_no, team)
    me = Browser(client, team[0].clerk_id)
    assert me.post(f"/console/cases/{case_no}/second-trip", reason="整改以后要再看一次").status_code == 303
    assert "等待处理" in me.get(f"/console/cases/{case_no}/visit").text
    head = browser(client, Role.HEAD, name="周负责")

    assert "再去一次现场" in head.get("/console/approvals").text


def test_a_trip_whose_day_went_by_waits_for_its_record(client: FlaskClient) -> None:
    visits.plan(visits.accepted(), visits.a_team())
    with visits.on_the_day(), clock.stopped_at(clock.now() + timedelta(days=1)):
        day = lead(client).get("/console/site-visits").text

    assert ("记录还没办结" in day, "2026年11月17日（周二）09:00到10:30" in day) == (True, True)
