"""The queue's pages: my window, calling, the list, the screen in the hall."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock, db
from app.queueing.models import Priority
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.app.queueing import halls
from tests.app.queueing.halls import TEN
from tests.city_fixtures import load_city, publish_items
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask


@pytest.fixture
def task_code(database: None) -> Iterator[str]:
    """Ten on a Monday morning, with an item of the police windows."""
    del database
    with clock.stopped_at(TEN):
        load_city()
        yield publish_items("id-first")[0]


@pytest.fixture
def clerk(app: YimaFlask, task_code: str) -> Browser:
    """A clerk of C01 at window A01."""
    del task_code
    seated = browser(app.test_client(), Role.FRONT_DESK, centre_id="C01")
    assert seated.post("/console/queue/window", centre="C01", window="A01").status_code == 303
    return seated


def text(clerk: Browser, path: str = "/console/queue") -> str:
    answer = clerk.get(path)
    assert answer.status_code == 200
    return answer.text


def go(clerk: Browser, path: str, **form: str) -> str:
    """Send a form that succeeds; the page it leads to."""
    answer = clerk.post(f"/console/queue{path}", **form)
    assert answer.status_code == 303, answer.text
    return text(clerk, answer.headers["Location"])


def waiting(page: str) -> list[str]:
    line = page.split("按叫号次序")[1].split("</section>", maxsplit=1)[0]
    return re.findall(r'<b class="no">([A-Z]\d+)</b>', line)


def test_a_clerk_chooses_a_window_once_a_day(app: YimaFlask, task_code: str) -> None:
    del task_code
    clerk = browser(app.test_client(), Role.FRONT_DESK, centre_id="C01")
    assert "您今天在哪个窗口" in text(clerk)
    shown = go(clerk, "/window", centre="C01", window="A03")

    assert "A03 窗口 · 公安" in shown
    assert "A03 窗口 · 公安" in text(clerk)
    assert "您今天在哪个窗口" in go(clerk, "/leave")
    with clock.stopped_at(TEN + timedelta(minutes=1)):
        assert "已叫" not in text(clerk)


def test_from_calling_to_done(clerk: Browser, task_code: str) -> None:
    ticket_id = halls.take(task_code, citizen_id=make_citizen("王小明"))
    called = go(clerk, "/call")
    assert "已叫A001号" in called
    assert "**明" in called
    assert "王小明" not in called
    serving = go(clerk, f"/tickets/{ticket_id}/serve")
    assert "办结" in serving
    done = go(clerk, f"/tickets/{ticket_id}/finish")

    assert "A001号已办结" in done
    assert desk.actions() == ["window_taken", "ticket_called", "ticket_serving", "ticket_served"]


def test_three_calls_then_passed_over_then_back_once(clerk: Browser, task_code: str) -> None:
    ticket_id = halls.take(task_code)
    called = go(clerk, "/call")
    assert f"{ticket_id}/pass" not in called
    again = [go(clerk, f"/tickets/{ticket_id}/again") for _ in range(2)][-1]
    assert f"{ticket_id}/again" not in again
    passed = go(clerk, f"/tickets/{ticket_id}/pass")
    assert f"{ticket_id}/back" in passed
    back = go(clerk, f"/tickets/{ticket_id}/back")

    assert waiting(back) == ["A001"]
    assert "过号恢复" in back


def test_the_line_is_shown_in_the_order_of_calling_with_masked_names(clerk: Browser, task_code: str) -> None:
    halls.take(task_code, minutes=-20, citizen_id=make_citizen("王小明"))
    halls.take(task_code, minutes=-10, priority=Priority.ELDER)
    halls.check_in(halls.visit(task_code))
    page = text(clerk)

    assert waiting(page) == ["A003", "A002", "A001"]
    assert "叫下一位 A003" in page
    for word in ("预约 10:00", "老年人优先", "**明", "3 人"):
        assert word in page
    assert "王小明" not in page


def test_a_transfer_keeps_what_was_typed_when_it_is_refused(clerk: Browser, task_code: str) -> None:
    ticket_id = halls.take(task_code)
    go(clerk, "/call")
    civil = str(halls.group_id("民政"))
    refused = clerk.post(f"/console/queue/tickets/{ticket_id}/transfer", group="0", reason="要先登记结婚")
    moved = go(clerk, f"/tickets/{ticket_id}/transfer", group=civil, reason="要先登记结婚")
    go(clerk, "/window", centre="C01", window="E01")

    assert refused.status_code == 422
    assert 'value="要先登记结婚"' in refused.text
    assert "A001号已转窗口" in moved
    assert "转来原因：要先登记结婚" in go(clerk, "/call")
    transferred = next(entry for entry in desk.audited() if entry.action == "ticket_transferred")
    assert transferred.details == {"number": "A001", "window_group_id": int(civil)}


def test_a_refusal_stands_above_the_queue_as_it_is(clerk: Browser, task_code: str) -> None:
    nobody = clerk.post("/console/queue/call")
    halls.take(task_code)
    go(clerk, "/call")
    twice = clerk.post("/console/queue/call")

    assert (nobody.status_code, twice.status_code) == (409, 409)
    assert "没有人在等您的窗口" in nobody.text
    assert "您的窗口还有A001号" in twice.text
    assert "开始办理" in twice.text


def test_somebody_without_a_phone_gets_a_number(clerk: Browser) -> None:
    page = go(clerk, "/tickets", centre="C01", group=str(halls.group_id()), priority="elder")
    refused = clerk.post("/console/queue/tickets", centre="C01", group="9" * 20, priority="")
    unknown = clerk.post("/console/queue/tickets", centre="C01", group=str(halls.group_id()), priority="vip")

    assert "已取A001号" in page
    assert waiting(page) == ["A001"]
    assert (refused.status_code, unknown.status_code) == (422, 422)


def test_the_screen_shows_numbers_and_windows_and_nothing_personal(clerk: Browser, task_code: str) -> None:
    halls.take(task_code, minutes=-10, citizen_id=make_citizen("王小明"))
    halls.take(task_code)
    go(clerk, "/call")
    board = clerk.get("/console/queue/board")

    assert "<td>A001</td><td>A01 窗口</td>" in board.text
    assert "等候 1 人" in board.text
    assert 'hx-trigger="every 5s"' in board.text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in board.text
    assert not any(word in board.text for word in ("王小明", "**明", "居民身份证"))


def test_another_hall_is_not_found_whatever_is_tried(clerk: Browser, app: YimaFlask, task_code: str) -> None:
    stranger = browser(app.test_client(), Role.FRONT_DESK, centre_id="C03")
    go(stranger, "/window", centre="C03", window="A01")
    ticket_id = halls.take(task_code)
    go(clerk, "/call")
    answers = [
        stranger.get("/console/queue?centre=C01"),
        stranger.get("/console/queue/board?centre=C01"),
        stranger.post("/console/queue/window", centre="C01", window="A02"),
        stranger.post("/console/queue/tickets", centre="C01", group=str(halls.group_id()), priority=""),
        *(
            stranger.post(f"/console/queue/tickets/{ticket_id}/{step}", reason="转", group="1")
            for step in ("serve", "finish", "pass", "again", "back")
        ),
        clerk.post(f"/console/queue/tickets/{2**70}/serve"),
        clerk.post("/console/queue/window", centre="C01", window="Q\x00"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert halls.state(ticket_id) == "called"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.CASHIER])
def test_a_role_without_the_duty_is_refused(client: FlaskClient, task_code: str, role: Role) -> None:
    del task_code
    clerk = browser(client, role, centre_id="C01")

    assert clerk.get("/console/queue").status_code == 403
    assert clerk.post("/console/queue/call").status_code == 403


def test_a_supervisor_of_no_hall_chooses_one(client: FlaskClient, task_code: str) -> None:
    supervisor = browser(client, Role.SUPERVISOR)
    assert "/console/queue?centre=C03" in text(supervisor)
    assert "/console/queue/board?centre=C03" in text(supervisor, "/console/queue/board")
    go(supervisor, "/window", centre="C03", window="A02")
    halls.take(task_code, centre_id="C03")

    assert waiting(text(supervisor)) == ["A001"]
    assert "您今天在哪个窗口" in text(supervisor, "/console/queue?centre=C01")
    assert supervisor.get("/console/queue?centre=C99").status_code == 404


def test_a_longer_line_takes_no_more_statements(clerk: Browser, task_code: str) -> None:
    seen: list[object] = []

    def note(*asked: object) -> None:
        seen.append(asked[2])

    def count(path: str) -> int:
        seen.clear()
        text(clerk, path)
        return len(seen)

    halls.take(task_code)
    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        short = [count("/console/queue"), count("/console/queue/board")]
        for _ in range(6):
            halls.take(task_code)
        assert [count("/console/queue"), count("/console/queue/board")] == short
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def test_checking_in_at_the_window_gives_the_number_too(clerk: Browser, task_code: str) -> None:
    visit = halls.visit(task_code, citizen_id=make_citizen("王小明"))
    clerk.post("/console/scan", content=visit.code)

    assert waiting(text(clerk)) == ["A001"]
