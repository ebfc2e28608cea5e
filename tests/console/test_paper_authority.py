"""Whoever has no phone authorises somebody at the window, on paper (窗口授权)."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import clock
from app.cases import service
from app.db import unit_of_work
from app.delegations import queries
from app.delegations.errors import DelegatesUnproven, DelegationCodeOver, DelegationUnconfirmed
from app.delegations.models import Delegation
from app.events import deliver
from app.people import on_paper, proving
from app.people.errors import HasAccount, IdentityOfAnother
from app.people.models import Citizen
from app.people.proving import Document, Shown
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import item, publish
from tests.delegation_fixtures import DRIVER, accepted, acting, delegated, offered, proven
from tests.people_fixtures import make_citizen
from tests.races import together
from tests.review_fixtures import NUMBER
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
CARD = {"name": "林秀英", "number": NUMBER, "document": "居民身份证"}
SHOWN = Shown("林秀英", NUMBER, Document.CARD)
DRIVERS = "机动车驾驶证补证"


@pytest.fixture
def clerk(client: FlaskClient, city: None) -> Browser:
    del city
    publish(item("dl-lost"), item("id-lost"))
    return browser(client, Role.FRONT_DESK, name="何窗口")


def met(clerk: Browser, **changed: str) -> str:
    """The page of somebody who showed a document."""
    return str(clerk.post("/console/window/document", **{**CARD, **changed}).headers["Location"])


def wish(**changed: object) -> dict[str, object]:
    until = str(clock.today() + timedelta(days=30))
    return {"act": ["apply"], "matters": DRIVERS, "until": until, **changed}


def known(shown: Shown = SHOWN) -> int:
    with unit_of_work() as session:
        return on_paper.known(session, shown=shown)


def test_a_paper_with_a_code_lets_an_agent_hand_in_for_whoever_has_no_phone(
    client: FlaskClient, clerk: Browser
) -> None:
    paper = clerk.post(f"{met(clerk)}/delegations", **wish()).text
    assert all(
        said in paper for said in ("林秀英", DRIVERS, "填表、交材料、提交申请、查看办理进度", "何窗口")
    )
    code = re.findall(r'<strong class="no">([\w-]{22})</strong>', paper)[0]
    agent, giver = proven("陈志强"), known()
    confirm(browser(client, Role.FRONT_DESK, name="刘窗口"), giver)
    case_no = case_fixtures.ready(giver, DRIVER)
    with acting(agent, accepted(agent, code)), unit_of_work() as session:
        service.submit(session, citizen_id=giver, case_no=case_no)

    page = clerk.get(f"/console/cases/{case_no}").text
    assert "申请人在窗口当面授权，何窗口核对了居民身份证" in page
    assert {"document_seen", "delegation_offered", "delegation_accepted"} <= set(desk.actions())


def confirm(clerk: Browser, giver: int) -> TestResponse:
    """Have a clerk confirm the one paper of somebody whom they meet too."""
    with unit_of_work() as session:
        (waiting,) = queries.given(session, citizen_id=giver)
    return clerk.post(f"{met(clerk)}/delegations/{waiting.id}/confirm")


def test_no_clerk_makes_an_agent_alone(clerk: Browser) -> None:
    paper = clerk.post(f"{met(clerk)}/delegations", **wish()).text
    code = re.findall(r'<strong class="no">([\w-]{22})</strong>', paper)[0]

    assert "请同事接待这位市民" in confirm(clerk, known()).text
    with pytest.raises(DelegationUnconfirmed):
        accepted(proven("陈志强"), code)


def test_the_same_document_is_the_same_citizen_also_at_two_windows_at_once(city: None) -> None:
    del city

    assert len(set(together(known, known, known))) == 1


def test_a_number_with_another_name_is_refused(clerk: Browser) -> None:
    met(clerk)

    with pytest.raises(IdentityOfAnother):
        known(Shown("林秀兰", NUMBER, Document.CARD))
    assert clerk.post("/console/window/document", **{**CARD, "name": "林秀兰"}).status_code == 409


def test_who_has_an_account_is_met_by_their_code_alone(clerk: Browser) -> None:
    owner = make_citizen("")
    with unit_of_work() as session:
        proving.prove_shown(session, citizen_id=owner, shown=SHOWN, actor="clerk:1")

    with pytest.raises(HasAccount):
        known()
    assert "请他打开一码办出示个人码" in clerk.post("/console/window/document", **CARD).text


def test_who_was_met_on_paper_may_have_an_account_later(clerk: Browser) -> None:
    on_paper_id, owner = known(), make_citizen("")

    with unit_of_work() as session:
        proving.prove_shown(session, citizen_id=owner, shown=SHOWN, actor="clerk:1")
        assert session.get_one(Citizen, on_paper_id).name == "林秀英"


def test_who_has_an_account_from_now_on_keeps_no_authority_that_only_paper_could_stop(
    clerk: Browser,
) -> None:
    giver, agent, owner = known(), proven("陈志强"), make_citizen("")
    delegated(giver, agent)
    page = clerk.post("/console/scan", content=desk.personal_code(owner)).headers["Location"]

    assert clerk.post(f"{page}/identity", **CARD).status_code == 303

    deliver()
    assert "delegation_ended" in desk.actions()
    with unit_of_work() as session:
        assert queries.received(session, agent_id=agent) == []
    with pytest.raises(DelegatesUnproven):
        offered(giver)


def test_what_was_typed_wrong_is_said_and_what_was_right_stays(clerk: Browser) -> None:
    page = met(clerk)
    for wrong, said in (
        ({"matters": "没有这件事"}, "没有“没有这件事”这个事项"),
        ({"matters": ""}, "全部都授权的，只勾“全部可以代办的事项”"),
        ({"everything": "1"}, "全部都授权的，只勾“全部可以代办的事项”"),
        ({"act": []}, "请至少选一项"),
        ({"until": "明天"}, "请选择授权到哪一天"),
        ({"matters": "居民身份证丢失补领"}, "要本人办，不能代办"),
    ):
        answer = clerk.post(f"{page}/delegations", **wish(**wrong))
        assert (answer.status_code, said in answer.text) == (422, True), said
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(Delegation)) == 0


def test_a_document_that_cannot_be_right_is_refused(clerk: Browser) -> None:
    answer = clerk.post("/console/window/document", **{**CARD, "number": "123"})

    assert answer.status_code == 422
    assert "公民身份号码" in answer.text


def test_the_window_stops_an_authority_for_whoever_has_no_phone(clerk: Browser) -> None:
    page, agent = met(clerk), proven("陈志强")
    delegation_id = delegated(known(), agent)
    assert "**强" in clerk.get(page).text

    stopped = clerk.post(f"{page}/delegations/{delegation_id}/end")

    assert "已停止授权" in clerk.get(stopped.headers["Location"]).text
    with unit_of_work() as session:
        assert queries.received(session, agent_id=agent) == []


def test_a_waiting_code_is_stopped_too(clerk: Browser) -> None:
    page = met(clerk)
    paper = clerk.post(f"{page}/delegations", **wish()).text
    code = re.findall(r'<strong class="no">([\w-]{22})</strong>', paper)[0]
    with unit_of_work() as session:
        (waiting,) = queries.given(session, citizen_id=known())
    clerk.post(f"{page}/delegations/{waiting.id}/end")

    with pytest.raises(DelegationCodeOver):
        accepted(proven("陈志强"), code)


def test_everything_is_authorised_only_where_that_was_ticked(clerk: Browser) -> None:
    paper = clerk.post(f"{met(clerk)}/delegations", **wish(matters="", everything="1")).text

    assert "全部可以代办的事项" in paper


def test_the_supervisor_stops_what_a_clerk_wrote_and_writes_none(client: FlaskClient, clerk: Browser) -> None:
    agent, supervisor = proven("陈志强"), browser(client, Role.SUPERVISOR)
    delegation_id = delegated(known(), agent)
    page = met(supervisor)
    assert "停止授权" in (shown := supervisor.get(page).text)
    assert "开授权书" not in shown
    assert supervisor.post(f"{page}/delegations", **wish()).status_code == 403

    supervisor.post(f"{page}/delegations/{delegation_id}/end")

    with unit_of_work() as session:
        assert queries.received(session, agent_id=agent) == []


def test_an_authority_of_somebody_else_is_not_stopped_from_this_meeting(clerk: Browser) -> None:
    page, others = met(clerk), delegated(proven("黄"), proven("陈志强"))

    assert clerk.post(f"{page}/delegations/{others}/end").status_code == 404


def test_only_who_proves_identities_gives_papers(client: FlaskClient) -> None:
    approver = browser(client, Role.APPROVER)

    assert approver.post("/console/window/document", **CARD).status_code == 403
    assert "凭证件接待" not in approver.get("/console/window").text
