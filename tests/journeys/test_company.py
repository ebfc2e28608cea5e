"""A company applies: claimed, an agent authorised, handed in, granted, and the agent dismissed (企业办事)."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from app import clock
from tests.journeys.company import acting, represented
from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk
from tests.journeys.phone import Phone, eventually

pytestmark = pytest.mark.xdist_group("journeys")

NAME, RESTAURANT = "示例市何记餐饮有限公司", "示例市何记大排档有限公司"
FOOD = "11350100MB9900072B3350190052000"
ID_LOST = "11350100MB990001383350790003000"


@pytest.fixture
def boss(running_city: RunningCity) -> Phone:
    return somebody(running_city, "何老板", "13800008881")


@pytest.fixture
def agent(running_city: RunningCity) -> Phone:
    return somebody(running_city, "方会计", "13800008882")


def somebody(city: RunningCity, name: str, number: str) -> Phone:
    city.sandbox.forget_faults()
    phone = Phone(city, "wechat", city.sandbox.post("/_sim/people", name=name, phone=number))
    phone.log_in()
    return phone


def test_a_company_applies(running_city: RunningCity, boss: Phone, agent: Phone) -> None:
    company = represented(boss, NAME)
    authorise(boss, agent, company)
    at_work = acting(agent, company)
    see_only_what_companies_do(at_work)

    case_no = apply(at_work)
    decide(running_city, case_no)
    see_the_result(acting(boss, company), agent, company, case_no)

    dismiss(boss, company)
    assert at_work.call("GET", f"/api/v1/cases/{case_no}").status_code == 404
    assert acting(boss, company).get(f"/api/v1/cases/{case_no}")["state"] == "decided"


def test_a_company_opens_a_restaurant_as_one_matter(
    running_city: RunningCity, boss: Phone, agent: Phone
) -> None:
    company = represented(boss, RESTAURANT)
    authorise(boss, agent, company, scope=[])
    at_work = acting(agent, company)

    begun: Any = at_work.post("/api/v1/bundles/restaurant/applications", {})
    number = begun["application_no"]
    at_work.fill_in(begun, "bundle-applications")
    shown = acting(boss, company).post(f"/api/v1/bundle-applications/{number}/submit")
    for part in shown["parts"]:
        eventually(partial(waits, at_work, part["case_no"]), what="the next step")
        decide(running_city, part["case_no"], RESTAURANT)
    eventually(partial(licensed, at_work, number), what="the licence")

    assert agent.get("/api/v1/bundle-applications")["items"] == []
    dismiss(boss, company)
    assert at_work.call("GET", f"/api/v1/bundle-applications/{number}").status_code == 404
    assert licensed(acting(boss, company), number)


def waits(phone: Phone, case_no: str) -> bool:
    return bool(phone.get(f"/api/v1/cases/{case_no}")["state"] == "submitted")


def licensed(phone: Phone, number: str) -> bool:
    return bool(phone.get(f"/api/v1/bundle-applications/{number}")["licence"])


def authorise(boss: Phone, agent: Phone, company: int, *, scope: Sequence[str] = (FOOD,)) -> None:
    """The representative makes a code, the agent reads what it allows and accepts."""
    until = (clock.today() + timedelta(days=30)).isoformat()
    wanted = {"task_codes": list(scope), "until": until}
    made = boss.post(f"/api/v1/me/organisations/{company}/invitations", wanted)
    offered = agent.post("/api/v1/me/organisations/invited", {"code": made["code"]})
    assert [each["task_code"] for each in offered["scope"]] == list(scope)
    agent.post("/api/v1/me/organisations/accepted", {"code": made["code"]})


def see_only_what_companies_do(at_work: Phone) -> None:
    """Only corp items, and none of what is the person's."""
    shown = at_work.get("/api/v1/guides", limit=100)["items"]
    assert shown
    assert all("business" in each["audiences"] for each in shown)
    refused = at_work.call("POST", "/api/v1/cases", json={"task_code": ID_LOST})
    assert refused.json()["code"] == "item_for_persons"


def apply(at_work: Phone) -> str:
    """The form knows the company; the rest is typed and photographed."""
    case: Any = at_work.post("/api/v1/cases", {"task_code": FOOD})
    assert case["form"]["organisation_name"] == NAME
    at_work.fill_in(case)
    at_work.post(f"/api/v1/cases/{case['case_no']}/submit")
    return str(case["case_no"])


def decide(city: RunningCity, case_no: str, name: str = NAME) -> None:
    """The desk sees whose application it is, accepts and grants."""
    clerk = Desk(city, "shouli").sign_in()
    assert name in clerk.page(f"/console/cases/{case_no}")
    clerk.send(f"/console/cases/{case_no}/accept")
    approver = Desk(city, "shenpi").sign_in()
    approver.page(f"/console/cases/{case_no}")
    approver.send(f"/console/cases/{case_no}/decide", granted="yes", checked="yes")


def see_the_result(boss: Phone, agent: Phone, company: int, case_no: str) -> None:
    """The representative has the certificate, the agent was told, and as a person has nothing of it."""
    eventually(partial(told, agent, company, case_no), what="the message")
    assert boss.get("/api/v1/certificates")["items"]
    assert agent.get("/api/v1/certificates")["items"] == []
    assert agent.get("/api/v1/cases")["items"] == []
    assert agent.call("GET", f"/api/v1/cases/{case_no}").status_code == 404


def told(agent: Phone, company: int, case_no: str) -> bool:
    pages = [each["page"] for each in agent.get("/api/v1/messages")["items"]]
    return f"pages/cases/detail?no={case_no}&acting_for={company}" in pages


def dismiss(boss: Phone, company: int) -> None:
    """End the agent's authority."""
    (agent,) = boss.get(f"/api/v1/me/organisations/{company}")["agents"]
    done = boss.call("DELETE", f"/api/v1/me/organisations/{company}/agents/{agent['standing_id']}")
    assert done.status_code == 204
