"""Handing in for somebody while they stop that, with the control that shows the bug without the hold."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.cases import organisation, prefilling, service
from app.cases.forms import Form
from app.db import unit_of_work
from app.delegations import acting
from app.delegations.errors import DelegationNotFound
from app.desk import identities, window
from app.errors import Unavailable
from app.people import on_paper
from app.people.proving import Document, Shown
from app.staff.models import Role
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import load_city
from tests.delegation_fixtures import ELDER, delegated, end, proven
from tests.delegation_fixtures import acting as as_agent
from tests.races import Meeting, Overtaking, refusals, together
from tests.review_fixtures import NUMBER
from tests.staff_fixtures import on_duty


class HandingIn:
    """An agent who hands in while it is stopped."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        load_city()
        publish(item("elder-card"))
        self.giver, self.agent = proven("林秀英"), proven("陈志强")
        self.delegation_id = delegated(self.giver, self.agent)
        self.case_no = case_fixtures.ready(self.giver, ELDER)
        self.race = Overtaking()
        monkeypatch.setattr(organisation, "renew", self.dawdle)

    def dawdle(self, *_: Any) -> None:
        """The authority was looked at; now its giver stops it, if nothing keeps them from it."""
        self.race.dawdle()

    def hand_in(self) -> None:
        with as_agent(self.agent, self.delegation_id), unit_of_work() as session:
            service.submit(session, citizen_id=self.giver, case_no=self.case_no)

    def stopped_first(self) -> bool:
        """Whether the authority is stopped before the case is handed in."""
        return self.race.happens(self.hand_in, partial(end, self.giver, self.delegation_id))


def test_what_is_being_handed_in_is_in_before_the_authority_ends(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    assert not HandingIn(monkeypatch).stopped_first()


def test_control_without_the_hold_it_is_handed_in_after_it_was_stopped(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    race = HandingIn(monkeypatch)
    look = acting.held
    monkeypatch.setattr(acting, "held", lambda *of, **_: look(*of, hold=False))

    assert race.stopped_first()


def test_after_the_end_a_draft_under_way_stays_a_draft(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    race = HandingIn(monkeypatch)
    with as_agent(race.agent, race.delegation_id):
        end(race.giver, race.delegation_id)

        with pytest.raises(DelegationNotFound), unit_of_work() as session:
            service.submit(session, citizen_id=race.giver, case_no=race.case_no)
    assert case_fixtures.kinds(race.case_no) == ["started"]


class Beginning:
    """An agent who begins a case while a clerk takes the giver's identity back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        load_city()
        publish(item("elder-card"))
        self.agent, self.clerk = proven("陈志强"), on_duty(Role.SUPERVISOR)
        with unit_of_work() as session:
            shown = Shown("林秀英", NUMBER, Document.CARD)
            self.giver = on_paper.known(session, shown=shown)
            self.met = window.meet(session, clerk=self.clerk, citizen_id=self.giver, document="居民身份证")
        self.delegation_id = delegated(self.giver, self.agent)
        self.at_it, self.withdrawn = Meeting(), Meeting()
        known = prefilling.form

        def dawdle(*of: Any, **more: Any) -> Form:
            self.at_it.wait()
            self.withdrawn.wait()
            return known(*of, **more)

        monkeypatch.setattr(prefilling, "form", dawdle)

    def begin(self) -> None:
        with as_agent(self.agent, self.delegation_id), unit_of_work() as session:
            service.start(session, citizen_id=self.giver, task_code=ELDER)

    def withdraw(self) -> None:
        self.at_it.wait()
        with unit_of_work() as session:
            identities.withdraw(session, clerk=self.clerk, presence_id=self.met, reason="登记错了")

    def run(self) -> int:
        """How many of the two came to grief by waiting for each other."""

        def told(call: Callable[[], None]) -> None:
            try:
                call()
            except OperationalError as deadlock:
                raise Unavailable from deadlock

        return refusals(together(lambda: told(self.begin), lambda: told(self.withdraw)), Unavailable)


def test_what_is_being_begun_and_an_identity_that_is_taken_back_never_wait_for_each_other(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    race = Beginning(monkeypatch)

    assert race.run() == 0
    with pytest.raises(DelegationNotFound):
        race.begin()


def test_control_without_the_hold_of_both_sides_they_do(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    race = Beginning(monkeypatch)
    monkeypatch.setattr(acting, "_hold_both", lambda *_: None)

    assert race.run() == 1
