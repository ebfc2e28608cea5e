"""Looking again at what the machine decided, at the desk (秒批抽查)."""

import pytest
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.cases.models import Case
from app.db import unit_of_work
from app.publishing.models import GuideDraft
from app.spot_checks.models import SpotCheck
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests import review_fixtures
from tests.city_fixtures import MONDAY
from tests.review_fixtures import UNEMPLOYED
from tests.spot_check_fixtures import checks, drawn
from tests.staff_fixtures import Browser, browser, make_clerk

pytestmark = pytest.mark.usefixtures("city")
PAGE = "/console/instant/checks"
LABOUR = "市人力资源和社会保障局"


@pytest.fixture
def check() -> SpotCheck:
    """The one case of the day, drawn."""
    review_fixtures.publish_instant()
    return drawn()[0]


@pytest.fixture
def approver(client: FlaskClient, check: SpotCheck) -> Browser:
    del check
    return browser(client, Role.APPROVER, department=LABOUR)


def found(clerk: Browser, check: SpotCheck, outcome: str, finding: str = "") -> int:
    return clerk.post(f"{PAGE}/{check.id}/finding", outcome=outcome, finding=finding).status_code


def case_page(clerk: Browser, check: SpotCheck) -> str:
    with unit_of_work() as session:
        case_no = session.get_one(Case, check.case_id).case_no
    return clerk.get(f"/console/cases/{case_no}").text


def test_the_department_sees_its_drawn_cases_with_the_numbers(approver: Browser, check: SpotCheck) -> None:
    page = approver.get(PAGE).text

    assert "失业登记" in page
    assert "机器办结 1 件，抽取 <b>1</b> 件" in page
    assert "看完的 0 件中，有误 <b>0</b> 件" in page
    assert "待抽查" in case_page(approver, check)


def test_a_right_one_leaves_the_list(approver: Browser, check: SpotCheck) -> None:
    assert found(approver, check, "right") == 303

    assert f"{PAGE}/{check.id}/" not in approver.get(PAGE).text
    assert desk.actions()[-2:].count("spot_check_right") == 1


def test_a_wrong_one_stops_the_machine_and_waits_until_it_is_settled(
    client: FlaskClient, approver: Browser, check: SpotCheck
) -> None:
    assert found(approver, check, "wrong", "年龄不符") == 303
    page = approver.get(PAGE).text
    assert "年龄不符" in page
    assert f"{PAGE}/{check.id}/following" in page
    assert "等待人工依法处理" in case_page(approver, check)
    assert {"spot_check_wrong", "machine_stopped"} <= set(desk.actions())

    supervisor = browser(client, Role.SUPERVISOR)
    assert "秒批已停用" in supervisor.get("/console").text
    assert "近90天抽查1件，有误1件，自动停用" in supervisor.get("/console/instant").text
    settled = supervisor.post(f"{PAGE}/{check.id}/following", what="corrected", note="已按程序更正")
    assert settled.status_code == 303
    assert f"{PAGE}/{check.id}/" not in supervisor.get(PAGE).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"outcome": "wrong", "finding": ""}, 422),
        ({"outcome": "maybe"}, 422),
        ({}, 422),
        ({"outcome": "wrong", "finding": "a\x00" * 300}, 422),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(
    approver: Browser, check: SpotCheck, form: dict[str, str], status: int
) -> None:
    answer = approver.post(f"{PAGE}/{check.id}/finding", **form)

    assert answer.status_code == status
    assert "请写明情况" in answer.text
    assert checks()[0].outcome is None


def test_a_second_finding_is_refused(approver: Browser, check: SpotCheck) -> None:
    found(approver, check, "right")

    assert found(approver, check, "wrong", "年龄不符") == 409
    assert checks()[0].outcome == "right"


@pytest.mark.parametrize("part", ["editors", "reviewed_by"])
def test_who_wrote_or_released_the_points_is_told_that_another_looks(
    client: FlaskClient, check: SpotCheck, part: str
) -> None:
    author = browser(client, Role.APPROVER, department=LABOUR)
    wrote(author.clerk_id, part)

    assert "请由另一位审批人员抽查" in author.get(PAGE).text
    assert found(author, check, "right") == 403
    assert checks()[0].outcome is None


def wrote(clerk_id: int, part: str) -> None:
    """Have the version in force come of a draft of this clerk."""
    other = make_clerk(Role.APPROVER)
    editors, reviewer = ([clerk_id], other) if part == "editors" else ([other], clerk_id)
    with unit_of_work() as session:
        session.add(
            GuideDraft(
                task_code=UNEMPLOYED,
                task_name="失业登记",
                dept_code="x",
                dept_name=LABOUR,
                body={},
                revision=1,
                state="published",
                editors=editors,
                reviewed_by=reviewer,
                saved_at=MONDAY,
                reviewed_at=MONDAY,
                published_at=MONDAY,
                published_version=1,
            )
        )


def test_another_department_and_a_front_desk_find_nothing(client: FlaskClient, check: SpotCheck) -> None:
    stranger = browser(client, Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    assert "失业登记" not in stranger.get(PAGE).text
    assert found(stranger, check, "right") == 404
    assert browser(client, Role.FRONT_DESK).get(PAGE).status_code == 403


def test_only_an_approver_says_what_was_found(client: FlaskClient, check: SpotCheck) -> None:
    supervisor = browser(client, Role.SUPERVISOR)

    assert found(supervisor, check, "right") == 403
    assert checks()[0].outcome is None


def test_what_was_found_says_nothing_personal_in_the_audit_log(approver: Browser, check: SpotCheck) -> None:
    found(approver, check, "wrong", "王小明年龄不符")
    with unit_of_work() as session:
        assert all("王小明" not in str(each.details) for each in session.query(AuditEntry))
