"""The page 审管联动: what supervisors are told, what was not taken and why; told again by a tap."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.db import unit_of_work
from app.oversight import findings, sending
from app.staff.models import Role
from platforms import directory
from tests.case_fixtures import APPROVER
from tests.city_fixtures import MONDAY, load_city
from tests.correction_fixtures import stored
from tests.oversight_fixtures import a_licence, asked, end, find, noted
from tests.staff_fixtures import Browser, browser

HERE = "/console/oversight"


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Iterator[Browser]:
    """Somebody who decides."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        yield browser(client, Role.APPROVER)


def refuse(reason: str = "unknown_department") -> int:
    event_id = noted()[0].id
    with unit_of_work() as session:
        sending.note_refused(session, event_id=event_id, reason=reason)
    return event_id


def receive() -> None:
    with unit_of_work() as session:
        sending.note_received(session, event_id=noted()[0].id, receipt_no="JG000000000001", at=MONDAY)


def test_an_event_waits_until_it_was_received(desk: Browser) -> None:
    number = f"{a_licence()}-001"
    assert number in desk.get(HERE).text
    receive()
    assert number not in desk.get(HERE).text
    assert "JG000000000001" in desk.get(f"{HERE}?view=received").text


def test_what_was_told_and_has_no_receipt_says_so(desk: Browser) -> None:
    a_licence()
    with unit_of_work() as session:
        sending.claim(session)
    assert "已推送 1 次，会自动再问" in desk.get(f"{HERE}?view=unknown").text


def test_what_was_not_taken_says_why_and_goes_again_by_a_tap(desk: Browser) -> None:
    end(a_licence())
    event_id = refuse()
    assert "没有这个监管部门" in desk.get(f"{HERE}?view=refused").text
    assert "等前一条接收后再推送" in desk.get(HERE).text
    desk.post(f"{HERE}/{event_id}/again")
    assert noted()[0].state == "waiting"
    assert desk.post(f"{HERE}/{event_id}/again").status_code == 409


def test_a_reason_that_nobody_knows_is_shown_as_it_came(desk: Browser) -> None:
    a_licence()
    refuse("quota_spent")
    assert "quota_spent" in desk.get(f"{HERE}?view=refused").text


def test_the_case_says_whom_it_was_told_to_and_the_receipt(desk: Browser) -> None:
    case_no = a_licence()
    receive()
    shown = desk.get(f"/console/cases/{case_no}").text
    assert all(words in shown for words in ("推送给市市场监督管理局", "JG000000000001"))


def test_an_event_that_nobody_can_read_spoils_neither_page(desk: Browser) -> None:
    case_no = a_licence()
    with unit_of_work() as session:
        session.execute(text("UPDATE oversight_events SET sealed_content = '\\x00'"))
    assert [desk.get(path).status_code for path in (HERE, f"/console/cases/{case_no}")] == [200, 200]


def test_a_city_without_a_supervision_platform_says_so(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "还没有接入监管平台" not in desk.get(HERE).text
    monkeypatch.setattr(directory, "current", lambda: Away)
    assert "还没有接入监管平台" in desk.get(HERE).text


class Away:
    """The platforms of a city that is joined to none."""

    oversight = None


def test_the_front_desk_has_no_such_page(client: FlaskClient, desk: Browser) -> None:
    del desk
    assert browser(client, Role.FRONT_DESK).get(HERE).status_code == 403


def test_a_wish_to_revoke_is_a_task_until_somebody_says_what_was_done(desk: Browser) -> None:
    finding_id = asked()
    case_no = noted()[0].event_no.removesuffix("-001")
    assert "现场与申请材料不符" in desk.get(HERE).text
    assert desk.post(f"{HERE}/findings/{finding_id}/answer", answer=" ").status_code == 422
    desk.post(f"{HERE}/findings/{finding_id}/answer", answer="复查后已整改，不撤销")
    assert "现场与申请材料不符" not in desk.get(HERE).text
    assert "处理情况：复查后已整改，不撤销" in desk.get(f"/console/cases/{case_no}").text
    assert desk.post(f"{HERE}/findings/{finding_id}/answer", answer="再来一次").status_code == 409


def test_the_day_of_who_decides_begins_with_what_is_to_be_answered_or_mended(
    client: FlaskClient, desk: Browser
) -> None:
    tile = "<span>审管联动待处理</span>"
    finding_id = asked()
    assert f"<b>1</b>{tile}" in desk.get("/console").text
    refuse()
    assert f"<b>2</b>{tile}" in desk.get("/console").text
    assert tile not in browser(client, Role.FRONT_DESK).get("/console").text
    with unit_of_work() as session:
        sending.again(session, event_id=noted()[0].id)
        findings.answer(session, finding_id=finding_id, officer=APPROVER, text="已依法撤销")
    assert tile not in browser(client, Role.APPROVER).get("/console").text


def test_a_wish_to_revoke_revokes_nothing_by_itself(desk: Browser) -> None:
    del desk
    asked()
    assert stored(noted()[0].event_no.removesuffix("-001")).grant_revoked_at is None


def test_what_was_found_otherwise_stands_on_the_case_and_is_no_task(desk: Browser) -> None:
    case_no = a_licence()
    find(f"{case_no}-001", "fine")
    assert "检查未发现问题" in desk.get(f"/console/cases/{case_no}").text
    assert "保存处理情况" not in desk.get(HERE).text


def test_what_is_not_as_it_should_be_has_a_tile_until_somebody_says_what_was_done(
    client: FlaskClient, desk: Browser
) -> None:
    tile = "<b>1</b><span>监管发现问题</span>"
    case_no = a_licence()
    find(f"{case_no}-001", "irregular")
    with unit_of_work() as session:
        finding_id = session.scalars(text("SELECT id FROM oversight_findings")).one()
    assert tile in desk.get("/console").text
    assert "请核实后写明怎样处理" in desk.get(HERE).text
    desk.post(f"{HERE}/findings/{finding_id}/answer", answer="已责令改正")

    assert "监管发现问题" not in browser(client, Role.APPROVER).get("/console").text


def test_a_finding_that_nobody_can_open_says_so_and_spoils_no_other(desk: Browser) -> None:
    case_no = a_licence()
    find(f"{case_no}-001", "revoke_asked", "FK-0000000001")
    find(f"{case_no}-001", "irregular", "FK-0000000002")
    with unit_of_work() as session:
        bad = session.scalars(text("SELECT min(id) FROM oversight_findings")).one()
        session.execute(text("UPDATE oversight_findings SET said = '\\x00' WHERE id = :bad"), {"bad": bad})
    for path in (HERE, f"/console/cases/{case_no}"):
        page = desk.get(path).text
        assert "请向市市场监督管理局要原文再处理" in page
        assert "现场与申请材料不符" in page
    desk.post(f"{HERE}/findings/{bad}/answer", answer="已按原文处理")

    assert "处理情况：已按原文处理" in desk.get(f"/console/cases/{case_no}").text
    assert f'id="finding-{bad}"' not in desk.get(HERE).text
