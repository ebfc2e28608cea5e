"""The clock of a case at the desk: paused, resumed, extended, explained; each is written down."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from app import db
from app.db import unit_of_work
from app.staff.models import Role
from app.supervision import queries, watching
from tests import clock_fixtures
from tests import desk_fixtures as desk
from tests import head_fixtures as heads
from tests.clock_fixtures import case_of, limits_of, on
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")

PAUSE = {"kind": "EXAM", "days": "3", "pause_reason": "需要到店里看加工间的布局"}
EXTEND = {"more_days": "10", "extend_reason": "加工间正在按要求改造"}
OVERDUE = date(2026, 11, 24)


@pytest.fixture
def approver(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.APPROVER)


@pytest.fixture
def supervisor(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.SUPERVISOR)


@pytest.fixture
def path() -> str:
    return f"/console/cases/{clock_fixtures.accepted()}"


def no(path: str) -> str:
    return path.rsplit("/", 1)[1]


def test_an_approver_pauses_and_resumes_from_the_page(approver: Browser, path: str) -> None:
    assert "现场核查" in approver.get(path).text
    approver.post(f"{path}/pause", **PAUSE)
    page = approver.get(f"{path}?done=paused").text
    assert "时限已暂停" in page
    assert "11月16日起进行现场核查，预计到11月19日，暂停期间不计入办理时限" in page
    assert "提交决定" not in page
    approver.post(f"{path}/resume")

    assert limits_of(no(path))[0] == date(2026, 11, 23)
    assert [action for action in desk.actions() if "clock" in action] == [
        "case_clock_paused",
        "case_clock_resumed",
    ]


def test_a_refused_pause_keeps_what_was_typed(approver: Browser, path: str) -> None:
    answered = approver.post(f"{path}/pause", **{**PAUSE, "days": "三天"})

    assert answered.status_code == 422
    assert "请填写预计需要的天数" in answered.text
    assert PAUSE["pause_reason"] in answered.text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "HEARING"},
        {"days": "9" * 30},
        {"days": "-1"},
        {"days": "٣"},
        {"kind": "\x00"},
        {"pause_reason": "\x00\x00\x00\x00\x00\x00"},
    ],
)
def test_an_odd_pause_is_refused_in_words(approver: Browser, path: str, form: dict[str, str]) -> None:
    answered = approver.post(f"{path}/pause", **({**PAUSE, **form} if form else {}))

    assert answered.status_code == 422
    assert case_of(no(path)).clock_paused_on is None


def test_an_extension_is_offered_once(approver: Browser, path: str) -> None:
    assert "最多10个工作日" in approver.get(path).text
    approver.post(f"{path}/extend", **EXTEND)
    assert "等待批准" in approver.get(path).text
    assert approver.post(f"{path}/extend", **EXTEND).status_code == 409
    heads.approve(no(path))
    page = approver.get(path).text

    assert "经周局长批准，延长10个工作日，承诺办结从11月23日改为12月7日" in page
    assert "最多10个工作日" not in page
    assert approver.post(f"{path}/extend", **EXTEND).status_code == 409


def test_the_front_desk_neither_pauses_nor_extends(app: YimaFlask, path: str) -> None:
    clerk = browser(app.test_client(), Role.FRONT_DESK)
    for what, form in (("pause", PAUSE), ("resume", {}), ("extend", EXTEND)):
        assert clerk.post(f"{path}/{what}", **form).status_code == 403

    assert limits_of(no(path))[0] == date(2026, 11, 23)


def test_a_late_case_is_explained_on_its_page_and_settled_by_supervision(app: YimaFlask, path: str) -> None:
    with on(OVERDUE):
        watching.watch()
        approver, supervisor = (browser(app.test_client(), role) for role in (Role.APPROVER, Role.SUPERVISOR))
        assert "为什么超期" in approver.get(path).text
        assert "最多10个工作日" in approver.get(path).text
        assert "已超期1天" in approver.get(path).text
        approver.post(f"{path}/explain", late_reason="店主出差，核查改期两次")
        listed = supervisor.get("/console/supervision?view=explained").text
        ticket = re.findall(r"/console/supervision/\d+", listed)[0]
        assert "店主出差" in supervisor.get(ticket).text
        done = supervisor.post(ticket, text="情况属实，已提醒提前约好时间")

        assert done.status_code == 303
        assert "已办结" in supervisor.get(ticket).text
        assert supervisor.post(ticket, text="再来一次也不行的").status_code == 409


def test_no_extension_is_offered_after_the_limit_of_the_law(approver: Browser, path: str) -> None:
    page = approver.get(path).text
    with on(date(2026, 12, 1)):
        later = approver.get(path).text

    assert ("报请批准延长时限" in page, "报请批准延长时限" in later) == (True, False)


def test_supervision_alone_sees_its_page(approver: Browser, supervisor: Browser) -> None:
    assert approver.get("/console/supervision").status_code == 403
    assert approver.get("/console/supervision/export?first=2026-11-01&last=2026-11-30").status_code == 403
    assert "没有等着说明的超期办件" in supervisor.get("/console/supervision").text


@pytest.mark.parametrize("query", ["view=x", "after=!!", "after=AAAA"])
def test_a_page_that_cannot_be_found_is_told(supervisor: Browser, query: str) -> None:
    assert supervisor.get(f"/console/supervision?{query}").status_code == 422


def test_a_ticket_that_is_not_there_is_not_found(supervisor: Browser) -> None:
    assert supervisor.get("/console/supervision/7").status_code == 404


def test_the_export_is_a_sheet_and_is_written_down(app: YimaFlask, path: str) -> None:
    with on(OVERDUE):
        watching.watch()
        clerk = browser(app.test_client(), Role.SUPERVISOR)
        sheet = clerk.get("/console/supervision/export?first=2026-11-24&last=2026-11-24")
        assert clerk.get("/console/supervision/export?first=2026-11-24&last=x").status_code == 422
        assert clerk.get("/console/supervision/export?first=2020-01-01&last=2026-11-24").status_code == 422

    assert no(path) in sheet.get_data().decode("utf-8-sig")
    assert sheet.mimetype == "text/csv"
    assert "supervision_exported" in desk.actions()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*asked: object) -> None:
        seen.append(str(asked[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_a_longer_list_takes_no_more_statements_and_goes_on_by_a_key(statements: list[str]) -> None:
    for _ in range(3):
        clock_fixtures.accepted()
    with on(OVERDUE):
        watching.watch()
    statements.clear()
    with unit_of_work() as session:
        first, mark = queries.alerts(session, limit=2)
        rest, end = queries.alerts(session, after=mark, limit=2)
    numbers: list[Any] = [line.alert_no for line in (*first, *rest)]

    assert (len(set(numbers)), end, len(statements)) == (3, None, 2)
