"""Citizens who act for other citizens, in front of the API (授权代办夹具)."""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from app import clock, on_behalf
from app.db import unit_of_work
from app.delegations import queries, service
from app.delegations.models import Act
from app.people.models import Assurance, Citizen
from tests import case_fixtures
from tests.catalogue_fixtures import item
from tests.company_fixtures import Actor
from tests.people_fixtures import make_citizen
from tests.photo_fixtures import jpeg, page

ELDER, DRIVER = item("elder-card")["task_code"], item("dl-lost")["task_code"]
AGENT_NAME = "陈志强"
EVERYTHING = tuple(Act)


def proven(name: str) -> int:
    """A citizen whose real name is known; the id."""
    citizen_id = make_citizen(name)
    prove(citizen_id)
    return citizen_id


def prove(citizen_id: int) -> None:
    """Have a citizen known by their real name."""
    with unit_of_work() as session:
        session.get_one(Citizen, citizen_id).assurance = Assurance.REAL_NAME


def offered(giver: int, *scope: str, acts: Collection[Act] = EVERYTHING, until: date | None = None) -> str:
    """A code that a citizen made; by default for everything, a month long."""
    last = until or clock.today() + timedelta(days=30)
    with unit_of_work() as session:
        return service.offer(session, citizen_id=giver, wish=service.Wish(scope, acts, last))


def accepted(agent: int, code: str) -> int:
    """The authority that somebody took on; its id."""
    with unit_of_work() as session:
        return service.accept(session, agent_id=agent, code=code).id


def delegated(giver: int, agent: int, *scope: str, acts: Sequence[Act] = EVERYTHING) -> int:
    """An authority in force; its id."""
    return accepted(agent, offered(giver, *scope, acts=acts))


def end(citizen_id: int, delegation_id: int) -> None:
    """Stop an authority, by one of its sides."""
    with unit_of_work() as session:
        service.end(session, citizen_id=citizen_id, delegation_id=delegation_id)


@contextlib.contextmanager
def acting(agent: int, delegation_id: int) -> Iterator[None]:
    """Do for a citizen what stands within, as the API lets an agent in."""
    with unit_of_work() as session:
        _, named = queries.of_agent(session, agent_id=agent, delegation_id=delegation_id)
    on_behalf.act_as(named)
    try:
        yield
    finally:
        on_behalf.act_as(None)


class Agent(Actor):
    """A citizen in front of the API who acts for another one."""

    def __init__(self, client: FlaskClient, citizen_id: int, delegation_id: int) -> None:
        super().__init__(client, citizen_id)
        self.headers["X-Acting-For"] = f"delegation:{delegation_id}"


def handed_in(agent: Actor, task_code: str = ELDER) -> str:
    """A case with nothing missing, prepared and handed in over the API; its number."""
    case_no = str(agent.ask("POST", "/cases", {"task_code": task_code}).get_json()["case_no"])
    form = {**case_fixtures.FORM, **case_fixtures.what_else_is_asked(task_code)}
    known = {field["key"]: field for field in agent.get(f"/cases/{case_no}")["form_fields"]}
    said: dict[str, Any] = {key: value for key, value in form.items() if key in known}
    for key, field in known.items():
        if field["choices"]:
            said[key] = field["choices"][0]
        if field["value"]:
            said[key] = field["value"]
    answer = agent.ask("PATCH", f"/cases/{case_no}/form", said)
    assert answer.status_code == 200, answer.get_json()
    for code in case_fixtures.mandatory_materials(case_no):
        photo = {"photo": (BytesIO(jpeg(page((900, 600)))), "page.jpg")}
        assert agent.ask("POST", f"/cases/{case_no}/materials/{code}/photos", data=photo).status_code == 201
    answer = agent.ask("POST", f"/cases/{case_no}/submit")
    assert answer.status_code == 200, answer.get_json()
    return case_no
