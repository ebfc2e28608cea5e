"""Two who act at once while a case is corrected, each race with the control that shows the bug."""

import threading
from datetime import UTC, timedelta
from functools import partial

import pytest

from app import clock
from app.cases import needs, queries, steps, upkeep
from app.cases.errors import AlreadyAccepted, AlreadySubmitted, StepRefused
from app.cases.states import Need, State
from tests import case_fixtures
from tests.app.cases.test_races import meet_before_moving, state
from tests.case_fixtures import APPROVER, accept, kinds, submitted, withdraw
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import ask, mend, resubmit
from tests.patience import PATIENCE_S
from tests.races import Meeting, refusals, together
from tests.unguarded import steps_unguarded

LAST_SECOND = MONDAY.replace(day=19, hour=23, minute=59, second=59).astimezone(UTC)


def waiting(citizen_id: int) -> str:
    """A case that was corrected and not handed in again; its number."""
    case_no = submitted(citizen_id)
    ask(case_no)
    mend(citizen_id, case_no)
    return case_no


def test_of_accepting_and_asking_one_happens(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = submitted(citizen)
    meet_before_moving(monkeypatch)
    results = together(partial(accept, case_no), partial(ask, case_no, APPROVER))

    assert refusals(results, StepRefused) == 1
    assert len({"accepted", "correction_asked"} & set(kinds(case_no))) == 1


def test_control_without_the_guard_a_case_is_accepted_and_to_be_corrected(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = submitted(citizen)
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)
    together(partial(accept, case_no), partial(ask, case_no, APPROVER))

    assert {"accepted", "correction_asked"} <= set(kinds(case_no))


def midnight_between(monkeypatch: pytest.MonkeyPatch, case_no: str) -> list[object]:
    """A clerk asks in the last second, and before the case is moved the day is over and the job has run."""
    night, meeting, check = threading.Event(), Meeting(), needs.refuse_unless
    source = lambda: LAST_SECOND + timedelta(seconds=int(night.is_set()))  # noqa: E731
    monkeypatch.setattr(clock, "_source", source)

    def checked(asked: needs.Asked, wanted: tuple[Need, ...]) -> None:
        check(asked, wanted)
        if Need.NEVER_ASKED in wanted and not night.is_set():
            night.set()
            meeting.wait()

    def job() -> None:
        night.wait(PATIENCE_S)
        upkeep.deem_accepted()
        meeting.wait()

    monkeypatch.setattr(needs, "refuse_unless", checked)
    return list(together(partial(ask, case_no), job))


def test_at_midnight_silence_is_a_yes_and_no_notice_goes_out(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = submitted(citizen)
    results = midnight_between(monkeypatch, case_no)

    assert refusals(results, AlreadyAccepted) == 1
    assert state(case_no) == State.ACCEPTED
    assert "correction_asked" not in kinds(case_no)


def test_control_without_the_guard_a_notice_goes_out_about_an_accepted_case(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = submitted(citizen)
    steps_unguarded(monkeypatch)
    midnight_between(monkeypatch, case_no)

    assert {"deemed_accepted", "correction_asked"} <= set(kinds(case_no))


def test_a_correction_is_handed_in_once_however_often_it_is_tapped(citizen: int) -> None:
    case_no = waiting(citizen)
    results = together(*[partial(resubmit, citizen, case_no)] * 4)

    assert refusals(results, AlreadySubmitted) == 3
    assert case_fixtures.published().count("CaseCorrected") == 1


def test_control_without_lock_and_guard_it_is_handed_in_twice(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = waiting(citizen)
    monkeypatch.setattr(steps, "held", queries.case_of)
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)
    together(*[partial(resubmit, citizen, case_no)] * 2)

    assert case_fixtures.published().count("CaseCorrected") == 2


def test_a_correction_handed_in_while_the_case_is_withdrawn_leaves_it_withdrawn(citizen: int) -> None:
    case_no = waiting(citizen)
    together(partial(resubmit, citizen, case_no), partial(withdraw, citizen, case_no))

    assert state(case_no) == State.WITHDRAWN
    assert kinds(case_no)[-1] == "withdrawn"


def test_control_without_lock_and_guard_a_withdrawn_case_comes_back(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = waiting(citizen)
    monkeypatch.setattr(steps, "held", queries.case_of)
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)
    together(partial(resubmit, citizen, case_no), partial(withdraw, citizen, case_no))

    assert {"corrected", "withdrawn"} <= set(kinds(case_no))
