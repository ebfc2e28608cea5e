"""Every no of a week, and whom to call, at the desk (否定报备、办理回访)."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.db import unit_of_work
from app.staff.models import Role
from tests import call_back_fixtures, case_fixtures
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import Browser, browser


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield


@pytest.fixture
def supervisor(client: FlaskClient) -> Browser:
    return browser(client, Role.SUPERVISOR)


def refused(reason: str = "照片不是本人", **said: Any) -> str:
    case_no = desk.accepted()
    said = {"legal_basis": "《居民身份证法》第九条", **said}
    case_fixtures.decide(case_no, granted=False, reason=reason, **said)
    return case_no


def test_every_no_of_a_week_stands_there_with_ground_basis_and_remedies(supervisor: Browser) -> None:
    case_no = refused()
    page = supervisor.get("/console/refusals").text

    assert case_no in page
    assert all(
        word in page
        for word in ("照片不是本人", "《居民身份证法》第九条", "陈审批", "申请行政复议", "不符合法定条件")
    )
    assert case_no not in supervisor.get("/console/refusals?week=2026-11-09").text


def test_the_grounds_of_a_week_are_counted(supervisor: Browser) -> None:
    for code in ("no_quota", "no_quota", "false_papers"):
        refused(refused_code=code)
    page = supervisor.get("/console/refusals").text

    assert "有数量限制，名额已满 2" in page
    assert "隐瞒有关情况或者提供虚假材料 1" in page


def test_the_workbook_takes_no_word_for_a_formula(supervisor: Browser) -> None:
    refused("=HYPERLINK(1)")
    answer = supervisor.get("/console/refusals/export.xlsx?week=2026-11-18")
    head, row = openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows()

    assert [cell.value for cell in head][:2] == ["日期", "办件编号"]
    assert {cell.data_type for cell in row} == {"s"}
    assert "=HYPERLINK(1)" in {cell.value for cell in row}
    assert desk.actions()[-1] == "refusals_viewed"


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31"])
def test_a_week_at_the_end_of_the_calendar_is_refused(supervisor: Browser, week: str) -> None:
    assert supervisor.get(f"/console/refusals?week={week}").status_code == 422
    assert supervisor.get(f"/console/refusals/export.xlsx?week={week}").status_code == 422


def test_nobody_else_sees_it(client: FlaskClient) -> None:
    assert browser(client, Role.APPROVER).get("/console/refusals").status_code == 403


def test_a_number_is_shown_on_asking_and_that_is_written_down(supervisor: Browser) -> None:
    call_back = call_back_fixtures.drawn()
    page = supervisor.post(f"/console/call-backs/{call_back.id}/telephone").text

    assert '王小明，电话：<b class="no">13800000000</b>' in page
    assert "call_back_telephone_viewed" in desk.actions()


def test_what_came_of_a_call_is_noted_and_counted(supervisor: Browser) -> None:
    address = f"/console/call-backs/{call_back_fixtures.drawn().id}"

    assert supervisor.post(address, result="unsatisfied", said="").status_code == 422
    assert "done=ticket" in supervisor.post(address, result="unsatisfied", said="等得太久").location
    assert supervisor.post(address, result="satisfied").status_code == 409
    assert "没有等着回访的办件" in supervisor.get("/console/call-backs").text
    done = supervisor.get("/console/call-backs?view=done").text
    assert all(words in done for words in ("等得太久", "不满意", "/console/hotline/"))


def test_who_was_not_reached_stays_in_the_list_with_the_hour(supervisor: Browser) -> None:
    address = f"/console/call-backs/{call_back_fixtures.drawn().id}"

    assert "done=again" in supervisor.post(address, result="unreached", tries="0").location
    page = supervisor.get("/console/call-backs").text
    assert "打过 1 次没有打通，上次是" in page
    assert 'name="tries" value="1"' in page


def test_a_form_that_cannot_be_opened_keeps_nobody_from_the_list(supervisor: Browser) -> None:
    call_back_fixtures.drawn()
    with unit_of_work() as session:
        session.execute(text("UPDATE cases SET sealed_form = decode('00', 'hex')"))

    assert supervisor.get("/console/call-backs").status_code == 200
