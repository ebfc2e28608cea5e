"""A look before the way to the window, through the desk's pages (网上预审)."""

import io

import pytest
from PIL import Image

from app.materials import queries as materials
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests import precheck_fixtures as prechecks
from tests.people_fixtures import make_citizen
from tests.precheck_fixtures import PICTURE
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
FEES = {"fee_code": "FEE-ID-LOST"}


@pytest.fixture
def front_desk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


def text(clerk: Browser, path: str) -> str:
    return clerk.get(path).get_data(as_text=True)


def test_who_waits_is_listed_until_somebody_answers(front_desk: Browser) -> None:
    found = prechecks.asked(make_citizen("王小明"))
    assert f"/console/prechecks/{found}" in text(front_desk, "/console/prechecks")

    done = front_desk.post(f"/console/prechecks/{found}/pass")

    listed = text(front_desk, done.headers["Location"])
    assert "预审已通过，申请人马上收到消息" in listed
    assert "没有等待预审的申请" in listed
    assert desk.actions()[-1] == "precheck_passed"


def test_each_look_is_written_down_and_the_photo_says_what_it_is_for(front_desk: Browser) -> None:
    found = prechecks.asked(make_citizen())
    shown = text(front_desk, f"/console/prechecks/{found}")
    address = next(part for part in shown.split('"') if "/photos/" in part and "size" not in part)

    given = front_desk.get(address)

    assert "联系地址" in shown
    assert desk.actions()[-1] == "precheck_viewed"
    original = materials.content(prechecks.photos(found)[0], thumb=False)
    assert Image.open(io.BytesIO(given.data)).size == Image.open(io.BytesIO(original)).size
    assert given.data != original


def test_points_are_sent_at_once(front_desk: Browser) -> None:
    found = prechecks.asked(make_citizen())
    point = f"material:{PICTURE}"

    front_desk.post(f"/console/prechecks/{found}/points", point=point, **{f"reason:{point}": "unclear"})

    shown = text(front_desk, f"/console/prechecks/{found}")
    assert "看不清楚" in shown
    assert "联系地址" not in shown


def test_what_is_named_late_is_refused_and_written_down_unless_it_says_why(front_desk: Browser) -> None:
    case_no = prechecks.draft(citizen := make_citizen())
    prechecks.mend(prechecks.ask(citizen, case_no), prechecks.of_material(PICTURE))
    found = prechecks.ask(citizen, case_no)
    late = {"point": "field:phone", "reason:field:phone": "wrong"}

    refused = front_desk.post(f"/console/prechecks/{found}/points", **late)
    assert (refused.status_code, "correction_refused" in desk.actions()) == (409, True)

    front_desk.post(f"/console/prechecks/{found}/points", **late, late_reason="号码刚停用")
    assert desk.audited()[-1].details == {"points": "1", "kind": "提出上次没有提的内容"}


def test_the_visit_code_opens_the_originals_and_accepts_in_one_tap(front_desk: Browser) -> None:
    case_no, found = prechecks.passed(make_citizen())
    scanned = front_desk.post("/console/scan", content=prechecks.code(found)).headers["Location"]
    assert "核对原件并受理" in text(front_desk, scanned)

    done = front_desk.post(f"{scanned}/accept", compared=prechecks.originals(found), **FEES)

    assert done.headers["Location"] == f"/console/cases/{case_no}?done=accepted"
    assert "打开办件" in (used := text(front_desk, scanned))
    assert "申请人还可以修改" not in used
    again = front_desk.post(f"{scanned}/accept", compared=prechecks.originals(found), **FEES)
    assert (again.status_code, "已经用过" in again.get_data(as_text=True)) == (409, True)


@pytest.mark.parametrize("by", ["-1", "12x", "9" * 40])
def test_a_visitor_who_cannot_be_read_is_not_taken_for_the_applicant(front_desk: Browser, by: str) -> None:
    case_no, found = prechecks.passed(make_citizen())
    address = f"/console/prechecks/{found}/accept"

    refused = front_desk.post(address, by=by, compared=prechecks.originals(found), **FEES)

    assert refused.status_code == 422
    assert case_fixtures.kinds(case_no)[-1] == "precheck_passed"


def test_an_original_that_differs_goes_into_the_one_notice(front_desk: Browser) -> None:
    case_no, found = prechecks.passed(make_citizen())

    done = front_desk.post(
        f"/console/prechecks/{found}/differ", differs=PICTURE, **{f"differs:{PICTURE}": "不是同一个人"}
    )

    assert done.headers["Location"] == f"/console/cases/{case_no}?done=correction"
    assert "原件和照片不一致" in text(front_desk, f"/console/cases/{case_no}")


def test_what_has_passed_is_not_asked_for_again_and_who_tries_is_written_down(front_desk: Browser) -> None:
    citizen = make_citizen()
    case_no, _ = prechecks.passed(citizen)
    case_fixtures.submit(citizen, case_no)
    address = f"/console/cases/{case_no}/correction"
    assert "网上预审已通过" in text(front_desk, address)

    point = {"point": "field:address", "reason:field:address": "wrong"}
    refused = front_desk.post(address, do="send", **point)

    assert (refused.status_code, desk.actions()[-2]) == (403, "correction_refused")


def test_after_a_change_the_desk_sees_nothing_of_the_draft(front_desk: Browser) -> None:
    citizen = make_citizen()
    case_no, found = prechecks.passed(citizen)
    prechecks.change(citizen, case_no, address="示例市示例路9号")

    shown = text(front_desk, f"/console/prechecks/{found}")

    assert "预审结果已经失效" in shown
    assert "示例路9号" not in shown
