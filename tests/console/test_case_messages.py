"""What the applicant was told, as the clerk of their case sees it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app import clock, db
from app.db import unit_of_work
from app.staff.models import Role
from notifications.models import Dispatch, DispatchState, Message
from tests import desk_fixtures as desk
from tests.staff_fixtures import browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*asked: object) -> None:
        seen.append(str(asked[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_the_clerk_sees_what_the_applicant_was_told(client: FlaskClient, deliver: Any) -> None:
    case_no, other = desk.accepted(), desk.submitted()
    deliver()
    page = browser(client, Role.FRONT_DESK).get(f"/console/cases/{case_no}").text

    assert page.count("一码办消息（未读）") == 4  # handed in, accepted, a bill, the bill paid
    assert "40.00元" in page
    assert other not in page


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (DispatchState.FAILED, "没有发出"),
        (DispatchState.UNKNOWN, "不确定是否送达"),
        (DispatchState.SENT, "已送出"),
    ],
)
def test_what_became_of_a_message_is_said(
    client: FlaskClient, deliver: Any, state: DispatchState, word: str
) -> None:
    case_no, now = desk.submitted(), clock.now()
    deliver()
    with unit_of_work() as session:
        message_id = session.scalars(select(Message.id)).one()
        way = {"way": "wechat", "template": "t", "fields": {}, "next_attempt_at": now}
        session.add(Dispatch(message_id=message_id, state=state.value, **way))
    page = browser(client, Role.FRONT_DESK).get(f"/console/cases/{case_no}").text

    assert word in page
    assert "微信" in page


def test_a_case_nobody_was_told_about_says_so(client: FlaskClient) -> None:
    page = browser(client, Role.FRONT_DESK).get(f"/console/cases/{desk.submitted()}").text

    assert "还没有发过消息" in page


def test_more_messages_take_no_more_statements(
    client: FlaskClient, deliver: Any, statements: list[str]
) -> None:
    clerk = browser(client, Role.FRONT_DESK)
    few, many = desk.submitted(), desk.decided()
    deliver()
    counts = []
    for case_no in (few, many):
        statements.clear()
        clerk.get(f"/console/cases/{case_no}")
        counts.append(sum("FROM messages" in asked or "FROM dispatches" in asked for asked in statements))

    assert counts == [2, 2]
