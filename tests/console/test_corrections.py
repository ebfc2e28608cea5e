"""The one notice of what to correct, through the pages (补正告知、清单外要求、不予受理)."""

import re

import pytest
from sqlalchemy import select

from app.cases.correction_models import OutsideDemand
from app.cases.models import Case
from app.cases.states import State
from app.db import unit_of_work
from app.staff.models import Role
from tests import correction_fixtures as corrections
from tests import desk_fixtures as desk
from tests.correction_fixtures import papers, stored
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
REFUSAL = {
    "code": "not_ours",
    "reason": "不归本部门办理",
    "legal_basis": "《行政许可法》第三十二条",
    "remedies": "可以申请行政复议",
}


@pytest.fixture
def front_desk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


@pytest.fixture
def approver(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.APPROVER, name="李审批")


@pytest.fixture
def supervisor(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.SUPERVISOR, name="郑督导")


def address(case_no: str, rest: str = "correction") -> str:
    return f"/console/cases/{case_no}/{rest}"


def ticked(case_no: str) -> dict[str, object]:
    paper = f"material:{papers(case_no).target}"
    return {
        "point": ["field:address", paper],
        "reason:field:address": "wrong",
        "how:field:address": "请写到门牌号",
        f"reason:{paper}": "unclear",
    }


def test_a_notice_is_looked_at_and_then_given(front_desk: Browser) -> None:
    case_no = desk.submitted()
    seen = front_desk.post(address(case_no), do="preview", **ticked(case_no)).get_data(as_text=True)

    assert "共 2 项" in seen
    assert "请写到门牌号" in seen
    assert stored(case_no).state == State.SUBMITTED
    given = front_desk.post(address(case_no), do="send", **ticked(case_no))
    assert given.headers["Location"].endswith("done=correction")
    assert stored(case_no).state == State.CORRECTION
    assert desk.actions()[-1] == "correction_asked"


def test_the_case_says_how_long_there_is_to_tell_and_what_was_mended(front_desk: Browser) -> None:
    case_no = desk.submitted()
    page = f"/console/cases/{case_no}"
    assert "还有3个工作日要告知" in front_desk.get(page).get_data(as_text=True)
    corrections.ask(case_no)
    citizen_id = stored(case_no).citizen_id
    corrections.mend(citizen_id, case_no)
    corrections.resubmit(citizen_id, case_no)
    shown = front_desk.get(page).get_data(as_text=True)

    assert "示例市示例路1号2栋301" in shown
    assert "补正前" in shown
    assert "不能再要求补正" in shown


def test_a_second_notice_is_refused_and_written_down(front_desk: Browser) -> None:
    case_no = desk.submitted()
    corrections.ask(case_no)
    citizen_id = stored(case_no).citizen_id
    corrections.resubmit(citizen_id, case_no, as_it_is=True)
    refused = front_desk.post(address(case_no), do="send", **ticked(case_no))

    assert refused.status_code == 409
    assert "只能一次告知" in refused.get_data(as_text=True)
    assert ("correction_refused", "second_notice") in written_down()


def test_what_the_guide_does_not_ask_for_is_refused_and_written_down(front_desk: Browser) -> None:
    case_no = desk.submitted()
    refused = front_desk.post(address(case_no), do="preview", point="material:GUARANTEE")

    assert refused.status_code == 409
    assert ("correction_refused", "beyond_guide") in written_down()


def test_what_is_missing_in_a_notice_is_said_on_its_own_page(front_desk: Browser) -> None:
    case_no = desk.submitted()
    empty = front_desk.post(address(case_no), do="send")

    assert empty.status_code == 422
    assert "请至少勾选一项" in empty.get_data(as_text=True)


def test_a_demand_beyond_the_guide_passes_a_second_person(front_desk: Browser, supervisor: Browser) -> None:
    case_no = desk.submitted()
    front_desk.post(
        address(case_no, "demands"), name="无犯罪记录证明", why="请到派出所开", legal_basis="某法"
    )
    wanted = _demand()
    confirm = address(case_no, f"demands/{wanted}")

    assert front_desk.post(confirm, confirmed="yes").status_code == 403
    assert "依据成立" in supervisor.get(address(case_no)).get_data(as_text=True)
    assert supervisor.post(confirm, confirmed="yes").status_code == 303
    assert supervisor.post(confirm, confirmed="yes").status_code == 409
    seen = front_desk.post(address(case_no), do="preview", point=f"outside:outside-{wanted}")
    assert "清单外要求，依据：某法，郑督导确认" in seen.get_data(as_text=True)


def test_what_is_there_electronically_is_not_asked_for_on_paper(front_desk: Browser) -> None:
    case_no = desk.submitted()
    with unit_of_work() as session:
        from_guide = corrections.label(session, case_no)
    again = front_desk.post(
        address(case_no, "demands"), name=f"{from_guide}原件", why="要看原件", legal_basis="某法"
    )

    assert again.status_code == 403
    assert ("correction_refused", "paper_asked_again") in written_down()


def test_the_front_desk_takes_every_case_up_and_its_no_is_written_down(front_desk: Browser) -> None:
    case_no = desk.submitted()
    refused = front_desk.post(address(case_no, "not-accept"), **REFUSAL)

    assert refused.status_code == 403
    assert stored(case_no).state == State.SUBMITTED
    assert ("refused", "not_your_duty") in written_down()


@pytest.mark.parametrize("left_out", sorted(REFUSAL))
def test_the_approver_says_all_that_belongs_to_a_no(approver: Browser, left_out: str) -> None:
    case_no = desk.submitted()
    refused = approver.post(address(case_no, "not-accept"), **{**REFUSAL, left_out: " "})

    assert refused.status_code == 422
    assert stored(case_no).state == State.SUBMITTED


def test_a_case_that_is_not_taken_up_says_why_and_what_can_be_done(approver: Browser) -> None:
    case_no = desk.submitted()
    assert approver.post(address(case_no, "not-accept"), **REFUSAL).status_code == 303
    shown = approver.get(f"/console/cases/{case_no}").get_data(as_text=True)

    assert "可以申请行政复议" in shown
    assert desk.actions()[-2:] == ["case_not_accepted", "case_viewed"]


def test_missing_papers_alone_are_asked_for_first(approver: Browser) -> None:
    case_no = desk.submitted()
    refused = approver.post(address(case_no, "not-accept"), **{**REFUSAL, "code": "still_incomplete"})

    assert refused.status_code == 409
    assert "先一次告知" in refused.get_data(as_text=True)


@pytest.mark.parametrize("view", ["correction", "not_accepted"])
def test_the_work_list_has_a_part_for_each_new_state(front_desk: Browser, view: str) -> None:
    asked, refused = desk.submitted(), desk.submitted()
    corrections.ask(asked)
    corrections.refuse_to_take(refused)
    shown = front_desk.get(f"/console/cases?view={view}").get_data(as_text=True)

    assert (asked in shown, refused in shown) == (view == "correction", view == "not_accepted")


def test_nothing_of_an_applicants_photos_can_be_changed_at_the_desk(app: YimaFlask) -> None:
    writing = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/console/cases") and re.search(r"photo|/material", rule.rule)
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    ]
    # Beside them: what was handed in stays as it is.
    assert writing == ["/console/cases/<case_no>/materials/<material_code>/remarks"]


def written_down() -> list[tuple[str, object]]:
    return [(entry.action, entry.details.get("code")) for entry in desk.audited()]


def _demand() -> int:
    with unit_of_work() as session:
        asked = select(OutsideDemand.id).join(Case, Case.id == OutsideDemand.case_id)
        return session.scalars(asked.order_by(OutsideDemand.id.desc())).first() or 0
