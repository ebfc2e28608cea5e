"""What an agent leaves to the citizen, and what is written down of what they do (代办的边界)."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import clock
from app.documents import jobs
from app.events import deliver
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.company_fixtures import Actor
from tests.delegation_fixtures import AGENT_NAME, ELDER, Agent, delegated, end, handed_in, proven

ME = "/me/delegations"


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("elder-card"), item("elder-allow"))
        yield


@pytest.fixture
def giver(client: FlaskClient) -> Actor:
    return Actor(client, proven("林秀英"))


@pytest.fixture
def agent(client: FlaskClient, giver: Actor) -> Agent:
    helper = proven(AGENT_NAME)
    return Agent(client, helper, delegated(giver.id, helper))


def done(giver: Actor) -> set[str]:
    (given,) = giver.get(ME)["given"]
    return {each["sentence"] for each in giver.get(f"{ME}/{given['id']}")["done"]}


@pytest.mark.parametrize(
    ("key", "field", "said"),
    [
        ("elder-card", "applicant_name", "陈志强"),
        ("elder-card", "delivery", "快递送达"),
        ("elder-allow", "account_number", "6222021001"),
    ],
)
def test_who_applies_and_where_money_and_paper_go_is_the_citizens_own_hand(
    agent: Agent, key: str, field: str, said: str
) -> None:
    case_no = agent.ask("POST", "/cases", {"task_code": item(key)["task_code"]}).get_json()["case_no"]

    answer = agent.ask("PATCH", f"/cases/{case_no}/form", {field: said})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])
    theirs = {"applicant_name": "林秀英", "address": "示例路1号"}
    assert agent.ask("PATCH", f"/cases/{case_no}/form", theirs).status_code == 200


def test_an_old_draft_whose_guide_lets_nobody_act_is_the_citizens_to_finish_first(
    giver: Actor, agent: Agent
) -> None:
    alone = {**item("elder-card")["delegation"], "online": False}
    publish(item("elder-card", delegation=alone))
    case_fixtures.start(giver.id, ELDER)
    publish(item("elder-card"))

    answer = agent.ask("POST", "/cases", {"task_code": ELDER})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "own_draft_first")


def test_other_answers_and_another_order_of_pages_are_written_down(giver: Actor, agent: Agent) -> None:
    case_no = case_fixtures.ready(giver.id, ELDER)
    code = case_fixtures.mandatory_materials(case_no)[0]
    photos = f"/cases/{case_no}/materials/{code}/photos"
    order = {"photo_ids": [each["id"] for each in agent.get(photos)["items"]]}

    assert agent.ask("PUT", f"{photos}/order", order).status_code == 200
    agent.ask("POST", "/cases", {"task_code": ELDER, "answers": {"who": "self"}})

    assert {"整理了材料照片", "改了办理情形"} <= done(giver)


def test_an_agents_look_at_a_document_is_theirs_and_has_not_reached_the_citizen(
    giver: Actor, agent: Agent
) -> None:
    case_no = handed_in(agent)
    case_fixtures.accept(case_no)
    deliver()
    jobs.draw_waiting()
    path = f"/cases/{case_no}/documents"
    shown = agent.get(path)["items"][0]

    assert agent.ask("GET", f"{path}/{shown['id']}").status_code == 200

    assert giver.get(path)["items"][0]["opened_at"] is None
    assert f"查看了{shown['title']}" in done(giver)


def test_what_was_done_is_read_by_both_sides_also_after_the_end(
    client: FlaskClient, giver: Actor, agent: Agent
) -> None:
    handed_in(agent)
    (given,) = giver.get(ME)["given"]
    end(giver.id, given["id"])

    for side, mine in ((giver, True), (Actor(client, agent.id), False)):
        (over,) = side.get(ME)["over"]
        shown = side.get(f"{ME}/{over['id']}")
        assert (shown["mine"], shown["is_over"], shown["done"][0]["sentence"]) == (
            mine,
            True,
            "申请已提交，等待受理",
        )


def test_the_agent_hears_how_the_case_goes_on_while_the_authority_lasts(
    client: FlaskClient, giver: Actor, agent: Agent
) -> None:
    case_no = handed_in(agent)
    helper = Actor(client, agent.id)
    deliver()
    assert any(
        each["text"].startswith("您替**英办的事：您办理的") for each in helper.get("/messages")["items"]
    )
    (given,) = giver.get(ME)["given"]
    end(giver.id, given["id"])
    case_fixtures.accept(case_no)
    deliver()

    assert "已受理" not in [each["title"] for each in helper.get("/messages")["items"]]
    assert "已受理" in [each["title"] for each in giver.get("/messages")["items"]]
