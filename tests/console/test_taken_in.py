"""Electronic materials at the desk: read, remarked on, never asked for again on paper (不得重复收取)."""

import pytest

from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.app.cases.test_taken_in import paper_of
from tests.correction_fixtures import papers
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, Role.APPROVER, name="王窗口", centre_id="C01")


def refused() -> list[str]:
    return [entry.details["code"] for entry in desk.audited() if entry.action == "correction_refused"]


def test_a_no_for_want_of_paper_is_refused_on_the_page_and_written_down(clerk: Browser) -> None:
    case_no = desk.accepted()
    said = {
        "granted": "no",
        "checked": "yes",
        "refused_code": "barred",
        "reason": paper_of(case_no),
        "legal_basis": "某法",
    }
    answered = clerk.post(f"/console/cases/{case_no}/decide", **said)

    assert answered.status_code == 403
    assert "不能再要求申请人交纸质的" in answered.text
    assert said["reason"] in answered.text
    assert refused() == ["paper_asked_again"]


def test_a_mended_paper_does_not_ask_for_it_either(clerk: Browser) -> None:
    case_no = desk.submitted()
    said = paper_of(case_no)
    answered = clerk.post(f"/console/cases/{case_no}/documents/1/correct", said=said)

    assert (answered.status_code, refused()) == (403, ["paper_asked_again"])


def test_a_material_is_read_and_remarked_on_and_nothing_else(clerk: Browser) -> None:
    case_no = desk.submitted()
    page = f"/console/cases/{case_no}/materials/{papers(case_no).target}"
    written = clerk.post(f"{page}/remarks", remark="有效期到明年")
    shown = clerk.get(written.headers["Location"]).text

    assert "批注已保存" in shown
    assert "有效期到明年" in shown
    assert "批注 1 条" in clerk.get(f"/console/cases/{case_no}").text
    assert "material_remarked" in desk.actions()


def test_an_empty_remark_is_said_on_the_page(clerk: Browser) -> None:
    case_no = desk.submitted()
    page = f"/console/cases/{case_no}/materials/{papers(case_no).target}"
    answered = clerk.post(f"{page}/remarks", remark=" ")

    assert (answered.status_code, "请写明批注" in answered.text) == (422, True)


def test_the_window_sees_what_it_does_not_collect_again(clerk: Browser) -> None:
    citizen_id = make_citizen("王小明")
    case_fixtures.submitted(citizen_id, desk.visit(citizen_id).task_code)
    guest = clerk.post("/console/scan", content=desk.personal_code(citizen_id)).headers["Location"]

    assert "网上已收，不再收纸质" in clerk.get(guest).text
