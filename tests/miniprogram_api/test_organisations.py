"""My companies over HTTP: claimed, authorised, accepted, ended."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import unit_of_work
from app.organisations import service
from app.organisations.models import Proof
from tests.catalogue_fixtures import item, publish
from tests.people_fixtures import log_in_as, make_citizen

CODE, NAME = "91350100MA3456789F", "示例市榕城餐饮有限公司"
PATH = "/api/v1/me/organisations"
CHANGE = item("co-change")["task_code"]


class Person:
    """A citizen in front of the API."""

    taps = 0

    def __init__(self, client: FlaskClient, name: str) -> None:
        self._client = client
        self.id = make_citizen(name)
        self.headers = log_in_as(self.id)

    def ask(self, method: str, path: str = "", body: Any = None) -> Any:
        Person.taps += 1
        key = {"Idempotency-Key": f"organisation-{Person.taps:06d}"}
        return self._client.open(f"{PATH}{path}", method=method, json=body, headers={**self.headers, **key})

    def companies(self) -> list[tuple[str, str]]:
        return [(each["name"], each["role_text"]) for each in self.ask("GET").get_json()["items"]]


@pytest.fixture
def boss(client: FlaskClient) -> Person:
    publish(item("co-change"))
    return Person(client, "林晓燕")


@pytest.fixture
def agent(client: FlaskClient) -> Person:
    return Person(client, "陈志强")


@pytest.fixture
def company(boss: Person) -> str:
    """Its place below the companies of the representative."""
    with unit_of_work() as session:
        acting = service.represent(session, citizen_id=boss.id, code=CODE, name=NAME, proof=Proof.PHONE)
        return f"/{acting.organisation_id}"


def invited(boss: Person, company: str, *codes: str) -> str:
    until = (clock.today() + timedelta(days=30)).isoformat()
    made = boss.ask("POST", f"{company}/invitations", {"task_codes": codes, "until": until})
    return str(made.get_json()["code"])


def test_an_invitation_is_read_accepted_and_seen_by_its_giver(
    boss: Person, agent: Person, company: str
) -> None:
    code = {"code": invited(boss, company, CHANGE)}

    offered = agent.ask("POST", "/invited", code).get_json()
    assert (offered["organisation_name"], offered["scope"][0]["name"]) == (NAME, "公司变更登记")
    assert agent.ask("POST", "/accepted", code).status_code == 201

    assert agent.companies() == [(NAME, "经办人")]
    agents = boss.ask("GET", company).get_json()["agents"]
    assert [(each["name"], each["scope"][0]["task_code"]) for each in agents] == [("**强", CHANGE)]


def test_a_used_code_says_whom_to_ask(boss: Person, agent: Person, company: str) -> None:
    code = {"code": invited(boss, company)}
    agent.ask("POST", "/accepted", code)

    for path in ("/invited", "/accepted"):
        refused = boss.ask("POST", path, code)
        assert (refused.status_code, refused.get_json()["code"]) == (404, "invitation_over")


def test_a_code_that_was_called_back_is_over(boss: Person, agent: Person, company: str) -> None:
    code = {"code": invited(boss, company)}
    made = boss.ask("GET", company).get_json()["invitations"][0]["id"]

    assert boss.ask("DELETE", f"{company}/invitations/{made}").status_code == 204
    assert agent.ask("POST", "/accepted", code).status_code == 404


def test_either_side_ends_it(boss: Person, agent: Person, company: str) -> None:
    agent.ask("POST", "/accepted", {"code": invited(boss, company)})
    standing = boss.ask("GET", company).get_json()["agents"][0]["standing_id"]
    assert boss.ask("DELETE", f"{company}/agents/{standing}").status_code == 204
    assert agent.companies() == []

    agent.ask("POST", "/accepted", {"code": invited(boss, company)})
    assert agent.ask("DELETE", company).status_code == 204
    assert boss.ask("GET", company).get_json()["agents"] == []


def test_an_agent_sees_no_other_agents_and_authorises_nobody(
    boss: Person, agent: Person, company: str
) -> None:
    agent.ask("POST", "/accepted", {"code": invited(boss, company)})

    assert agent.ask("GET", company).get_json()["agents"] == []
    until = clock.today().isoformat()
    assert agent.ask("POST", f"{company}/invitations", {"until": until}).status_code == 404


def test_a_stranger_finds_no_company(boss: Person, agent: Person, company: str) -> None:
    del boss
    for method, path in (("GET", company), ("DELETE", f"{company}/agents/1")):
        refused = agent.ask(method, path)
        assert (refused.status_code, refused.get_json()["code"]) == (404, "organisation_not_found")


def test_a_day_too_far_and_a_wrong_item_are_said_in_words(boss: Person, company: str) -> None:
    far = {"until": (clock.today() + timedelta(days=500)).isoformat()}
    assert "最长一年" in boss.ask("POST", f"{company}/invitations", far).get_json()["detail"]
    wrong = {"until": clock.today().isoformat(), "task_codes": ["NONE"]}
    assert boss.ask("POST", f"{company}/invitations", wrong).get_json()["code"] == "scope_wrong"
