"""Two who touch one clock at once, each race with the control that shows the bug when its guard is off."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.cases import needs, queries, recounting
from app.cases.clock_errors import ClockPaused, ExtendedBefore
from app.cases.clock_models import CaseClockEvent, CasePause
from app.cases.errors import StepRefused
from app.centres import service as centres
from app.db import unit_of_work
from app.errors import DomainError
from tests import case_fixtures, clock_fixtures
from tests.case_fixtures import OTHER_APPROVER
from tests.city_fixtures import document, load_city
from tests.clock_fixtures import case_of, extend, happened, limits_of, on, pause, resume
from tests.races import Meeting, refusals, together
from tests.unguarded import steps_unguarded

MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with on(MONDAY):
        load_city()
        yield


@pytest.fixture
def case_no() -> str:
    return clock_fixtures.accepted()


def meet_before_moving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both look at the case before one of them moves it."""
    meeting, check = Meeting(), needs.refuse_unless

    def checked(asked: needs.Asked, wanted: Any) -> None:
        check(asked, wanted)
        meeting.wait()

    monkeypatch.setattr(needs, "refuse_unless", checked)


def guards_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds the row, and the UPDATE does not ask whether the case is still as it was."""
    find = queries.for_clerk
    monkeypatch.setattr(
        queries, "for_clerk", lambda session, **said: find(session, **{**said, "hold": False})
    )
    steps_unguarded(monkeypatch)


def test_two_who_pause_at_once_pause_once(case_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_moving(monkeypatch)
    results = together(partial(pause, case_no), partial(pause, case_no, OTHER_APPROVER))

    assert refusals(results, ClockPaused) == 1
    assert [event.kind for event in happened(case_no)] == ["started", "paused"]


def test_control_without_the_guards_the_second_pause_meets_the_last_wall(
    case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_moving(monkeypatch)
    guards_off(monkeypatch)

    with pytest.raises(IntegrityError, match="one_open"):
        together(partial(pause, case_no), partial(pause, case_no, OTHER_APPROVER))


def test_two_who_extend_at_once_extend_once(case_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_moving(monkeypatch)
    results = together(partial(extend, case_no), partial(extend, case_no, OTHER_APPROVER))

    assert refusals(results, ExtendedBefore) == 1
    assert limits_of(case_no)[0] == date(2026, 12, 7)


def test_control_without_the_guards_the_second_extension_meets_the_last_wall(
    case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_moving(monkeypatch)
    guards_off(monkeypatch)

    with pytest.raises(IntegrityError, match="case_extensions_case_id"):
        together(partial(extend, case_no), partial(extend, case_no, OTHER_APPROVER))


def test_a_pause_and_a_withdrawal_leave_no_pause_open(case_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    citizen_id = case_of(case_no).citizen_id
    meet_before_moving(monkeypatch)
    calls: list[Any] = [partial(pause, case_no), partial(case_fixtures.withdraw, citizen_id, case_no)]
    results: list[object | DomainError] = together(*calls)
    with unit_of_work() as session:
        still_open = session.scalar(select(func.count()).where(CasePause.ended_on.is_(None)))

    assert case_of(case_no).state == "withdrawn"
    assert refusals(results, StepRefused) <= 1
    assert still_open == 0


def test_a_decision_and_a_pause_do_not_both_happen(case_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_moving(monkeypatch)
    calls: list[Any] = [partial(pause, case_no), partial(case_fixtures.decide, case_no)]
    results: list[object | DomainError] = together(*calls)
    case = case_of(case_no)

    assert refusals(results, DomainError) == 1
    assert (case.state, case.clock_paused_on) in {("decided", None), ("accepted", MONDAY)}


def publish_next_year() -> None:
    """The State Council publishes the holidays of 2027."""
    told = document("calendar.json")
    days = told["off_days"] | told["provisional"]["statutory_only"] | {"2027-01-04": "元旦"}
    known = {**told, "published_years": [2026, 2027], "off_days": {}, "makeup_workdays": []}
    del known["provisional"]
    known["off_days"] = {day: name for day, name in days.items() if day >= "2026"}
    known["makeup_workdays"] = [day for day in told["makeup_workdays"] if day >= "2026"]
    with unit_of_work() as session:
        centres.load_calendar(session, known)


@pytest.fixture
def across() -> str:
    """A case whose limits reach into a year without a calendar."""
    with on(date(2026, 12, 28)):
        return clock_fixtures.accepted()


def test_a_limit_in_a_year_without_holidays_is_provisional_until_they_are_published(across: str) -> None:
    assert (case_of(across).limit_provisional, limits_of(across)[0]) == (True, date(2027, 1, 5))
    assert recounting.recount() == 0
    publish_next_year()

    assert (recounting.recount(), recounting.recount()) == (1, 0)
    assert (case_of(across).limit_provisional, limits_of(across)[0]) == (False, date(2027, 1, 6))
    assert happened(across)[-1].cause == "放假安排公布"
    assert case_fixtures.published()[-1] == "CaseRecounted"


def test_a_limit_within_the_year_is_not_provisional(case_no: str) -> None:
    publish_next_year()

    assert not case_of(case_no).limit_provisional
    assert recounting.recount() == 0


def test_a_clock_that_stands_is_counted_when_it_runs_again(across: str) -> None:
    with on(date(2026, 12, 29)):
        pause(across)
    publish_next_year()
    assert recounting.recount() == 0
    with on(date(2026, 12, 29)):
        resume(across)

    assert (case_of(across).limit_provisional, limits_of(across)[0]) == (False, date(2027, 1, 6))


def test_two_runs_at_once_recount_each_case_once(across: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with on(date(2026, 12, 28)):
        others = [clock_fixtures.accepted() for _ in range(3)]
    publish_next_year()
    meet_while_counting(monkeypatch)
    done = together(recounting.recount, recounting.recount)

    assert sum(each for each in done if isinstance(each, int)) == 4
    for case_no in (across, *others):
        assert [event.kind for event in happened(case_no)] == ["started", "recounted"]


def test_control_without_the_claim_a_case_is_recounted_twice(
    across: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_next_year()
    claimed = recounting._waiting
    monkeypatch.setattr(recounting, "_waiting", lambda after: _without_lock(claimed(after)))
    meet_while_counting(monkeypatch)
    together(recounting.recount, recounting.recount)
    with unit_of_work() as session:
        told = session.scalar(select(func.count()).where(CaseClockEvent.kind == "recounted"))

    assert told == 2
    assert across


def meet_while_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both runs claim what they find before one of them counts."""
    meeting, count = Meeting(), recounting._recount

    def counted(session: Any, case: Any) -> None:
        meeting.wait()
        count(session, case)

    monkeypatch.setattr(recounting, "_recount", counted)


def _without_lock(asked: Any) -> Any:
    asked._for_update_arg = None
    return asked
