"""The papers of a case at the desk: opened, corrected, and who was told what."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import unit_of_work
from app.documents import jobs
from app.people import service as people
from app.staff.models import Role
from notifications.models import Dispatch, Message
from tests import desk_fixtures as desk
from tests import document_fixtures
from tests.city_fixtures import publish_items
from tests.company_fixtures import Actor, agent_of, company_of, dismiss, handed_in
from tests.document_fixtures import words_of
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def case_no(deliver: Any) -> str:
    """A decided case with its papers drawn and its applicant told."""
    number = desk.decided(granted=False)
    deliver()
    jobs.draw_waiting()
    return number


@pytest.fixture
def clerk(client: FlaskClient) -> Browser:
    return browser(client, Role.FRONT_DESK)


def test_a_clerk_opens_a_paper_and_it_is_written_down(clerk: Browser, case_no: str) -> None:
    paper = document_fixtures.of_case(case_no)[-1]
    page = clerk.get(f"/console/cases/{case_no}").text
    opened = clerk.get(f"/console/cases/{case_no}/documents/{paper.id}")

    assert f"{paper.title} {paper.number}" in page
    assert (opened.status_code, opened.mimetype) == (200, "application/pdf")
    assert "不予" in words_of(opened.data)
    assert desk.actions()[-1] == "document_viewed"


def test_who_was_told_what_stands_on_one_page_to_print(clerk: Browser, case_no: str) -> None:
    page = clerk.get(f"/console/cases/{case_no}/told").text

    for part in ("业务受理通知书", "还没有打开", "已受理", "已有办理结果", "申请人王小明", "短信补发"):
        assert part in page
    assert desk.actions()[-1] == "told_viewed"


def test_a_message_is_sent_once_more_and_twice_is_refused_in_words(clerk: Browser, case_no: str) -> None:
    with unit_of_work() as session:
        message = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert message is not None
        people.bind_phone(session, citizen_id=message.citizen_id, phone="13900000078")
    path = f"/console/cases/{case_no}/messages/{message.id}/resend"
    first, second = clerk.post(path), clerk.post(path)
    with unit_of_work() as session:
        (sent,) = session.scalars(select(Dispatch).where(Dispatch.round == 1)).all()

    assert first.headers["Location"].endswith("/told?done=resent")
    assert (second.status_code, "上一条短信还在发送" in second.text) == (409, True)
    assert (sent.message_id, sent.way) == (message.id, "sms")
    assert desk.actions().count("message_resent") == 1


def test_a_message_of_another_case_is_not_sent_from_here(clerk: Browser, case_no: str, deliver: Any) -> None:
    other = desk.submitted("李四")
    deliver()
    with unit_of_work() as session:
        theirs = session.scalars(select(Message.id).order_by(Message.id.desc())).first()

    assert other != case_no
    assert clerk.post(f"/console/cases/{case_no}/messages/{theirs}/resend").status_code == 404


def test_whoever_acts_for_the_company_no_longer_is_told_nothing_more(
    app: YimaFlask, client: FlaskClient, deliver: Any
) -> None:
    publish_items("food-permit")
    boss = make_citizen("林晓燕")
    company = company_of(boss)
    agent = agent_of(boss, company)
    number = handed_in(Actor(client, boss, company), company)
    deliver()
    dismiss(boss, company)
    clerk = browser(app.test_client(), Role.FRONT_DESK, department="市市场监督管理局")
    page = clerk.get(f"/console/cases/{number}/told").text
    answers = {who: clerk.post(resending(number, who)).status_code for who in (boss, agent)}

    assert (page.count("用短信补发"), page.count("已不再经办")) == (1, 1)
    assert answers == {boss: 409, agent: 404}  # who is told has no telephone, and that is said


def resending(number: str, reader: int) -> str:
    """Where the last message of a reader is sent once more."""
    with unit_of_work() as session:
        last = select(Message.id).where(Message.citizen_id == reader).order_by(Message.id.desc())
        return f"/console/cases/{number}/messages/{session.scalars(last).first()}/resend"


def test_an_approver_corrects_a_paper_and_the_applicant_is_told(
    client: FlaskClient, case_no: str, deliver: Any
) -> None:
    approver = browser(client, Role.APPROVER)
    paper = document_fixtures.of_case(case_no)[0]
    path = f"/console/cases/{case_no}/documents/{paper.id}/correct"
    unsaid, done, twice = (approver.post(path, said=said) for said in (" ", "监督电话有误", "再改"))
    deliver()
    page = approver.get(f"/console/cases/{case_no}/told").text

    assert (unsaid.status_code, done.status_code, twice.status_code) == (422, 303, 409)
    assert f"已更正为{document_fixtures.of_case(case_no)[-1].number}" in page
    assert "有一份文书更正了" in page


def test_the_front_desk_corrects_nothing(clerk: Browser, case_no: str) -> None:
    paper = document_fixtures.of_case(case_no)[0]
    path = f"/console/cases/{case_no}"

    assert clerk.post(f"{path}/documents/{paper.id}/correct", said="改").status_code == 403
    assert "/correct" not in clerk.get(f"{path}/told").text


def test_a_supervisor_reads_and_sends_nothing(client: FlaskClient, case_no: str) -> None:
    supervisor = browser(client, Role.SUPERVISOR)

    assert "短信补发" not in supervisor.get(f"/console/cases/{case_no}/told").text
