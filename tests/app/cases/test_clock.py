"""A clock that stands for special procedures, is extended once, and writes everything down."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.cases import overview
from app.cases.clock_errors import (
    ClockNotPaused,
    ClockPaused,
    ClockReasonUnfit,
    ExtendedBefore,
    ExtensionDaysUnfit,
    HeadMissing,
    NotExtendable,
    PauseDaysUnfit,
    SpecialStepUnknown,
    TooLateToExtend,
)
from app.cases.errors import CaseNotFound, NotYetAccepted, NotYourStep
from app.cases.officers import Officer
from app.cases.states import Step
from app.db import unit_of_work
from app.errors import DomainError
from tests import case_fixtures, clock_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK
from tests.city_fixtures import load_city
from tests.clock_fixtures import extend, happened, limits_of, on, pause, resume

MONDAY = date(2026, 11, 16)
WEDNESDAY, FRIDAY = date(2026, 11, 18), date(2026, 11, 20)
PROMISED, LAW = date(2026, 11, 23), date(2026, 11, 30)


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with on(MONDAY):
        load_city()
        yield


@pytest.fixture
def case_no() -> str:
    return clock_fixtures.accepted()


def test_a_pause_adds_just_the_working_days_inside_it_to_both_limits(case_no: str) -> None:
    assert limits_of(case_no) == (PROMISED, LAW)
    with on(WEDNESDAY):
        pause(case_no)
    assert limits_of(case_no) == (None, None)
    with on(date(2026, 11, 22)):
        resume(case_no)

    assert limits_of(case_no) == (date(2026, 11, 25), date(2026, 12, 2))


def test_a_pause_that_ends_on_its_day_adds_nothing(case_no: str) -> None:
    pause(case_no)
    resume(case_no)

    assert limits_of(case_no) == (PROMISED, LAW)


def test_two_pauses_add_up(case_no: str) -> None:
    for first, last in ((MONDAY, WEDNESDAY), (date(2026, 11, 19), FRIDAY)):
        with on(first):
            pause(case_no)
        with on(last):
            resume(case_no)

    assert limits_of(case_no) == (date(2026, 11, 26), date(2026, 12, 3))


def test_natural_days_move_by_every_day() -> None:
    case_no = clock_fixtures.accepted(anticipate_day=20, anticipate_unit="DAY")
    assert limits_of(case_no)[1] == date(2026, 12, 6)
    with on(FRIDAY):
        pause(case_no)
    with on(date(2026, 11, 23)):
        resume(case_no)

    assert limits_of(case_no)[1] == date(2026, 12, 9)


def test_every_start_stop_and_pause_is_kept_with_both_limits(case_no: str) -> None:
    with on(WEDNESDAY):
        pause(case_no)
    with on(FRIDAY):
        resume(case_no)
        extend(case_no)
        case_fixtures.decide(case_no)
    events = happened(case_no)

    assert [(event.kind, event.cause) for event in events] == [
        *(("started", "受理"), ("paused", "现场核查"), ("resumed", "现场核查")),
        *(("extended", "延长10个工作日"), ("stopped", "作出决定")),
    ]
    assert [event.promised_after for event in events[:3]] == [PROMISED, None, date(2026, 11, 25)]
    assert events[2].statutory_before is None
    assert (events[3].statutory_before, events[3].statutory_after) == (date(2026, 12, 2), date(2026, 12, 16))
    assert (events[1].actor_name, events[1].reason) == (APPROVER.name, clock_fixtures.WHY)


@pytest.mark.parametrize(
    "change", ["UPDATE case_clock_events SET cause = ''", "DELETE FROM case_clock_events"]
)
def test_what_happened_to_a_clock_is_never_changed(case_no: str, change: str) -> None:
    del case_no
    with pytest.raises(ProgrammingError, match="only appended to"), unit_of_work() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"kind": "HEARING"}, SpecialStepUnknown),
        ({"kind": "PUBLIC_NOTICE"}, SpecialStepUnknown),
        ({"kind": "EXAM\x00"}, SpecialStepUnknown),
        ({"days": 0}, PauseDaysUnfit),
        ({"days": None}, PauseDaysUnfit),
        ({"days": 10**30}, PauseDaysUnfit),
        ({"reason": "  看 \x00"}, ClockReasonUnfit),
        ({"reason": "长" * 501}, ClockReasonUnfit),
    ],
)
def test_a_pause_is_bound_to_the_guide_and_says_why(
    case_no: str, said: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        pause(case_no, **said)

    assert limits_of(case_no) == (PROMISED, LAW)


def test_the_guide_that_counts_is_the_pinned_one(case_no: str) -> None:
    clock_fixtures.publish_food(special_procedure=[])

    assert pause(case_no).published_until == date(2026, 11, 19)


def test_only_an_approver_of_the_department_touches_the_clock(case_no: str) -> None:
    elsewhere = Officer(9, "外人", frozenset({"approver"}), department="市教育局")
    for act in (pause, resume, extend):
        with pytest.raises(NotYourStep):
            act(case_no, FRONT_DESK)
        with pytest.raises(CaseNotFound):
            act(case_no, elsewhere)


def test_nothing_is_paused_before_it_is_accepted() -> None:
    clock_fixtures.publish_food()
    waiting = case_fixtures.submitted(case_fixtures.citizen(), clock_fixtures.FOOD)

    with pytest.raises(NotYetAccepted):
        pause(waiting)


def test_a_clock_that_stands_is_not_stopped_again_and_nothing_is_decided(case_no: str) -> None:
    pause(case_no)
    for act in (pause, extend, case_fixtures.decide):
        with pytest.raises(ClockPaused):
            act(case_no)
    resume(case_no)

    with pytest.raises(ClockNotPaused):
        resume(case_no)


def test_the_desk_offers_what_the_clock_allows(case_no: str) -> None:
    def offered() -> set[Step]:
        with unit_of_work() as session:
            case = clock_fixtures.case_of(case_no)
            return set(overview.of(session, case, parties=APPROVER.parties).allowed_actions)

    assert offered() >= {Step.PAUSE, Step.EXTEND, Step.GRANT}
    pause(case_no)
    assert offered() == {Step.RESUME}


def test_a_citizen_may_withdraw_while_the_clock_stands(case_no: str) -> None:
    begun = pause(case_no)
    citizen_id = clock_fixtures.case_of(case_no).citizen_id
    with on(FRIDAY):
        case = case_fixtures.withdraw(citizen_id, case_no)
    with unit_of_work() as session:
        ended_on = session.get_one(type(begun), begun.id).ended_on

    assert (case.clock_paused_on, ended_on) == (None, FRIDAY)
    assert happened(case_no)[-1].cause == "撤回"


def test_an_extension_moves_both_limits_by_working_days_once(case_no: str) -> None:
    extend(case_no)

    assert limits_of(case_no) == (date(2026, 12, 7), date(2026, 12, 14))
    with pytest.raises(ExtendedBefore):
        extend(case_no)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"days": 11}, ExtensionDaysUnfit),
        ({"days": None}, ExtensionDaysUnfit),
        ({"reason": "忙"}, ClockReasonUnfit),
        ({"approved_by": " \x00"}, HeadMissing),
        ({"approved_by": "长" * 65}, HeadMissing),
    ],
)
def test_an_extension_keeps_to_the_law(
    case_no: str, said: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        extend(case_no, **said)

    assert limits_of(case_no) == (PROMISED, LAW)


def test_departments_that_decide_together_have_fifteen_days() -> None:
    case_no = clock_fixtures.accepted(anticipate_day=45, other_dept="市消防救援支队")

    assert extend(case_no, days=15).days == 15


def test_only_a_licence_is_extended(case_no: str) -> None:
    del case_no
    other = clock_fixtures.accepted(task_type="07")

    with pytest.raises(NotExtendable):
        extend(other)


def test_nothing_is_extended_after_the_limit_of_the_law(case_no: str) -> None:
    with on(LAW):
        assert extend(case_no)
    late = clock_fixtures.accepted()

    with on(date(2026, 12, 1)), pytest.raises(TooLateToExtend):
        extend(late)


def test_the_applicant_reads_each_change_without_anything_personal(case_no: str) -> None:
    pause(case_no)
    resume(case_no)
    extend(case_no)

    assert case_fixtures.kinds(case_no)[-3:] == ["clock_paused", "clock_resumed", "limit_extended"]
    assert case_fixtures.published()[-3:] == ["CaseClockPaused", "CaseClockResumed", "CaseExtended"]
