"""Who may act for another citizen: authorised, accepted, over."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import unit_of_work
from app.delegations import queries
from app.delegations.errors import (
    DelegatesUnproven,
    DelegateToOneself,
    DelegateTwice,
    DelegationCodeOver,
    DelegationNotFound,
    DelegationPeriodWrong,
    DelegationScopeWrong,
    TooManyDelegations,
)
from app.delegations.models import Act
from app.delegations.service import MOST_AT_ONCE
from app.errors import DomainError
from tests.app.people import leaving
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY
from tests.delegation_fixtures import ELDER, accepted, delegated, end, offered, proven
from tests.people_fixtures import make_citizen
from tests.races import refusals, together

DAY = timedelta(days=1)


@pytest.fixture
def giver(database: None) -> int:
    del database
    publish(item("elder-card"), item("id-lost"))
    return proven("林秀英")


@pytest.fixture
def agent(database: None) -> int:
    del database
    return proven("陈志强")


def received(agent: int) -> list[str]:
    with unit_of_work() as session:
        return [each.giver for each in queries.received(session, agent_id=agent)]


def test_who_accepts_a_code_may_act_until_its_last_day(giver: int, agent: int) -> None:
    with clock.stopped_at(MONDAY):
        accepted(agent, offered(giver, ELDER, until=clock.today() + DAY))

    for days, seen in ((0, ["**英"]), (1, ["**英"]), (2, [])):
        with clock.stopped_at(MONDAY + days * DAY):
            assert received(agent) == seen


def test_a_code_is_good_once_and_for_seven_days(giver: int, agent: int) -> None:
    code = offered(giver)
    accepted(agent, code)
    late = offered(giver)

    with pytest.raises(DelegationCodeOver):
        accepted(proven("黄"), code)
    with clock.stopped_at(clock.now() + 8 * DAY), pytest.raises(DelegationCodeOver):
        accepted(proven("黄"), late)


def test_of_two_who_take_one_code_one_gets_it(giver: int, agent: int) -> None:
    code, other = offered(giver), proven("黄")

    results = together(lambda: accepted(agent, code), lambda: accepted(other, code))

    assert refusals(results, DelegationCodeOver) == 1
    assert len(received(agent) + received(other)) == 1


def test_of_two_codes_for_one_agent_taken_at_once_one_counts(giver: int, agent: int) -> None:
    codes = offered(giver), offered(giver)

    results = together(*(lambda code=code: accepted(agent, code) for code in codes))

    assert refusals(results, DelegateTwice) == 1
    assert received(agent) == ["**英"]


def test_either_side_stops_it_and_doing_so_again_changes_nothing(giver: int, agent: int) -> None:
    for side in (giver, agent):
        delegation_id = delegated(giver, agent)
        end(side, delegation_id)
        end(side, delegation_id)
        assert received(agent) == []


def test_nobody_else_stops_it(giver: int, agent: int) -> None:
    delegation_id = delegated(giver, agent)

    with pytest.raises(DelegationNotFound):
        end(proven("黄"), delegation_id)
    assert received(agent) == ["**英"]


def test_a_code_that_was_called_back_is_good_for_nothing(giver: int, agent: int) -> None:
    code = offered(giver)
    with unit_of_work() as session:
        (waiting,) = queries.given(session, citizen_id=giver)
    end(giver, waiting.id)

    with pytest.raises(DelegationCodeOver):
        accepted(agent, code)


def test_once_it_has_run_out_it_can_be_given_anew(giver: int, agent: int) -> None:
    with clock.stopped_at(MONDAY):
        accepted(agent, offered(giver, until=clock.today()))
    with clock.stopped_at(MONDAY + DAY):
        delegated(giver, agent)
        assert received(agent) == ["**英"]


@pytest.mark.parametrize(
    ("days", "scope", "refusal"),
    [
        (-1, (), DelegationPeriodWrong),
        (367, (), DelegationPeriodWrong),
        (1, (ID_LOST,), DelegationScopeWrong),
        (1, ("nothing",), DelegationScopeWrong),
    ],
)
def test_a_wrong_period_or_an_item_for_oneself_is_refused(
    giver: int, days: int, scope: tuple[str, ...], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        offered(giver, *scope, until=clock.today() + days * DAY)


def test_what_is_for_oneself_is_named_among_what_was_chosen(giver: int) -> None:
    with pytest.raises(DelegationScopeWrong) as refused:
        offered(giver, item("elder-card")["task_code"], ID_LOST)

    assert (
        refused.value.sentence == f"“{item('id-lost')['task_name']}”要本人办，不能代办，请从授权的事项里去掉"
    )


@pytest.mark.parametrize("key", ["hukou-birth", "house-query", "co-change"])
def test_what_asks_for_a_guardian_a_notary_or_a_company_is_not_authorised_in_here(
    giver: int, key: str
) -> None:
    publish(item(key))

    with pytest.raises(DelegationScopeWrong):
        offered(giver, item(key)["task_code"])


def test_both_sides_are_known_by_their_real_name(giver: int) -> None:
    somebody = make_citizen("黄")

    with pytest.raises(DelegatesUnproven):
        offered(somebody)
    with pytest.raises(DelegatesUnproven):
        accepted(somebody, offered(giver))


def test_nobody_authorises_themselves(giver: int) -> None:
    with pytest.raises(DelegateToOneself):
        accepted(giver, offered(giver))


def test_ten_codes_at_once_are_enough(giver: int) -> None:
    for _ in range(MOST_AT_ONCE):
        offered(giver)

    with pytest.raises(TooManyDelegations):
        offered(giver)


def test_who_prepares_or_fetches_something_may_also_follow_it(giver: int) -> None:
    offered(giver, acts=[Act.COLLECT])
    with unit_of_work() as session:
        (made,) = queries.given(session, citizen_id=giver)

    assert made.acts == ("track", "collect")


@pytest.mark.parametrize("side", ["giver", "agent"])
def test_an_account_that_closes_takes_its_authorities_along(giver: int, agent: int, side: str) -> None:
    with clock.stopped_at(MONDAY):
        delegated(giver, agent)

    leaving.leave(giver if side == "giver" else agent)

    with clock.stopped_at(MONDAY + DAY), unit_of_work() as session:
        assert not queries.received(session, agent_id=agent)
        assert not queries.given(session, citizen_id=giver)


@pytest.mark.parametrize(
    "change",
    [
        "agent_id = citizen_id",
        "acts = '[]'",
        "acts = '[\"everything\"]'",
        "acts = '[\"apply\"]'",
        "until = made_at::date + 400",
        "agent_id = NULL",
        "ended_at = now()",
        "document = '居民身份证'",
    ],
)
def test_the_database_itself_refuses_an_authority_that_cannot_be(giver: int, agent: int, change: str) -> None:
    delegated(giver, agent)

    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(text(f"UPDATE delegations SET {change}"))
