"""The audit log as a page: for supervisors, with a word on its chain."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import unit_of_work
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def supervisor(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.SUPERVISOR, name="陈督导")


def test_a_look_at_a_case_is_found_by_its_number(supervisor: Browser, app: YimaFlask) -> None:
    case_no = desk.submitted()
    browser(app.test_client(), Role.APPROVER, name="李审批", username="li").get(f"/console/cases/{case_no}")
    page = supervisor.get(f"/console/audit?clerk=&case={case_no}&day=").text

    assert "李审批（li）" in page
    assert "查看办件" in page
    assert "哈希链完整" in page
    assert desk.actions() == ["case_viewed", "audit_viewed"]


def test_a_broken_chain_is_said_loudly(supervisor: Browser) -> None:
    supervisor.get("/console/audit")
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only"))
        session.execute(text("UPDATE audit_entries SET action = 'x'"))
        session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only"))
    page = supervisor.get("/console/audit").text

    assert "第 1 条对不上" in page
    assert 'class="broken"' in page


def test_older_lines_are_a_page_away_with_the_same_conditions(supervisor: Browser) -> None:
    for _ in range(52):
        supervisor.get("/console/audit?day=2026-11-16")
    page = supervisor.get("/console/audit?day=2026-11-16").text
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert following == "/console/audit?day=2026-11-16&before=3"
    assert supervisor.get(following).text.count("查看审计") == 2


@pytest.mark.parametrize("query", ["day=yesterday", "before=0", "before=x", "clerk=" + "x" * 70])
def test_odd_questions_are_told(supervisor: Browser, query: str) -> None:
    assert supervisor.get(f"/console/audit?{query}").status_code == 422


def test_what_was_written_is_shown_as_text(supervisor: Browser) -> None:
    supervisor.get("/console/audit?clerk=%3Cscript%3E")

    assert "&lt;script&gt;" in supervisor.get("/console/audit").text


def test_a_line_says_in_words_what_was_done(supervisor: Browser, app: YimaFlask) -> None:
    clerk = browser(app.test_client(), Role.FRONT_DESK, name="王窗口", username="wang")
    clerk.post(f"/console/cases/{desk.submitted()}/accept", waived="yes")
    clerk.get("/console/audit")
    supervisor.get("/console/ratings")
    page = supervisor.get("/console/audit").text

    assert "原来：已提交，待受理；" in page
    assert "现在：已受理，办理中" in page
    assert "减免：是" in page
    assert "原因：不是本岗位的事" in page
    assert "差评 待处理" in page
