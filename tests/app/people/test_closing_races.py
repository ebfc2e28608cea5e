"""The end of an account against whatever its owner begins in the same moment."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import clock
from app.cases.models import Case
from app.cases.states import State
from app.complaints.models import Complaint
from app.db import engine, unit_of_work
from app.errors import DomainError, Unavailable
from app.own_data import matters
from app.people import closing
from app.people.closing import Room
from app.people.sessions import SessionOver
from tests import case_fixtures as cases
from tests import desk_fixtures as desk
from tests.app.people.leaving import ENDS, due, is_closed, run, take_back
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.rating_fixtures import complain


@pytest.fixture
def leaver(database: None) -> int:
    """A citizen whose account ends with the next run of the job."""
    del database
    desk.open_city()
    return make_citizen()


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    """The job looks for open matters, finds none, and then lets the others begin."""
    met = Meeting()
    before = list(closing.rooms())

    def looks(session: Any, citizen_id: int) -> list[str]:
        del session, citizen_id
        met.wait()
        return []

    closing.wire([*before, Room(looks, lambda _session, _citizen_id: None)])
    yield met
    closing.wire(before)


def state_of(case_no: str) -> str:
    with unit_of_work() as session:
        return session.query(Case.state).filter(Case.case_no == case_no).scalar() or ""


def race(begin: Callable[[], Any], meeting: Meeting) -> list[Any]:
    """The job and somebody who begins once the job has looked."""

    def begins() -> Any:
        meeting.wait()
        try:
            return begin()
        except OperationalError as error:
            raise Unavailable from error
        finally:
            meeting.wait()

    with clock.stopped_at(ENDS):
        return together(lambda: run(ENDS), begins)


def test_a_case_handed_in_while_the_account_ends_is_never_left_behind(leaver: int, meeting: Meeting) -> None:
    case_no = cases.ready(leaver)
    ready_to_go(leaver)

    results = race(lambda: cases.submit(leaver, case_no), meeting)

    assert refusals(results, DomainError) == 1
    assert (is_closed(leaver), state_of(case_no)) == (True, State.WITHDRAWN)


def test_without_the_lock_on_the_draft_the_case_is_left_behind(leaver: int, meeting: Meeting) -> None:
    case_no = cases.ready(leaver)
    ready_to_go(leaver)
    rooms = list(closing.rooms())

    def forget(session: Any, citizen_id: int) -> None:
        """What is handed in meanwhile is no draft any more."""
        meeting.wait()
        matters.forget(session, citizen_id)

    closing.wire([Room(matters.open_matters, forget), *rooms[1:]])

    race(lambda: cases.submit(leaver, case_no), meeting)

    assert (is_closed(leaver), state_of(case_no)) == (True, State.SUBMITTED)


def test_a_case_that_is_just_being_handed_in_puts_the_end_off(leaver: int) -> None:
    case_no = cases.ready(leaver)
    due(leaver)

    with clock.stopped_at(ENDS):
        with unit_of_work():
            cases.submit(leaver, case_no)
            together(lambda: run(ENDS))
        assert not is_closed(leaver)
        run(ENDS)

    assert (is_closed(leaver), state_of(case_no)) == (False, State.SUBMITTED)


def test_what_begins_while_the_account_ends_is_refused(leaver: int, meeting: Meeting) -> None:
    ready_to_go(leaver)

    results = race(lambda: complain(leaver), meeting)

    assert refusals(results, Unavailable) == 1
    assert (is_closed(leaver), complaints()) == (True, 0)


def test_without_the_trigger_a_complaint_is_left_behind(leaver: int, meeting: Meeting) -> None:
    ready_to_go(leaver)
    alter("DISABLE")
    try:
        race(lambda: complain(leaver), meeting)
    finally:
        alter("ENABLE")

    assert (is_closed(leaver), complaints()) == (True, 1)


def alter(how: str) -> None:
    with engine().begin() as connection:
        connection.execute(text(f"ALTER TABLE complaints {how} TRIGGER account_is_open"))


def complaints() -> int:
    with unit_of_work() as session:
        return session.query(Complaint).count()


def test_what_has_just_begun_puts_the_end_off(leaver: int) -> None:
    due(leaver)

    with clock.stopped_at(ENDS):
        with unit_of_work():
            complain(leaver)
            together(lambda: run(ENDS))
        run(ENDS)

    assert not is_closed(leaver)


def test_whoever_stays_at_the_last_moment_is_not_told_so_falsely(leaver: int, meeting: Meeting) -> None:
    ready_to_go(leaver)

    results = race(lambda: take_back(leaver, at=ENDS), meeting)

    assert is_closed(leaver)
    assert refusals(results, SessionOver) == 1


def test_two_jobs_close_an_account_once(leaver: int) -> None:
    due(leaver)

    with clock.stopped_at(ENDS):
        together(*(lambda: run(ENDS) for _ in range(3)))

    assert is_closed(leaver)
    assert desk.actions().count("account_closed") == 1


def ready_to_go(citizen_id: int) -> None:
    """Wished and warned, without anybody waiting at the meeting."""
    rooms = list(closing.rooms())
    closing.wire(rooms[:-1])
    due(citizen_id)
    closing.wire(rooms)
