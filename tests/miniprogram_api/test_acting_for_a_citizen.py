"""Acting for another citizen over HTTP: what an agent does and sees, and what is the citizen's own hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.db import unit_of_work
from app.delegations.models import Act
from app.events import deliver
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY, load_city, make_slot
from tests.company_fixtures import Actor
from tests.delegation_fixtures import (
    AGENT_NAME,
    DRIVER,
    ELDER,
    Agent,
    delegated,
    end,
    handed_in,
    proven,
)
from web.flask_app import YimaFlask

ME = "/me/delegations"
PERMIT, NO_CRIME = item("res-permit")["task_code"], item("no-crime")["task_code"]
# What an agent does with a case; everything else that a person or a company may do is their own hand.
LET_IN = {
    ("GET", "/api/v1/cases"),
    ("POST", "/api/v1/cases"),
    ("GET", "/api/v1/cases/<case_no>"),
    ("GET", "/api/v1/cases/<case_no>/timeline"),
    ("PATCH", "/api/v1/cases/<case_no>/form"),
    ("POST", "/api/v1/cases/<case_no>/submit"),
    ("POST", "/api/v1/cases/<case_no>/corrections"),
    ("GET", "/api/v1/cases/<case_no>/precheck"),
    ("POST", "/api/v1/cases/<case_no>/precheck"),
    ("DELETE", "/api/v1/cases/<case_no>/precheck"),
    ("GET", "/api/v1/cases/<case_no>/delivery"),
    ("GET", "/api/v1/cases/<case_no>/documents"),
    ("GET", "/api/v1/cases/<case_no>/documents/<int:document_id>"),
}


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(*(item(key) for key in ("elder-card", "dl-lost", "id-lost", "res-permit", "no-crime")))
        yield


@pytest.fixture
def giver(client: FlaskClient) -> Actor:
    return Actor(client, proven("林秀英"))


@pytest.fixture
def helper(client: FlaskClient) -> Actor:
    """The agent, for themselves."""
    return Actor(client, proven(AGENT_NAME))


@pytest.fixture
def agent(client: FlaskClient, giver: Actor, helper: Actor) -> Agent:
    return Agent(client, helper.id, delegated(giver.id, helper.id))


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_given_by_a_code_accepted_on_the_others_phone_and_stopped_with_one_tap(
    giver: Actor, helper: Actor
) -> None:
    wish = {"task_codes": [ELDER], "acts": ["apply"], "until": str(clock.today() + timedelta(days=9))}
    code = {"code": giver.ask("POST", ME, wish).get_json()["code"]}
    offer = helper.ask("POST", f"{ME}/offered", code).get_json()
    assert (offer["giver"], [each["act"] for each in offer["acts"]]) == ("**英", ["apply", "track"])
    taken = helper.ask("POST", f"{ME}/accepted", code).get_json()
    (given,) = giver.get(ME)["given"]
    assert (given["agent"], given["scope"][0]["name"]) == ("**强", "老年人优待证办理")

    assert giver.ask("DELETE", f"{ME}/{taken['id']}").status_code == 204
    left = helper.get(ME)
    assert (left["given"], left["received"]) == ([], [])
    assert [each["is_over"] for each in left["over"]] == [True]


def test_an_agent_prepares_and_hands_in_and_everything_says_so(giver: Actor, agent: Agent) -> None:
    case_no = handed_in(agent)
    deliver()

    assert giver.numbers() == agent.numbers() == [case_no]
    lines = giver.get(f"/cases/{case_no}/timeline")["items"]
    assert {line["actor_name"] for line in lines if line["actor_kind"] == "citizen"} == {"代办人**强"}
    assert giver.get(f"/cases/{case_no}")["handed_in_by"] == "**强"
    told = [each["text"] for each in giver.get("/messages")["items"]]
    for said in ("已开始填写申请", "填写了申请表", "整理了材料照片", "申请已提交，等待受理"):
        assert any(f"**强替您办理“老年人优待证办理”：{said}" in text for text in told), said
    with unit_of_work() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "delegate_acted")).all()
    assert {(line.actor, line.citizen_id) for line in lines} == {(f"citizen:{agent.id}", giver.id)}
    assert "您授权的代办人" in {line["who"] for line in giver.get("/me/access-log")["items"]}


def test_what_was_done_stands_with_the_authority(giver: Actor, agent: Agent) -> None:
    handed_in(agent)
    (given,) = giver.get(ME)["given"]

    done = [each["sentence"] for each in giver.get(f"{ME}/{given['id']}")["done"]]

    assert done[0] == "申请已提交，等待受理"
    assert "查看了办件" in done


def test_the_case_is_the_citizens_and_none_of_the_agents(agent: Agent, helper: Actor) -> None:
    case_no = handed_in(agent)

    assert helper.numbers() == []
    assert refused(helper.ask("GET", f"/cases/{case_no}")) == (404, "case_not_found")


def test_an_item_that_one_must_handle_oneself_is_refused_and_stays_unseen(giver: Actor, agent: Agent) -> None:
    own = case_fixtures.start(giver.id, ID_LOST)

    assert refused(agent.ask("POST", "/cases", {"task_code": ID_LOST})) == (409, "not_delegable")
    assert agent.numbers() == []
    assert refused(agent.ask("GET", f"/cases/{own}")) == (404, "case_not_found")


def test_an_agent_sees_and_begins_only_what_the_authority_names(
    client: FlaskClient, giver: Actor, helper: Actor
) -> None:
    own = case_fixtures.start(giver.id, DRIVER)
    agent = Agent(client, helper.id, delegated(giver.id, helper.id, ELDER))

    assert refused(agent.ask("POST", "/cases", {"task_code": DRIVER})) == (409, "not_delegated")
    assert agent.numbers() == []
    for path in ("", "/timeline", "/delivery", "/documents"):
        assert refused(agent.ask("GET", f"/cases/{own}{path}")) == (404, "case_not_found"), path


def test_what_was_over_before_the_authority_began_stays_unseen(
    client: FlaskClient, giver: Actor, helper: Actor
) -> None:
    case_no = case_fixtures.start(giver.id, ELDER)
    case_fixtures.withdraw(giver.id, case_no)

    with clock.stopped_at(MONDAY + timedelta(hours=1)):
        agent = Agent(client, helper.id, delegated(giver.id, helper.id))
        assert agent.numbers() == []


def test_who_may_only_follow_a_case_sees_neither_its_form_nor_its_code(
    client: FlaskClient, giver: Actor, helper: Actor
) -> None:
    case_no = case_fixtures.submitted(giver.id, ELDER)
    agent = Agent(client, helper.id, delegated(giver.id, helper.id, acts=[Act.TRACK]))

    shown = agent.get(f"/cases/{case_no}")

    assert (shown["form"], shown["form_fields"], shown["materials"]) == ({}, [], [])
    assert (shown["query_code"], shown["allowed_actions"]) == ("", [])
    for method, path in (("PATCH", "form"), ("POST", "submit"), ("GET", "documents"), ("GET", "delivery")):
        assert refused(agent.ask(method, f"/cases/{case_no}/{path}", {})) == (403, "act_not_delegated"), path


def test_whatever_is_signed_paid_taken_back_or_private_is_the_citizens_own_hand(
    app: YimaFlask, agent: Agent
) -> None:
    case_no = handed_in(agent)
    values = {"case_no": case_no, "material_code": "01", "bill_no": "1", "receipt_no": "1"}
    adapter = app.url_map.bind("localhost")
    own = 0
    for rule in app.url_map.iter_rules():
        auth = getattr(getattr(app.view_functions[rule.endpoint], "spec", None), "auth", None)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if auth is None or not getattr(auth, "may_act", False):
                continue
            photos = "/photos" in rule.rule
            assert (auth.delegated is not None) == (photos or (method, rule.rule) in LET_IN), rule.rule
            if auth.delegated is None:
                wanted = {name: values.get(name, 1) for name in rule.arguments}
                path = adapter.build(rule.endpoint, wanted, method).removeprefix("/api/v1")
                assert refused(agent.ask(method, path, {})) == (403, "own_hand_needed"), path
                own += 1
    assert own > 25


def test_nothing_is_left_to_an_agent_after_the_end_also_in_the_middle_of_a_draft(
    giver: Actor, agent: Agent
) -> None:
    case_no = agent.ask("POST", "/cases", {"task_code": ELDER}).get_json()["case_no"]
    (given,) = giver.get(ME)["given"]
    end(giver.id, given["id"])

    for method, path in (("GET", ""), ("PATCH", "/form"), ("POST", "/submit"), ("GET", "/timeline")):
        answer = agent.ask(method, f"/cases/{case_no}{path}", {})
        assert refused(answer) == (404, "delegation_not_found"), path
    assert giver.numbers() == [case_no]


def test_nobody_acts_under_an_authority_of_others(client: FlaskClient, giver: Actor, agent: Agent) -> None:
    del agent
    (given,) = giver.get(ME)["given"]
    for number in (given["id"], 999_999_999_999_999_999):
        stranger = Agent(client, proven("黄"), number)
        assert refused(stranger.ask("GET", "/cases")) == (404, "delegation_not_found")
        assert stranger.ask("GET", f"{ME}/{number}").status_code == 404
        assert stranger.ask("DELETE", f"{ME}/{number}").status_code == 404


def test_a_tap_for_another_is_not_one_for_oneself(giver: Actor, agent: Agent, helper: Actor) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    for each in (agent, helper):
        answer = each._client.post("/api/v1/cases", json={"task_code": ELDER}, headers=each.headers | key)
        assert answer.status_code == 201

    assert len(giver.numbers()) == len(helper.numbers()) == 1
    assert giver.numbers() != helper.numbers()


def test_an_agent_books_moves_and_cancels_what_they_booked_and_sees_no_other(
    giver: Actor, agent: Agent
) -> None:
    slot, later = make_slot(), make_slot(at=MONDAY + timedelta(days=1, hours=3))
    wish = {"centre_id": "C01", "slot_id": slot}
    own = giver.ask("POST", "/appointments", {**wish, "task_code": PERMIT})
    booked = agent.ask("POST", "/appointments", {**wish, "task_code": NO_CRIME})
    number = booked.get_json()["id"]

    assert agent.numbers("/appointments", "id") == [number]
    assert set(giver.numbers("/appointments", "id")) == {number, own.get_json()["id"]}
    assert agent.ask("POST", f"/appointments/{own.get_json()['id']}/cancel").status_code == 404
    assert agent.ask("POST", f"/appointments/{number}/reschedule", {"slot_id": later}).status_code == 200
    assert agent.ask("POST", f"/appointments/{number}/cancel").status_code == 200
    deliver()
    told = [each["text"] for each in giver.get("/messages")["items"]]
    for said in ("预约了到窗办理", "改了预约时间", "取消了预约"):
        assert any(said in text and "**强替您" in text for text in told), said


def test_an_agent_who_checked_in_follows_and_gives_back_that_number_and_sees_no_other(
    giver: Actor, agent: Agent
) -> None:
    with clock.stopped_at(MONDAY + timedelta(hours=1)):
        slot = make_slot(at=MONDAY + timedelta(hours=1, minutes=30))
        own = giver.ask("POST", "/centres/C01/tickets", {"task_code": PERMIT}).get_json()["id"]
        wish = {"centre_id": "C01", "slot_id": slot, "task_code": NO_CRIME}
        booked = agent.ask("POST", "/appointments", wish).get_json()
        came = agent.ask("POST", f"/appointments/{booked['id']}/check-in", {"code": booked["code"]})
        number = came.get_json()["ticket_id"]

        assert agent.numbers("/tickets", "id") == [number]
        assert agent.get(f"/tickets/{number}")["state"] == "waiting"
        for method, path in (("GET", ""), ("POST", "/cancel")):
            assert refused(agent.ask(method, f"/tickets/{own}{path}")) == (404, "ticket_not_found"), path
        assert agent.ask("POST", f"/tickets/{number}/cancel").get_json()["state"] == "cancelled"
        deliver()
    assert any("取消了排队" in each["text"] for each in giver.get("/messages")["items"])


def test_who_checked_in_for_the_applicant_is_written_down_once(giver: Actor, agent: Agent) -> None:
    with clock.stopped_at(MONDAY + timedelta(hours=1)):
        slot = make_slot(at=MONDAY + timedelta(hours=1, minutes=30))
        wish = {"centre_id": "C01", "slot_id": slot, "task_code": NO_CRIME}
        booked = agent.ask("POST", "/appointments", wish).get_json()
        for _ in range(2):
            agent.ask("POST", f"/appointments/{booked['id']}/check-in", {"code": booked["code"]})
        deliver()

    done = giver.get(f"{ME}/{giver.get(ME)['given'][0]['id']}")["done"]
    assert [each["sentence"] for each in done] == ["到大厅签到取号", "预约了到窗办理"]
    assert any("到大厅签到取号" in each["text"] for each in giver.get("/messages")["items"])


def test_an_item_for_oneself_is_not_booked_by_an_agent(agent: Agent) -> None:
    wish = {"centre_id": "C01", "slot_id": make_slot(), "task_code": ID_LOST}

    assert refused(agent.ask("POST", "/appointments", wish)) == (409, "not_delegable")


def test_both_sides_find_the_authority_in_their_data(giver: Actor, agent: Agent, helper: Actor) -> None:
    handed_in(agent)
    del agent

    for side, called in ((giver, "授权别人"), (helper, "替别人办")):
        (one,) = side.get("/me/export")["delegations"]
        assert (one["side"], one["done"][-1]["what"]) == (called, "申请已提交，等待受理")
