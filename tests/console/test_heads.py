"""The head of a department approves what is theirs, at the desk (负责人批准)."""

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import case_fixtures, clock_fixtures
from tests import desk_fixtures as desk
from tests import head_fixtures as heads
from tests import opinion_fixtures as opinions
from tests.clock_fixtures import limits_of
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")

ASKED = {"more_days": "10", "extend_reason": "加工间正在按要求改造"}


def ask(client: FlaskClient) -> str:
    case_no = clock_fixtures.accepted()
    browser(client, Role.APPROVER, name="李审批").post(f"/console/cases/{case_no}/extend", **ASKED)
    return case_no


def a_head(client: FlaskClient) -> Browser:
    return browser(client, Role.HEAD, name="周负责")


def test_the_head_approves_and_both_names_are_written_down(client: FlaskClient) -> None:
    case_no = ask(client)
    before = limits_of(case_no)
    head = a_head(client)
    assert "加工间正在按要求改造" in head.get("/console/approvals").text
    head.post(f"/console/approvals/{heads.waiting(case_no).id}", approved="yes")
    entry = desk.audited()[-1]

    assert limits_of(case_no) != before
    assert (entry.action, entry.actor) == ("extension_approved", f"clerk:{head.clerk_id}")
    assert entry.details["asked_by"] == "李审批"
    assert "没有等着批准的事" in head.get("/console/approvals").text


def test_what_the_head_does_not_approve_stays_as_it_was(client: FlaskClient) -> None:
    case_no = ask(client)
    before = limits_of(case_no)
    head = a_head(client)
    head.post(f"/console/approvals/{heads.waiting(case_no).id}", approved="no")

    assert limits_of(case_no) == before
    assert "没有批准延长10个工作日" in head.get(f"/console/cases/{case_no}").text


def test_nothing_waits_for_the_head_once_the_case_is_over(client: FlaskClient) -> None:
    case_no = ask(client)
    head, asked = a_head(client), heads.waiting(case_no)
    case_fixtures.decide(case_no, granted=False, reason="不符合条件", legal_basis="《食品安全法》")

    assert "没有等着批准的事" in head.get("/console/approvals").text
    assert head.post(f"/console/approvals/{asked.id}", approved="yes").status_code == 409


def test_a_grant_against_an_objection_waits_for_the_head_who_reads_the_objection(client: FlaskClient) -> None:
    case_no = opinions.accepted()
    asked = opinions.requests(case_no)
    opinions.object_to(asked[opinions.POLICE])
    opinions.give(asked[opinions.PLANNING])
    approver = browser(client, Role.APPROVER, name="李审批")
    said = {"granted": "yes", "checked": "yes", "reason": "已现场核实，另留四米消防通道"}
    sent = approver.post(f"/console/cases/{case_no}/decide", **said)
    page = approver.get(sent.location).text
    head = a_head(client)
    seen = head.get("/console/approvals").text
    head.post(f"/console/approvals/{heads.waiting(case_no).id}", approved="yes")

    assert "等待批准" in page
    assert ("占用了消防车通道" in seen, "已现场核实" in seen) == (True, True)
    assert clock_fixtures.case_of(case_no).granted
    assert {"grant_asked", "grant_approved"} <= set(desk.actions())


def test_nobody_else_approves(client: FlaskClient) -> None:
    approval = heads.waiting(ask(client))

    assert browser(client, Role.APPROVER).post(f"/console/approvals/{approval.id}").status_code == 403
