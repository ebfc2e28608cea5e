"""A company, its legal representative and an agent, in front of the API (企业办事夹具)."""

import itertools
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.cases import service as cases
from app.check_characters import mod_31
from app.db import unit_of_work
from app.organisations import queries, service
from app.organisations.models import Proof
from tests import case_fixtures
from tests.catalogue_fixtures import item
from tests.people_fixtures import log_in_as, make_citizen
from tests.photo_fixtures import jpeg, page

CODE, NAME = "91350100MA3456789F", "示例市榕城餐饮有限公司"
FOOD = item("food-permit")["task_code"]
_taps = itertools.count()
_companies = itertools.count(1)


def company_of(citizen_id: int, *, code: str = CODE, name: str = NAME) -> int:
    """A company of which somebody is the proven representative; its id."""
    with unit_of_work() as session:
        made = service.represent(session, citizen_id=citizen_id, code=code, name=name, proof=Proof.PHONE)
        return made.organisation_id


def other_company_of(citizen_id: int) -> int:
    """One more company."""
    body = f"91350100MA3{next(_companies):06d}"
    return company_of(citizen_id, code=body + mod_31(body), name="示例市闽江物流有限公司")


def agent_of(boss: int, organisation_id: int, *task_codes: str, agent: int | None = None) -> int:
    """Somebody who accepted to be the company's agent for items (none named: all)."""
    agent = make_citizen("陈志强") if agent is None else agent
    with unit_of_work() as session:
        code = service.invite(
            session,
            citizen_id=boss,
            organisation_id=organisation_id,
            scope=task_codes,
            until=clock.today() + timedelta(days=30),
        )
        service.accept(session, citizen_id=agent, code=code)
    return agent


def dismiss(boss: int, organisation_id: int) -> None:
    """End every agent of a representative."""
    with unit_of_work() as session:
        giver = queries.acting(session, citizen_id=boss, organisation_id=organisation_id)
        for each in queries.agents(session, standing_id=giver.standing_id):
            service.dismiss(
                session, citizen_id=boss, organisation_id=organisation_id, standing_id=each.standing_id
            )


class Actor:
    """A citizen in front of the API, for themselves or for a company."""

    def __init__(self, client: FlaskClient, citizen_id: int, organisation_id: int | None = None) -> None:
        self._client = client
        self.id = citizen_id
        self.headers = log_in_as(citizen_id)
        if organisation_id is not None:
            self.headers["X-Acting-For"] = f"org:{organisation_id}"

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        key = {"Idempotency-Key": f"company-{next(_taps):06d}"}
        return self._client.open(
            f"/api/v1{path}", method=method, json=body, headers={**self.headers, **key}, **more
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, query_string=query).get_json()

    def numbers(self, path: str = "/cases", of: str = "case_no") -> list[str]:
        return [each[of] for each in self.get(path)["items"]]


def begun(actor: Actor, task_code: str) -> str:
    """A draft that an actor began; its number."""
    answer = actor.ask("POST", "/cases", {"task_code": task_code})
    return str(answer.get_json()["case_no"])


def handed_in(boss: Actor, company: int, task_code: str = FOOD) -> str:
    """A case of the company with nothing missing, handed in."""
    case_no = prepared(boss, company, task_code)
    assert boss.ask("POST", f"/cases/{case_no}/submit").status_code == 200
    return case_no


def prepared(boss: Actor, company: int, task_code: str = FOOD) -> str:
    """A draft of the company with nothing missing."""
    case_no = begun(boss, task_code)
    own = {"organisation_name", "organisation_code"}
    answers = {**case_fixtures.FORM, **case_fixtures.what_else_is_asked(task_code)}
    who: dict[str, Any] = {"citizen_id": boss.id, "organisation_id": company, "case_no": case_no}
    with unit_of_work() as session:
        form = {key: value for key, value in answers.items() if key not in own}
        cases.save_form(session, **who, changes=form)
    for code in case_fixtures.mandatory_materials(case_no):
        photo = {"photo": (BytesIO(jpeg(page((900, 600)))), "page.jpg")}
        added = boss.ask("POST", f"/cases/{case_no}/materials/{code}/photos", data=photo)
        assert added.status_code == 201
    return case_no
