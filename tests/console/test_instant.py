"""What the machine decides, at the desk (秒批)."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import unit_of_work
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests import review_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.review_fixtures import UNEMPLOYED, case, handed_in, proven_citizen
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
LABOUR = "市人力资源和社会保障局"
PAGE = "/console/instant"


@pytest.fixture
def supervisor(client: FlaskClient) -> Browser:
    """Somebody who looks after all, in a city that registers the unemployed at once."""
    review_fixtures.publish_instant()
    return browser(client, Role.SUPERVISOR)


def actions() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_page_counts_what_the_machine_decided_and_what_it_left(supervisor: Browser) -> None:
    handed_in(proven_citizen())
    handed_in(proven_citizen("350102199001010016"), id_number="350102199001010016", jobless="不是")
    page = supervisor.get(PAGE).text

    assert "失业登记" in page
    assert "秒批 <b>1</b> 件，转人工 <b>1</b> 件" in page


@pytest.mark.parametrize("task_code", ["", UNEMPLOYED])
def test_a_stop_has_its_reason_is_audited_and_can_be_lifted(supervisor: Browser, task_code: str) -> None:
    assert supervisor.post(f"{PAGE}/stop", task_code=task_code, reason="接口故障").status_code == 303
    assert "接口故障" in supervisor.get(PAGE).text
    assert case(handed_in(proven_citizen())).state == "submitted"

    assert supervisor.post(f"{PAGE}/go-on", task_code=task_code).status_code == 303
    assert "接口故障" not in supervisor.get(PAGE).text
    assert [one for one in actions() if one.startswith("machine")] == ["machine_stopped", "machine_restarted"]


def test_without_a_reason_nothing_is_stopped(supervisor: Browser) -> None:
    refused = supervisor.post(f"{PAGE}/stop", task_code="", reason=" ")

    assert refused.status_code == 422
    assert "请写明为什么停用" in refused.text
    assert case(handed_in(proven_citizen())).state == "closed"


def test_a_department_sees_its_own_items_and_what_is_no_instant_item_is_not_stopped(
    client: FlaskClient, supervisor: Browser
) -> None:
    assert supervisor.post(f"{PAGE}/stop", task_code=ID_LOST, reason="接口故障").status_code == 404

    stranger = browser(client, Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    assert "失业登记" not in stranger.get(PAGE).text


def test_only_a_supervisor_presses_the_switch(client: FlaskClient) -> None:
    review_fixtures.publish_instant()
    approver = browser(client, Role.APPROVER)

    assert approver.get(PAGE).status_code == 200
    assert approver.post(f"{PAGE}/stop", task_code="", reason="接口故障").status_code == 403


def test_the_page_of_a_case_names_the_doubt_its_reason_and_the_day(client: FlaskClient) -> None:
    review_fixtures.publish_instant()
    case_no = handed_in(proven_citizen(), jobless="不是")
    page = browser(client, Role.FRONT_DESK, department=LABOUR).get(f"/console/cases/{case_no}").text

    assert page.count("已符合</span>") == 4
    assert "要人工核对" in page
    assert "申请表里填写的内容和这一条不一致" in page
    assert "人工查看“承诺现在没有工作" in page


def test_a_version_shows_its_points(supervisor: Browser) -> None:
    page = supervisor.get(f"/console/items/{UNEMPLOYED}/versions/1").text

    assert "审查要点" in page
    assert "年满16周岁" in page
