"""Pleas about records of broken promises, and what was told of them, through the pages (失信记录)."""

import pytest
from sqlalchemy import select

from app.credit import reports
from app.credit.models import CreditReport
from app.db import unit_of_work
from app.promise_checks.plea_models import PleaKind
from app.staff.models import Role
from tests import case_fixtures, credit_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import publish
from tests.promise_fixtures import promising_item
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
PAGE = "/console/credit"


@pytest.fixture
def case_no(city: None) -> str:
    del city
    publish(promising_item())
    return credit_fixtures.broken(case_fixtures.citizen())


@pytest.fixture
def approver(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.APPROVER, name="李审批")


def test_a_repair_is_decided_with_its_reason(case_no: str, approver: Browser) -> None:
    plea = credit_fixtures.ask(case_no, PleaKind.REPAIR)
    page = approver.get(PAGE).get_data(as_text=True)
    unsaid = approver.post(f"{PAGE}/pleas/{plea}", granted="yes", reason=" ")
    approver.post(f"{PAGE}/pleas/{plea}", granted="yes", reason="已经补交")

    assert "已经补交了证明，并向派出所说明" in page
    assert unsaid.status_code == 422
    assert credit_fixtures.record_states() == ["repaired"]
    assert "credit_plea_decided" in desk.actions()


def test_the_front_desk_sees_a_plea_and_decides_none(case_no: str, app: YimaFlask) -> None:
    plea = credit_fixtures.ask(case_no, PleaKind.OBJECTION)
    window = browser(app.test_client(), Role.FRONT_DESK, name="王窗口")

    assert "由审批人员处理" in window.get(PAGE).get_data(as_text=True)
    assert window.post(f"{PAGE}/pleas/{plea}", granted="yes", reason="好").status_code == 403
    assert credit_fixtures.record_states() == ["on_hold"]


@pytest.mark.usefixtures("case_no")
def test_what_the_platform_did_not_take_says_why_and_is_told_again(approver: Browser) -> None:
    with unit_of_work() as session:
        report_id = session.scalars(select(CreditReport.id)).one()
        reports.note_refused(session, report_id=report_id, reason="no_identity")
    page = approver.get(PAGE).get_data(as_text=True)
    approver.post(f"{PAGE}/reports/{report_id}/again")

    assert "申请人没有实名" in page
    assert credit_fixtures.reports() == [("record", "waiting")]
    assert "credit_report_again" in desk.actions()


def test_a_question_without_answer_is_seen_and_asked_again(app: YimaFlask) -> None:
    case_no = credit_fixtures.a_refused_question()
    window = browser(app.test_client(), Role.FRONT_DESK, name="王窗口")
    page = window.get(PAGE).text
    answer = window.post(f"{PAGE}/cases/{case_no}/again")

    assert "信用平台不认申请人的证件号码" in page
    assert "可以请督导人员另行核实" in page
    assert answer.status_code == 303
    assert "credit_asked_anew" in desk.actions()


def test_a_supervisor_writes_down_what_was_learned_elsewhere(app: YimaFlask, approver: Browser) -> None:
    case_no = credit_fixtures.a_refused_question()
    said = {"listed": "no", "source": "“信用中国”网站", "reason": "平台不认证件号码"}
    supervisor = browser(app.test_client(), Role.SUPERVISOR, name="周督导")
    path = f"{PAGE}/cases/{case_no}/learned"
    unsaid = supervisor.post(path, **{**said, "reason": ""})

    assert approver.post(path, **said).status_code == 403
    assert (unsaid.status_code, "“信用中国”网站" in unsaid.text) == (422, True)
    assert supervisor.post(path, **said).status_code == 303
    assert "周督导另行核实：没有列入" in approver.get(f"/console/cases/{case_no}").text
    assert "credit_learned" in desk.actions()


def test_who_decides_too_does_not_write_down_what_lets_them_grant(app: YimaFlask) -> None:
    case_no = credit_fixtures.a_refused_question()
    both = browser(app.test_client(), Role.SUPERVISOR, Role.APPROVER, name="周督导")
    said = {"listed": "no", "source": "“信用中国”网站", "reason": "平台不认证件号码"}

    assert "可以请督导人员另行核实" in both.get(PAGE).text
    assert both.post(f"{PAGE}/cases/{case_no}/learned", **said).status_code == 403


@pytest.mark.parametrize("typed", [{"since": "昨天"}, {"authority": " "}, {"listed": "perhaps"}])
def test_what_is_typed_wrongly_of_a_listing_is_not_taken(app: YimaFlask, typed: dict[str, str]) -> None:
    case_no = credit_fixtures.a_refused_question()
    said = {
        "listed": "yes",
        "source": "复函",
        "reason": "平台查不了",
        "authority": "税务局",
        "since": "2026-01-02",
    }
    supervisor = browser(app.test_client(), Role.SUPERVISOR, name="周督导")

    assert supervisor.post(f"{PAGE}/cases/{case_no}/learned", **{**said, **typed}).status_code == 422
