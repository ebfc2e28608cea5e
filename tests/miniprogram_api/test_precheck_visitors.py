"""The visit code of whoever comes for the applicant: good as long as they may handle the case (到窗码)."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock
from app.cases import organisation
from app.cases.models import Case
from app.cases.precheck_errors import VisitorUnauthorised
from app.db import unit_of_work
from app.delegations import acting
from app.delegations.models import Act
from app.prechecks import receiving
from app.staff.models import Role
from tests import case_fixtures, company_fixtures, desk_fixtures
from tests import precheck_fixtures as prechecks
from tests.case_fixtures import FRONT_DESK
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY
from tests.company_fixtures import Actor
from tests.delegation_fixtures import Agent, accepted, delegated, end, offered, proven
from tests.precheck_fixtures import PICTURE
from tests.races import Overtaking
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

ANYBODY = {"who": "agent", "allowed": True, "online": True, "text": "可以请人代办。", "bring": ["身份证"]}


@pytest.fixture
def giver(database: None) -> Iterator[int]:
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        case_fixtures.publish_id_lost(precheck_days=1, delegation=ANYBODY)
        yield proven("林秀英")


@pytest.fixture
def helper(giver: int) -> int:
    del giver
    return proven("陈志强")


@pytest.fixture
def window(app: YimaFlask, giver: int) -> Browser:
    del giver
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


def passed(citizen_id: int) -> tuple[str, int]:
    """A draft that has passed; its number and the pre-check."""
    case_no = case_fixtures.ready(citizen_id)
    found = prechecks.ask(citizen_id, case_no)
    prechecks.pass_(found)
    return case_no, found


def shown_to(who: Actor, case_no: str) -> dict[str, Any]:
    shown = dict(who.get(f"/cases/{case_no}/precheck"))
    assert "visit" in shown, shown
    return shown


def test_an_agent_comes_with_a_code_of_their_own_and_is_named(
    client: FlaskClient, window: Browser, giver: int, helper: int
) -> None:
    case_no, _ = passed(giver)
    code = shown_to(Agent(client, helper, delegated(giver, helper)), case_no)["visit"]["code"]
    assert code != shown_to(Actor(client, giver), case_no)["visit"]["code"]

    page = window.post("/console/scan", content=code).headers["Location"]
    looked = window.get(page).text
    assert "由 <b>陈志强</b>" in looked
    assert "确认来的是受托人" in looked
    address, by = page.split("?by=")
    window.post(f"{address}/accept", by=by, compared=PICTURE, fee_code="FEE-ID-LOST")

    case = Actor(client, giver).get(f"/cases/{case_no}")
    assert case["state"] == "accepted"
    assert "由 <b>陈志强</b>" in window.get(f"/console/cases/{case_no}").text
    lines = Actor(client, giver).get(f"/cases/{case_no}/timeline")["items"]
    assert "代办人**强" in str(lines)


@pytest.mark.parametrize("by", ["giver", "agent", "time"])
def test_the_agents_code_ends_with_their_authority(
    client: FlaskClient, window: Browser, giver: int, helper: int, by: str
) -> None:
    case_no, found = passed(giver)
    until = clock.today() + timedelta(days=3)
    authority = accepted(helper, offered(giver, until=until))
    code = shown_to(Agent(client, helper, authority), case_no)["visit"]["code"]
    if by != "time":
        end(giver if by == "giver" else helper, authority)

    with clock.stopped_at(MONDAY + timedelta(days=4 if by == "time" else 0)):
        late = browser(window.client, Role.FRONT_DESK)
        page = late.post("/console/scan", content=code).headers["Location"]
        answers = [late.get(page), late.post(f"{page.split('?')[0]}/accept", by=helper, compared=PICTURE)]

        assert [answer.status_code for answer in answers] == [409, 409]
        assert "授权已经停止或者到期" in answers[0].text
        assert "示例市示例路1号" not in answers[0].text
        own = late.post("/console/scan", content=prechecks.code(found)).headers["Location"]
        assert late.get(own).status_code == 200


def test_an_agent_is_told_no_later_day_than_their_own_last(
    client: FlaskClient, giver: int, helper: int
) -> None:
    case_no, _ = passed(giver)
    until = clock.today() + timedelta(days=3)
    agent = Agent(client, helper, accepted(helper, offered(giver, until=until)))

    assert shown_to(agent, case_no)["precheck"]["holds_until"] == until.isoformat()
    assert shown_to(Actor(client, giver), case_no)["precheck"]["holds_until"] > until.isoformat()


def test_a_code_is_none_for_whoever_may_not_apply_or_not_this(giver: int, helper: int) -> None:
    _, found = passed(giver)
    other = proven("黄")
    delegated(giver, helper, acts=[Act.TRACK])

    for visitor in (helper, other):
        with pytest.raises(VisitorUnauthorised):
            received(found, visitor)


def test_who_no_longer_acts_for_a_company_comes_in_vain(
    client: FlaskClient, window: Browser, giver: int
) -> None:
    del giver
    publish(item("food-permit"))
    boss = proven("周老板")
    company = company_fixtures.company_of(boss)
    agent = Actor(client, company_fixtures.agent_of(boss, company), company)
    case_no = company_fixtures.prepared(Actor(client, boss, company), company)
    assert agent.ask("POST", f"/cases/{case_no}/precheck").status_code == 201
    prechecks.pass_(prechecks.round_of(case_no).id)
    code = shown_to(agent, case_no)["visit"]["code"]
    page = window.post("/console/scan", content=code).headers["Location"]
    assert window.get(page).status_code == 200

    company_fixtures.dismiss(boss, company)

    assert window.get(page).status_code == 409


class Coming:
    """An agent brings the originals while the authority ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, giver: int, helper: int) -> None:
        self.giver, self.helper = giver, helper
        self.authority = delegated(giver, helper)
        _, self.precheck = passed(giver)
        self.race = Overtaking()
        renew = organisation.renew

        def dawdle(session: Session, case: Case) -> None:
            self.race.dawdle()
            renew(session, case)

        monkeypatch.setattr(organisation, "renew", dawdle)

    def ended_first(self) -> bool:
        """Whether the authority ends before the originals are taken."""
        receives = partial(received, self.precheck, self.helper)
        return self.race.happens(receives, partial(end, self.giver, self.authority))


def test_what_an_agent_brings_is_taken_before_the_end(
    monkeypatch: pytest.MonkeyPatch, giver: int, helper: int
) -> None:
    assert not Coming(monkeypatch, giver, helper).ended_first()


def test_control_without_the_hold_it_is_taken_after_the_end(
    monkeypatch: pytest.MonkeyPatch, giver: int, helper: int
) -> None:
    held = acting.held
    monkeypatch.setattr(acting, "held", lambda session, agent, **_: held(session, agent, hold=False))

    assert Coming(monkeypatch, giver, helper).ended_first()


def received(precheck_id: int, visitor: int | None) -> None:
    """The originals are brought by somebody."""
    with unit_of_work() as session:
        receiving.accept(
            session,
            precheck_id=precheck_id,
            officer=FRONT_DESK,
            visitor_id=visitor,
            compared=[PICTURE],
            fee_codes=["FEE-ID-LOST"],
        )
