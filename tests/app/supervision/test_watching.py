"""Whoever should know is warned once, and nothing is decided by it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.cases import upkeep
from app.cases.models import Case
from app.db import unit_of_work
from app.supervision import queries, watching
from app.supervision.models import SupervisionAlert, SupervisionTicket
from app.supervision.rules import Level, Recipient, Rule
from tests import case_fixtures, clock_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.clock_fixtures import case_of, on, pause, resume

pytestmark = pytest.mark.usefixtures("city")

PROMISED = date(2026, 11, 23)  # of what is accepted on Monday the 16th
OVERDUE = date(2026, 11, 24)


def told(case_no: str | None = None) -> list[tuple[str, str, str]]:
    """What was said: rule, level and recipient, in the order in which it was."""
    with unit_of_work() as session:
        asked = select(SupervisionAlert).order_by(SupervisionAlert.id)
        if case_no is not None:
            asked = asked.join(Case, Case.id == SupervisionAlert.case_id).where(Case.case_no == case_no)
        return [(alert.rule, alert.level, alert.recipient) for alert in session.scalars(asked)]


def tickets() -> list[SupervisionTicket]:
    with unit_of_work() as session:
        return list(session.scalars(select(SupervisionTicket)))


def test_one_minute_too_late_gives_exactly_one_alert_for_each_step_of_the_ladder() -> None:
    case_no = clock_fixtures.accepted()
    midnight = datetime(2026, 11, 24, tzinfo=clock.SHANGHAI)
    with clock.stopped_at(midnight - timedelta(minutes=1)):
        watching.watch()
    before = told()
    with clock.stopped_at(midnight + timedelta(minutes=1)):
        assert watching.watch() == 3
        assert watching.watch() == 0

    assert {rule for rule, _, _ in before} == {Rule.PROMISE_NEAR}
    assert told(case_no)[len(before) :] == [
        (Rule.PROMISE_OVER, Level.OVER, recipient)
        for recipient in (Recipient.HANDLER, Recipient.HEAD, Recipient.SUPERVISION)
    ]


def test_the_nearer_the_limit_the_further_the_word_goes() -> None:
    clock_fixtures.accepted()
    said = {}
    for day in range(16, 25):
        with on(date(2026, 11, day)):
            watching.watch()
        said[day] = Counter(level for _, level, _ in told())

    assert said[18] == {}
    assert said[19] == {Level.YELLOW: 1}
    assert said[20] == {Level.YELLOW: 1, Level.RED: 2}
    assert said[23] == said[20]
    assert said[24] == {Level.YELLOW: 1, Level.RED: 2, Level.OVER: 3}


def test_a_clock_that_stands_warns_nobody_until_it_runs_again() -> None:
    case_no = clock_fixtures.accepted()
    with on(date(2026, 11, 18)):
        pause(case_no, days=10)
    with on(OVERDUE):
        watching.watch()
        assert {rule for rule, _, _ in told()} == {Rule.PAUSE_LONG}
        resume(case_no)
        watching.watch()

    assert Rule.PROMISE_OVER not in {rule for rule, _, _ in told()}


def test_an_alert_decides_nothing() -> None:
    case_no = clock_fixtures.accepted()
    before = case_of(case_no)
    with on(date(2027, 6, 1)):
        watching.watch()
    after = case_of(case_no)

    assert (after.state, after.granted, after.updated_at) == ("accepted", None, before.updated_at)


def test_a_late_case_without_a_word_opens_one_ticket_by_itself() -> None:
    clock_fixtures.accepted()
    for day in (OVERDUE, date(2026, 12, 7)):
        with on(day):
            watching.watch()

    assert [ticket.state for ticket in tickets()] == ["opened"]


def test_what_the_job_came_too_late_for_is_found_at_the_decision(deliver: Any) -> None:
    late, in_time = clock_fixtures.accepted(), clock_fixtures.accepted()
    with on(PROMISED):
        case_fixtures.decide(in_time)
    with on(OVERDUE):
        case_fixtures.decide(late)
        for _ in range(2):
            deliver()
        watching.watch()

    assert told(in_time) == []
    assert [recipient for _, _, recipient in told(late)] == ["handler", "head", "supervision"]
    assert len(tickets()) == 1


def test_silence_that_the_law_took_for_a_yes_is_found_though_the_job_came_later(deliver: Any) -> None:
    case_fixtures.publish_id_lost()
    case_no = case_fixtures.submitted(case_fixtures.citizen(), ID_LOST)
    with on(date(2026, 11, 20)):
        upkeep.deem_accepted()
        for _ in range(2):
            deliver()
        watching.watch()

    assert told(case_no) == [
        (Rule.ANSWER_LATE, Level.OVER, recipient)
        for recipient in (Recipient.HANDLER, Recipient.HEAD, Recipient.SUPERVISION)
    ]


@pytest.fixture
def six() -> Iterator[dict[str, Rule]]:
    """One case for each thing that may not be, among cases of which all is well."""
    case_fixtures.publish_id_lost(promise_day=20)
    planted = {}
    with on(date(2026, 10, 12)):
        planted[clock_fixtures.accepted()] = Rule.LAW_OVER
        decided = clock_fixtures.accepted()
        case_fixtures.decide(decided)
        planted[decided] = Rule.DELIVERY_LATE
        paused = clock_fixtures.accepted()
        pause(paused)
        planted[paused] = Rule.PAUSE_LONG
    with on(date(2026, 11, 2)):
        fee = case_fixtures.submitted(case_fixtures.citizen(), ID_LOST)
        case_fixtures.accept(fee)
        planted[fee] = Rule.FEE_UNPAID
        planted[clock_fixtures.accepted(anticipate_day=60)] = Rule.PROMISE_OVER
        planted[case_fixtures.submitted(case_fixtures.citizen(), ID_LOST)] = Rule.ANSWER_LATE
    with on(date(2026, 11, 17)):
        clock_fixtures.accepted()
        case_fixtures.submitted(case_fixtures.citizen(), ID_LOST)
        pause(clock_fixtures.accepted())
        case_fixtures.decide(clock_fixtures.accepted())
        yield planted


def test_six_planted_violations_are_found_and_nothing_else(six: dict[str, Rule]) -> None:
    watching.watch()
    with unit_of_work() as session:
        found, _ = queries.alerts(session, limit=100)
    seen = {(line.case_no, line.rule) for line in found}
    # What is over by law is over by promise too.
    besides = {(number, Rule.PROMISE_OVER) for number, rule in six.items() if rule is Rule.LAW_OVER}

    assert seen == {*six.items(), *besides}
    assert len({line.alert_no for line in found}) == len(found)
