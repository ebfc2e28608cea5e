"""Acting for a company while that ends, each race with the control that shows the bug without the guard."""

from functools import partial
from typing import Any

import pytest

from app.cases import organisation, service
from app.db import unit_of_work
from app.organisations import queries
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.company_fixtures import agent_of, company_of, dismiss
from tests.races import Overtaking, together

FOOD = item("food-permit")["task_code"]


class HandingIn:
    """An agent who hands in while the representative dismisses them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(item("food-permit"))
        self.boss = case_fixtures.citizen()
        self.company = company_of(self.boss)
        self.agent = agent_of(self.boss, self.company)
        self.race = Overtaking()
        monkeypatch.setattr(organisation, "renew", self.dawdle)

    def dawdle(self, *_: Any) -> None:
        """The standing was looked at; now the representative acts, if nothing keeps them from it."""
        self.race.dawdle()

    def hand_in(self) -> None:
        with unit_of_work() as session:
            where: dict[str, Any] = {"citizen_id": self.agent, "organisation_id": self.company}
            case, _ = service.start(session, **where, task_code=FOOD)
            organisation.renew(session, case)

    def ended_first(self) -> bool:
        """Whether their standing ends before the case is begun."""
        return self.race.happens(self.hand_in, partial(dismiss, self.boss, self.company))


def test_what_an_agent_is_at_is_done_before_their_standing_ends(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    assert not HandingIn(monkeypatch).ended_first()


def test_control_without_the_hold_a_dismissed_agent_still_gets_it_done(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    race = HandingIn(monkeypatch)
    look = queries.acting
    monkeypatch.setattr(queries, "acting", lambda *of, **how: look(*of, **{**how, "hold": False}))

    assert race.ended_first()


def test_two_people_of_a_company_begin_one_draft(database: None) -> None:
    del database
    publish(item("food-permit"))
    boss = case_fixtures.citizen()
    company = company_of(boss)

    def begin(citizen_id: int) -> str:
        with unit_of_work() as session:
            who: dict[str, Any] = {"citizen_id": citizen_id, "organisation_id": company}
            return service.start(session, **who, task_code=FOOD)[0].case_no

    numbers = together(partial(begin, boss), partial(begin, agent_of(boss, company)))

    assert len(set(numbers)) == 1
