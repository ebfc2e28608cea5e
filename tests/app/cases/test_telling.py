"""Until when a correction is asked for, and what silence means (告知期限、视为受理)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.cases import telling, upkeep
from app.cases.correction_errors import TellingOver
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import telling_days
from app.centres import working_days
from app.clock import SHANGHAI, stopped_at
from app.db import unit_of_work
from app.fees import queries as fees
from tests import case_fixtures
from tests.case_fixtures import accept, kinds, published, submitted, withdraw
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import ask, mend, refuse_to_take, resubmit, stored
from tests.races import together

BEFORE_THE_HOLIDAY = datetime(2026, 9, 30, 9, tzinfo=SHANGHAI)
AFTER_IT = datetime(2026, 10, 11, tzinfo=SHANGHAI)
DEEMED = "deemed_accepted"


def test_silence_over_the_holiday_accepts_from_the_day_of_receipt(citizen: int) -> None:
    with stopped_at(BEFORE_THE_HOLIDAY):
        case_no = submitted(citizen)
    with stopped_at(AFTER_IT - timedelta(seconds=1)):
        upkeep.deem_accepted()
    assert (stored(case_no).state, stored(case_no).notice_due_on) == (State.SUBMITTED, date(2026, 10, 10))
    with stopped_at(AFTER_IT):
        upkeep.deem_accepted()
        upkeep.deem_accepted()
    case = stored(case_no)

    assert (case.state, case.accepted_at, case.deemed_accepted_at) == (
        State.ACCEPTED,
        BEFORE_THE_HOLIDAY,
        AFTER_IT,
    )
    assert kinds(case_no).count(DEEMED) == 1
    assert published().count("CaseAccepted") == 1


def test_a_guide_that_names_its_law_has_the_days_of_that_law(city: None) -> None:
    del city
    case_fixtures.publish_id_lost(telling_days=5, telling_basis="《行政许可法》第三十二条")
    case_no = submitted(_somebody("李雷"))

    assert stored(case_no).notice_due_on == date(2026, 11, 23)
    with stopped_at(MONDAY + timedelta(days=7)):
        ask(case_no)


def test_the_limits_run_from_the_day_of_receipt(citizen: int) -> None:
    at_once, late = submitted(citizen), submitted(case_fixtures.citizen("李雷"))
    accept(at_once)
    with stopped_at(MONDAY + timedelta(days=9)):
        upkeep.deem_accepted()

    assert stored(late).promised_due_on == stored(at_once).promised_due_on
    assert stored(late).statutory_due_on == stored(at_once).statutory_due_on


def test_who_accepts_after_the_day_finds_the_case_accepted_by_law(citizen: int) -> None:
    case_no = submitted(citizen)
    with stopped_at(MONDAY + timedelta(days=9)):
        case = accept(case_no)

    assert case.accepted_at == case.received_at == MONDAY
    assert case.deemed_accepted_at == datetime(2026, 11, 20, tzinfo=SHANGHAI)
    assert kinds(case_no)[-1] == DEEMED


def test_after_the_day_nobody_says_that_a_case_is_not_taken_up(citizen: int) -> None:
    case_no = submitted(citizen)
    with stopped_at(MONDAY.replace(day=20)), pytest.raises(TellingOver):
        refuse_to_take(case_no)


def test_the_job_leaves_alone_what_was_asked_accepted_or_withdrawn(citizen: int) -> None:
    asked, taken, back = (submitted(each) for each in (citizen, _somebody("李雷"), _somebody("韩梅梅")))
    ask(asked)
    accept(taken)
    withdraw(stored(back).citizen_id, back)
    with stopped_at(MONDAY + timedelta(days=30)):
        upkeep.deem_accepted()

    states = [stored(case_no).state for case_no in (asked, taken, back)]
    assert states == [State.CORRECTION, State.ACCEPTED, State.WITHDRAWN]
    assert stored(taken).deemed_accepted_at is None


def test_silence_about_a_correction_accepts_from_the_day_it_came_in(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with stopped_at(MONDAY + timedelta(days=3)):
        mend(citizen, case_no)
        resubmit(citizen, case_no)
    with stopped_at(MONDAY + timedelta(days=9)):
        upkeep.deem_accepted()

    assert stored(case_no).accepted_at == MONDAY + timedelta(days=3)


def test_the_job_in_parallel_accepts_and_bills_each_case_once(citizen: int) -> None:
    cases = [submitted(citizen), submitted(_somebody("李雷"))]
    with stopped_at(MONDAY + timedelta(days=9)):
        together(*[upkeep.deem_accepted] * 3)

    for case_no in cases:
        assert kinds(case_no).count(DEEMED) == 1
        with unit_of_work() as session:
            assert len(fees.of_case(session, case_id=stored(case_no).id)) == 1


def test_the_database_itself_wants_a_day_for_silence(citizen: int) -> None:
    case_no = submitted(citizen)
    endless = text("UPDATE cases SET notice_due_on = NULL WHERE case_no = :n")
    with pytest.raises(IntegrityError, match="silence_has_its_day"), unit_of_work() as session:
        session.execute(endless, {"n": case_no})


def test_a_correction_is_called_to_mind_once_and_stays_open(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    upkeep.remind_of_corrections()
    assert "CorrectionNearlyDue" not in published()
    for days in (26, 27, 90):
        with stopped_at(MONDAY + timedelta(days=days)):
            upkeep.remind_of_corrections()

    assert published().count("CorrectionNearlyDue") == 1
    assert stored(case_no).state == State.CORRECTION


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 350 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)))
def test_the_day_is_the_third_working_day_after_receipt_wherever_it_falls(city: None, at: datetime) -> None:
    with unit_of_work() as session:
        due = telling.due_on(session, received=at, days=telling_days.DAYS)
        calendar = working_days.calendar(session)
        received = clock.local(at).date()
        between = [received + timedelta(days=ahead) for ahead in range(1, (due - received).days + 1)]
        with stopped_at(at):
            left = telling.days_left(session, Case(notice_due_on=due))

    assert sum(map(calendar.is_working_day, between)) == left == telling_days.DAYS
    assert calendar.is_working_day(due)


def _somebody(name: str) -> int:
    return case_fixtures.citizen(name)
