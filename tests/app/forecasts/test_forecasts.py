"""How long it really takes, said before, and judged after (办结预测、校准)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import clock
from app.cases.models import Case
from app.db import unit_of_work
from app.forecasts import counting, queries
from app.forecasts.models import CaseForecast, ItemForecast
from app.forecasts.queries import Forecast, Risk
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY, load_city
from tests.races import together


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    """A city with one item; the clock stands still."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        case_fixtures.publish_id_lost()
        yield


def decided(days: list[int]) -> None:
    """Cases decided this Monday that took so many weeks of five working days each."""
    case_fixtures.decide(case_fixtures.accepted(case_fixtures.citizen()))
    with unit_of_work() as session:
        first = session.scalars(select(Case)).one()
        columns = {column.key for column in Case.__table__.columns} - {"id"}
        kept = {key: getattr(first, key) for key in columns}
        for place, weeks in enumerate(days):
            begun = MONDAY - timedelta(weeks=weeks)
            session.add(Case(**{**kept, "case_no": f"{place:023d}", "accepted_at": begun}))


def of_item() -> Forecast:
    with unit_of_work() as session:
        return queries.of_item(session, task_code=ID_LOST)


def test_fewer_than_twenty_cases_are_no_forecast_and_it_says_so() -> None:
    decided([1] * 18)
    counting.count()

    assert of_item().most_days is None
    assert of_item().sentence == "近一年办结的不到20件，不作预测，以承诺的时限为准"


def test_half_and_nine_of_ten_are_said_in_working_days() -> None:
    decided([1] * 10 + [2] * 8 + [9])
    counting.count()

    assert of_item().sentence == "最近20件里，一半5个工作日办完，十件有九件10个工作日办完"
    assert of_item().calibration == ""


def test_the_job_may_run_twice_and_in_parallel() -> None:
    decided([1] * 25)
    together(counting.count, counting.count)
    with unit_of_work() as session:
        kept = session.scalars(select(ItemForecast)).one()

    assert len(kept.days) == 26


def test_what_was_forecast_at_acceptance_stays_and_is_judged_at_the_decision(deliver: Any) -> None:
    decided([2] * 25)
    counting.count()
    case_no = case_fixtures.accepted(case_fixtures.citizen("李小红"))
    deliver()
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        case_fixtures.decide(case_no)
        deliver()
        deliver()
    with unit_of_work() as session:
        found = session.scalars(select(CaseForecast)).one()
        right = queries.calibration(session, task_code=ID_LOST)

    assert (found.most_days, found.most_by, found.took_days) == (10, (MONDAY + timedelta(days=14)).date(), 1)
    assert (right.scored, right.by_half, right.by_most) == (1, 1, 1)


def test_calibration_is_told_once_there_is_enough_of_it() -> None:
    told = queries.Calibration(20, 9, 19).sentence

    assert told == "以前这样说过20次：19次在“十件有九件”的天数里办完，9次在“一半”的天数里办完"
    assert queries.Calibration(19, 9, 19).sentence == ""


def risk(case_no: str) -> Risk | None:
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()
        return queries.risks(session, case_ids=[case_id]).get(case_id)


def test_a_case_is_marked_before_it_is_late() -> None:
    decided([3] * 30)
    counting.count()
    case_no = case_fixtures.accepted(case_fixtures.citizen("李小红"))
    found = risk(case_no)

    assert found is not None
    assert found.percent > 50
    assert "没办完的" in found.sentence


def test_a_case_that_is_quick_enough_is_not_marked() -> None:
    decided([1] * 30)
    counting.count()

    assert risk(case_fixtures.accepted(case_fixtures.citizen("李小红"))) is None


def test_a_case_that_is_late_already_is_warned_of_elsewhere() -> None:
    decided([3] * 30)
    counting.count()
    case_no = case_fixtures.accepted(case_fixtures.citizen("李小红"))
    with unit_of_work() as session:
        past = (MONDAY - timedelta(days=1)).date()
        session.execute(update(Case).where(Case.case_no == case_no).values(promised_due_on=past))

    assert risk(case_no) is None
