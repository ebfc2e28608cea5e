"""Units that need a licence next, at the desk (双告知)."""

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.staff_fixtures import browser

pytestmark = pytest.mark.usefixtures("city")
MARKET = "市市场监督管理局"


def test_the_department_reads_and_marks_what_was_told_it(client: FlaskClient) -> None:
    lead_id, clerk = desk.lead(), browser(client, Role.APPROVER, department=MARKET)
    assert "示例市老王工作室" in clerk.get("/console/leads").text

    assert clerk.post(f"/console/leads/{lead_id}", note="已电话提醒").status_code == 303
    assert "示例市老王工作室" not in clerk.get("/console/leads").text
    assert "已电话提醒" in clerk.get("/console/leads?view=taken_up").text


def test_another_department_finds_nothing(client: FlaskClient) -> None:
    lead_id, stranger = desk.lead(), browser(client, Role.APPROVER, department=desk.CIVIL_AFFAIRS)

    assert "示例市老王工作室" not in stranger.get("/console/leads").text
    assert stranger.post(f"/console/leads/{lead_id}", note="已电话提醒").status_code == 404


def test_a_note_that_is_too_long_stays_where_it_was_typed(client: FlaskClient) -> None:
    first, second = desk.lead(), desk.lead()
    refused = browser(client, Role.FRONT_DESK).post(f"/console/leads/{first}", note="很长" * 101)

    assert refused.status_code == 422
    assert "不超过200个字" in refused.text
    field = {each: refused.text.split(f'id="note-{each}"')[1].split(">")[0] for each in (first, second)}
    assert ("很长很长" in field[first], "很长很长" in field[second]) == (True, False)
