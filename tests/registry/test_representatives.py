"""Who represents a company is asked of the registry, over HTTP and the stand-in."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.db import unit_of_work
from app.events import deliver
from app.organisations import claims, queries, service
from app.people import service as people
from app.people.models import Assurance, Citizen
from registry import representatives
from tests import company_fixtures
from tests.conftest import Sandbox
from tests.people_fixtures import log_in_as, make_citizen
from tests.races import together

CODE, NAME = "91350100MA3456789F", "示例市榕城餐饮有限公司"
REVOKED = "91350100MA2Y8TK3X1"
LIN, WU, STRANGER = "13900000001", "13900000003", "13800000009"
PATH = "/api/v1/me/organisations"


class Boss:
    """A citizen with a bound phone, in front of the API and the stand-in of the registry."""

    _taps = itertools.count()

    def __init__(self, client: FlaskClient, sandbox: Sandbox, phone: str | None = LIN) -> None:
        self._client = client
        self.sandbox = sandbox
        self.id = make_citizen("林")
        if phone is not None:
            with unit_of_work() as session:
                people.bind_phone(session, citizen_id=self.id, phone=phone)
        self.headers = log_in_as(self.id)

    def claim(self, code: str = CODE, *, tap: str | None = None) -> TestResponse:
        key = tap or f"claim-{next(self._taps):06d}"
        return self._client.post(PATH, json={"code": code}, headers={**self.headers, "Idempotency-Key": key})

    def get(self, path: str = PATH) -> Any:
        return self._client.get(path, headers=self.headers).get_json()

    def companies(self) -> list[str]:
        return [each["name"] for each in self.get()["items"]]

    def messages(self) -> list[str]:
        with clock.stopped_at(clock.now() + timedelta(minutes=5)):
            deliver()
        return [each["title"] for each in self.get("/api/v1/messages")["items"]]


def silent(sandbox: Sandbox, kind: str = "http_503", **more: Any) -> None:
    sandbox.post("/_sim/faults", op="registry.representative", kind=kind, **{"times": -1, **more})


@pytest.fixture
def boss(client: FlaskClient, fresh_sandbox: Sandbox) -> Boss:
    return Boss(client, fresh_sandbox)


def test_the_legal_representative_acts_for_the_company(boss: Boss) -> None:
    answer = boss.claim()

    told = answer.get_json()
    assert (answer.status_code, told["state"], told["organisation"]["name"]) == (201, "proven", NAME)
    assert told["organisation"]["proof_text"] == "登记系统已按手机号核对"
    assert boss.companies() == [NAME]


def test_somebody_else_is_told_only_that(client: FlaskClient, fresh_sandbox: Sandbox) -> None:
    stranger = Boss(client, fresh_sandbox, STRANGER)

    for code in (CODE, REVOKED):
        refused = stranger.claim(code)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "not_representative")
    assert stranger.companies() == []


def test_a_revoked_company_is_acted_for_by_nobody(client: FlaskClient, fresh_sandbox: Sandbox) -> None:
    refused = Boss(client, fresh_sandbox, WU).claim(REVOKED)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "organisation_closed")
    assert "被吊销或者已注销" in refused.get_json()["detail"]


def test_a_code_is_judged_before_anybody_is_asked(boss: Boss) -> None:
    silent(boss.sandbox)

    wrong = boss.claim(CODE[:-1] + "0").get_json()

    assert (wrong["code"], list(wrong["errors"])) == ("organisation_code_wrong", ["code"])


def test_who_has_no_proven_phone_is_told_to_bind_one(client: FlaskClient, fresh_sandbox: Sandbox) -> None:
    refused = Boss(client, fresh_sandbox, None).claim().get_json()

    assert (refused["code"], "绑定手机号" in refused["detail"]) == ("identity_unproven", True)


def test_a_real_name_counts_before_a_phone(boss: Boss) -> None:
    number = "11010519491231002X"
    unit = {"code": CODE, "name": NAME, "standing": "active", "legal_person": "林晓燕"}
    boss.sandbox.post("/_sim/registry/units", **unit, phone=STRANGER, id_number=number)
    with unit_of_work() as session:
        citizen = session.get_one(Citizen, boss.id)
        citizen.name, citizen.id_number, citizen.assurance = "林晓燕", number, Assurance.REAL_NAME

    assert boss.claim().get_json()["organisation"]["proof_text"] == "登记系统已按实名信息核对"


@pytest.mark.parametrize("kind", ["http_503", "hang", "html"])
def test_a_silent_registry_leaves_the_question_open_and_the_job_asks_again(boss: Boss, kind: str) -> None:
    silent(boss.sandbox, kind, seconds=6, times=1)

    assert boss.claim().get_json() == {"state": "asking", "organisation": None}
    assert [each["code"] for each in boss.get()["asking"]] == [CODE]

    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        assert representatives.ask_again() == 1
    assert boss.companies() == [NAME]
    assert boss.messages() == ["企业绑定成功"]


def test_a_registry_that_is_away_costs_one_question_and_the_others_keep_their_moment(
    client: FlaskClient, fresh_sandbox: Sandbox
) -> None:
    bosses = [Boss(client, fresh_sandbox, LIN), Boss(client, fresh_sandbox, STRANGER)]
    silent(fresh_sandbox, times=3)
    for each in bosses:
        each.claim()

    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        assert (representatives.ask_again(), representatives.ask_again()) == (1, 1)
    assert sorted(len(each.get()["asking"]) for each in bosses) == [0, 1]


def test_a_late_no_is_told_too(client: FlaskClient, fresh_sandbox: Sandbox) -> None:
    stranger = Boss(client, fresh_sandbox, STRANGER)
    silent(fresh_sandbox, times=1)
    stranger.claim()

    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        representatives.ask_again()

    assert stranger.messages() == ["企业没有绑定成"]
    assert (stranger.companies(), stranger.get()["asking"]) == ([], [])


def test_the_same_tap_and_the_same_wish_are_one_question(boss: Boss) -> None:
    silent(boss.sandbox)

    states = [boss.claim(tap=tap).get_json()["state"] for tap in ("same-tap-1", "same-tap-1", "other-tap")]

    assert states == ["asking"] * 3
    assert len(boss.get()["asking"]) == 1


def test_two_taps_at_once_are_one_standing(boss: Boss) -> None:
    together(boss.claim, boss.claim)

    assert boss.companies() == [NAME]


def test_nobody_tries_companies_without_end(boss: Boss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST_A_DAY", 2)

    assert [boss.claim().status_code for _ in range(3)] == [201, 201, 429]


def test_who_represents_it_no_longer_loses_it_with_the_next_answer(boss: Boss) -> None:
    boss.claim()
    unit = {"code": CODE, "name": NAME, "standing": "active", "legal_person": "王", "phone": STRANGER}
    boss.sandbox.post("/_sim/registry/units", **unit)

    assert boss.claim().status_code == 409
    assert boss.companies() == []
    assert "不能再代表企业办事" in boss.messages()


def test_when_another_is_proven_the_earlier_one_is_asked_about_at_once(
    boss: Boss, client: FlaskClient
) -> None:
    boss.claim()
    newcomer = successor(boss, client)
    agent = agent_of_boss(boss)

    assert representatives.ask_again() == 1
    assert (boss.companies(), agent.companies(), newcomer.companies()) == ([], [], [NAME])
    assert boss.messages().count("不能再代表企业办事") == 1
    assert representatives.ask_again() == 0


def successor(boss: Boss, client: FlaskClient) -> Boss:
    """Somebody whom the registry knows as representative now, proven."""
    newcomer = Boss(client, boss.sandbox, STRANGER)
    boss.sandbox.post(
        "/_sim/registry/units", code=CODE, name=NAME, standing="active", legal_person="何", phone=STRANGER
    )
    assert newcomer.claim().status_code == 201
    return newcomer


def agent_of_boss(boss: Boss) -> Boss:
    agent = Boss(boss._client, boss.sandbox, None)
    with unit_of_work() as session:
        company = queries.of_citizen(session, citizen_id=boss.id)[0].organisation_id
    company_fixtures.agent_of(boss.id, company, agent=agent.id)
    return agent


def test_a_silent_registry_is_asked_again_about_the_earlier_one(boss: Boss, client: FlaskClient) -> None:
    boss.claim()
    successor(boss, client)
    silent(boss.sandbox, times=1)

    representatives.ask_again()
    assert boss.companies() == [NAME]
    assert boss.get()["asking"] == []
    with clock.shifted_by(timedelta(minutes=2)):
        assert representatives.ask_again() == 1
    assert boss.companies() == []


def test_two_who_both_represent_it_stay_and_hear_nothing(boss: Boss, client: FlaskClient) -> None:
    boss.claim()
    successor(boss, client)
    boss.sandbox.post(
        "/_sim/registry/units", code=CODE, name=NAME, standing="active", legal_person="林", phone=LIN
    )

    assert representatives.ask_again() == 1
    assert boss.companies() == [NAME]
    assert boss.messages() == []
    assert representatives.ask_again() == 0


def told(boss: Boss, kind: str, **values: str) -> None:
    """The registry tells something of the company."""
    asked = {"kind": f"enterprise.{kind}", "subject": CODE, "values": values}
    boss.sandbox.post("/_sim/registry/events", **asked)


@pytest.mark.usefixtures("served")
def test_a_company_is_called_as_it_is_registered_now(boss: Boss) -> None:
    boss.claim()

    told(boss, "name_changed", value="示例市新名字餐饮有限公司")

    assert boss.companies() == ["示例市新名字餐饮有限公司"]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(("kind", "value"), [("legal_person_changed", "王"), ("deregistered", "")])
def test_nobody_goes_on_acting_once_the_registry_tells_of_a_change(boss: Boss, kind: str, value: str) -> None:
    organisation_id = boss.claim().get_json()["organisation"]["id"]
    agent = make_citizen("陈")
    with unit_of_work() as session:
        code = service.invite(
            session,
            citizen_id=boss.id,
            organisation_id=organisation_id,
            scope=(),
            until=clock.today(),
        )
        service.accept(session, citizen_id=agent, code=code)

    told(boss, kind, value=value)

    with unit_of_work() as session:
        assert queries.of_citizen(session, citizen_id=agent) == []
    assert boss.companies() == []
    assert "不能再代表企业办事" in boss.messages()
