"""Who may act for a company: proven, authorised, accepted, and over."""

from datetime import date, timedelta

import pytest

from app import clock
from app.check_characters import mod_31
from app.db import unit_of_work
from app.organisations import queries, service
from app.organisations.errors import (
    ActsAlready,
    InvitationOver,
    OrganisationCodeWrong,
    OrganisationNotFound,
    PeriodWrong,
    ScopeWrong,
)
from app.organisations.models import Proof, Role
from tests.app.people import leaving
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.races import refusals, together

BODY = "91350100MA3456789"
CODE = BODY + mod_31(BODY)
DAY = timedelta(days=1)
CHANGE = item("co-change")["task_code"]


@pytest.fixture
def boss(database: None) -> int:
    del database
    return make_citizen("林")


def company(boss: int) -> int:
    with unit_of_work() as session:
        acting = service.represent(
            session, citizen_id=boss, code=CODE, name="示例市榕城餐饮有限公司", proof=Proof.PHONE
        )
        return acting.organisation_id


def invited(
    boss: int, organisation_id: int, *, until: date | None = None, scope: tuple[str, ...] = ()
) -> str:
    with unit_of_work() as session:
        last = until or clock.today() + DAY
        return service.invite(
            session, citizen_id=boss, organisation_id=organisation_id, scope=scope, until=last
        )


def accept(citizen_id: int, code: str) -> int:
    with unit_of_work() as session:
        return service.accept(session, citizen_id=citizen_id, code=code).standing_id


def leave(citizen_id: int, organisation_id: int) -> int:
    with unit_of_work() as session:
        service.leave(session, citizen_id=citizen_id, organisation_id=organisation_id)
        return organisation_id


def companies(citizen_id: int) -> list[Role]:
    with unit_of_work() as session:
        return [acting.role for acting in queries.of_citizen(session, citizen_id=citizen_id)]


def test_a_representative_acts_for_the_company_and_nobody_else_does(boss: int) -> None:
    organisation_id = company(boss)
    company(boss)

    assert companies(boss) == [Role.REPRESENTATIVE]
    with pytest.raises(OrganisationNotFound), unit_of_work() as session:
        queries.acting(session, citizen_id=make_citizen(), organisation_id=organisation_id)


def test_a_code_with_a_wrong_character_is_no_company(boss: int) -> None:
    with pytest.raises(OrganisationCodeWrong), unit_of_work() as session:
        service.represent(
            session,
            citizen_id=boss,
            code=f"{BODY}{'0' if CODE[-1] != '0' else '1'}",
            name="某",
            proof=Proof.PHONE,
        )


def test_an_agent_acts_within_the_scope_until_the_last_day(boss: int) -> None:
    agent, organisation_id = make_citizen(), company(boss)
    with clock.stopped_at(MONDAY):
        publish(item("co-change"))
        accept(agent, invited(boss, organisation_id, scope=(CHANGE,)))
        with unit_of_work() as session:
            acting = queries.acting(session, citizen_id=agent, organisation_id=organisation_id)
        assert (acting.covers(CHANGE), acting.covers(ID_LOST)) == (True, False)

    with clock.stopped_at(MONDAY + DAY):
        assert companies(agent) == [Role.AGENT]
    with clock.stopped_at(MONDAY + 2 * DAY):
        assert companies(agent) == []


def test_an_invitation_is_good_once_and_for_a_week(boss: int) -> None:
    organisation_id = company(boss)
    code = invited(boss, organisation_id)
    accept(make_citizen(), code)
    with pytest.raises(InvitationOver):
        accept(make_citizen(), code)

    late = invited(boss, organisation_id, until=clock.today() + 30 * DAY)
    with clock.stopped_at(clock.now() + 8 * DAY), pytest.raises(InvitationOver):
        accept(make_citizen(), late)


def test_an_agent_authorises_nobody(boss: int) -> None:
    agent, organisation_id = make_citizen(), company(boss)
    accept(agent, invited(boss, organisation_id))

    with pytest.raises(OrganisationNotFound):
        invited(agent, organisation_id)


def test_an_agent_is_authorised_only_for_what_companies_do(boss: int) -> None:
    organisation_id = company(boss)
    publish(item("id-lost"))

    for code in (ID_LOST, "NONE"):
        with pytest.raises(ScopeWrong):
            invited(boss, organisation_id, scope=(code,))


@pytest.mark.parametrize("days", [-1, 400])
def test_an_authority_is_for_a_year_at_most(boss: int, days: int) -> None:
    with pytest.raises(PeriodWrong):
        invited(boss, company(boss), until=clock.today() + days * DAY)


def test_whoever_acts_already_needs_no_authority(boss: int) -> None:
    organisation_id = company(boss)

    with pytest.raises(ActsAlready):
        accept(boss, invited(boss, organisation_id))


def test_the_agents_end_with_who_authorised_them(boss: int) -> None:
    agent, organisation_id = make_citizen(), company(boss)
    accept(agent, invited(boss, organisation_id))
    open_code = invited(boss, organisation_id)

    leave(boss, organisation_id)

    assert (companies(boss), companies(agent)) == ([], [])
    with pytest.raises(InvitationOver):
        accept(agent, open_code)


def test_a_closed_account_acts_for_nobody(boss: int) -> None:
    agent = make_citizen()
    accept(agent, invited(boss, company(boss)))

    leaving.leave(boss)

    assert companies(agent) == []


def test_one_invitation_makes_one_agent(boss: int) -> None:
    code = invited(boss, company(boss))
    first, second = make_citizen(), make_citizen()

    results = together(lambda: accept(first, code), lambda: accept(second, code))

    assert refusals(results, InvitationOver) == 1


def test_control_without_the_guard_one_invitation_makes_two_agents(
    boss: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = invited(boss, company(boss))
    first, second = make_citizen(), make_citizen()
    monkeypatch.setattr(queries, "still_good", lambda: ())

    results = together(lambda: accept(first, code), lambda: accept(second, code))

    assert refusals(results, InvitationOver) == 0


def test_nobody_becomes_agent_of_a_representative_who_just_leaves(boss: int) -> None:
    agent, organisation_id = make_citizen(), company(boss)
    code = invited(boss, organisation_id)

    together(lambda: accept(agent, code), lambda: leave(boss, organisation_id))

    assert companies(agent) == []
