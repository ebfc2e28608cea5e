"""Materials that follow later, through the pages (容缺核对、终止办理)."""

from datetime import timedelta

import pytest

from app import events
from app.cases.states import State
from app.clock import stopped_at
from app.documents.kinds import Kind
from app.staff.models import Role
from tests import case_fixtures, document_fixtures, owed_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import stored
from tests.owed_fixtures import PHOTO, bring, deliver
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
ENDED = {"end_reason": "证件照片没有按期补交", "end_basis": "容缺受理承诺书"}


@pytest.fixture
def citizen() -> int:
    publish(owed_fixtures.tolerant_item())
    return case_fixtures.citizen()


@pytest.fixture
def front_desk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


def brought(citizen_id: int) -> str:
    case_no = owed_fixtures.accepted(citizen_id)
    bring(citizen_id, case_no)
    deliver(citizen_id, case_no)
    return case_no


def test_the_clerk_sees_what_is_promised_and_accepts_it_as_such(citizen: int, front_desk: Browser) -> None:
    case_no = owed_fixtures.submitted(citizen)
    page = front_desk.get(f"/console/cases/{case_no}").get_data(as_text=True)

    assert ">容缺受理</button>" in page
    assert "申请人承诺稍后补交" in page


def test_the_notice_of_acceptance_says_what_is_owed_and_until_when(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)
    events.deliver()
    said = document_fixtures.words(document_fixtures.of_kind(case_no, Kind.ACCEPTANCE))

    assert "证件照片（请在2026年11月19日前补交）" in said
    assert "主要申请材料齐全" in said


def test_what_was_brought_waits_in_a_list_and_is_confirmed(citizen: int, front_desk: Browser) -> None:
    case_no = brought(citizen)
    assert case_no in front_desk.get("/console/cases?view=owed").get_data(as_text=True)
    answer = front_desk.post(f"/console/cases/{case_no}/owed/{PHOTO}", right="yes")

    assert "done=owed_confirmed" in answer.headers["Location"]
    assert case_no not in front_desk.get("/console/cases?view=owed").get_data(as_text=True)
    assert "owed_confirmed" in desk.actions()


def test_it_is_sent_back_with_a_reason_only(citizen: int, front_desk: Browser) -> None:
    case_no = brought(citizen)
    unsaid = front_desk.post(f"/console/cases/{case_no}/owed/{PHOTO}", right="no")
    front_desk.post(f"/console/cases/{case_no}/owed/{PHOTO}", right="no", why="照片不清楚")

    assert unsaid.status_code == 422
    assert "照片不清楚" in front_desk.get(f"/console/cases/{case_no}").get_data(as_text=True)


def test_the_approver_ends_an_overdue_case(citizen: int, app: YimaFlask) -> None:
    case_no = owed_fixtures.accepted(citizen)
    with stopped_at(MONDAY + timedelta(days=4)):
        front_desk = browser(app.test_client(), Role.FRONT_DESK, name="王窗口")
        approver = browser(app.test_client(), Role.APPROVER, name="李审批")
        assert "容缺逾期" in approver.get(f"/console/cases/{case_no}").get_data(as_text=True)
        assert front_desk.post(f"/console/cases/{case_no}/terminate", **ENDED).status_code == 403
        approver.post(f"/console/cases/{case_no}/terminate", **ENDED)
        events.deliver()
        page = approver.get(f"/console/cases/{case_no}").get_data(as_text=True)

    assert stored(case_no).state == State.TERMINATED
    assert "终止办理通知书" in page
    paper = document_fixtures.words(document_fixtures.of_kind(case_no, Kind.TERMINATION))
    assert "没有按期补交的材料" in paper
