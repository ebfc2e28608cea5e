"""Closing an account: the wish, the days between, the end."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import clock, db
from app.db import unit_of_work
from app.people import closing, ending
from app.people.errors import AccountHasOpenMatters
from app.people.models import AccountClosing
from tests import case_fixtures as cases
from tests import desk_fixtures as desk
from tests.app.people import leaving
from tests.app.people.leaving import BEFORE, DAY, ENDS, due, is_closed, leave, run, take_back, told, wish
from tests.city_fixtures import MONDAY
from tests.people_fixtures import log_in_as, make_citizen

PHONE = "13800000000"


@pytest.fixture(autouse=True)
def open_city(database: None) -> None:
    del database
    desk.open_city()


@pytest.fixture
def tell(deliver: Callable[[], None]) -> Callable[[], None]:
    """Have every event told, on the day of the end."""

    def run_all() -> None:
        with clock.stopped_at(ENDS):
            deliver()

    return run_all


def test_the_wish_waits_for_fifteen_days() -> None:
    standing = wish(make_citizen())

    assert standing.closes_on == date(2026, 12, 1)
    assert standing.can_close


def test_wishing_twice_is_one_wish(tell: Callable[[], None]) -> None:
    citizen = make_citizen()

    assert wish(citizen) == wish(citizen, at=MONDAY + DAY)
    tell()
    assert told(citizen) == ["已申请注销账号"]


def test_who_has_a_running_case_is_told_what_to_finish_first() -> None:
    citizen = make_citizen()
    cases.submitted(citizen)

    with pytest.raises(AccountHasOpenMatters) as refused:
        wish(citizen)

    assert refused.value.errors is not None
    assert "居民身份证丢失补领" in "".join(refused.value.errors["reasons"])
    assert leaving.rows(AccountClosing) == 0


def test_staying_after_all_ends_the_wish_and_may_be_repeated(tell: Callable[[], None]) -> None:
    citizen = make_citizen()
    wish(citizen)

    assert take_back(citizen) == take_back(citizen)
    tell()
    run(BEFORE)
    run(ENDS)

    assert not is_closed(citizen)
    assert told(citizen) == ["账号不会注销了"]


def test_logging_in_takes_nothing_back() -> None:
    citizen = make_citizen()
    wish(citizen)
    log_in_as(citizen)

    with unit_of_work() as session:
        assert closing.standing(session, citizen_id=citizen).closes_on == ENDS.date()


def test_nobody_is_closed_or_warned_before_the_day(tell: Callable[[], None]) -> None:
    citizen = make_citizen()
    wish(citizen)

    run(BEFORE - DAY)
    tell()

    assert told(citizen) == ["已申请注销账号"]


def test_the_day_before_the_citizen_is_warned_once(tell: Callable[[], None]) -> None:
    citizen = make_citizen()
    wish(citizen)
    tell()

    run(BEFORE)
    run(BEFORE + timedelta(hours=2))
    tell()

    assert told(citizen) == ["已申请注销账号", "账号明天注销"]
    assert not is_closed(citizen)


def test_at_night_nothing_happens() -> None:
    citizen = make_citizen()
    due(citizen)

    run(ENDS - timedelta(hours=7))  # one in the morning
    assert not is_closed(citizen)
    run(ENDS)

    assert is_closed(citizen)


def test_a_job_that_comes_late_warns_first_and_closes_a_day_later() -> None:
    citizen = make_citizen()
    wish(citizen)
    late = ENDS + 4 * DAY

    run(late)
    assert (is_closed(citizen), leaving.closes_on(citizen)) == (False, (late + DAY).date())
    run(late + DAY)

    assert is_closed(citizen)


def test_what_was_begun_meanwhile_postpones_the_end_and_is_told(tell: Callable[[], None]) -> None:
    citizen = make_citizen()
    wish(citizen)
    tell()
    case_no = cases.submitted(citizen)

    run(BEFORE)
    run(ENDS)
    tell()

    assert (is_closed(citizen), leaving.closes_on(citizen)) == (False, date(2026, 12, 6))
    assert told(citizen) == ["已申请注销账号", "账号暂时不能注销"]
    cases.withdraw(citizen, case_no)
    run(ENDS + 4 * DAY)
    run(ENDS + 5 * DAY)
    assert is_closed(citizen)


def test_the_end_is_in_the_audit_log() -> None:
    leave(make_citizen())

    assert desk.actions() == ["account_closing_started", "account_closed"]


def test_one_account_that_cannot_be_closed_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = make_citizen(), make_citizen()
    due(first)
    due(second)
    settle = ending.settle

    def stumbles(session: db.Session, *, closing_id: int) -> None:
        if closing_id == 1:
            session.execute(text("SELECT 1 FROM nowhere"))
        settle(session, closing_id=closing_id)

    monkeypatch.setattr(ending, "settle", stumbles)
    run(ENDS)

    assert (is_closed(first), is_closed(second)) == (False, True)


def test_the_database_itself_refuses_a_second_wish() -> None:
    citizen = make_citizen()
    wish(citizen)

    with pytest.raises(SQLAlchemyError), unit_of_work() as session:
        session.add(AccountClosing(citizen_id=citizen, asked_at=MONDAY, closes_on=ENDS.date()))
