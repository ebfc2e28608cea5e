"""Of what was closed in a day five of a hundred are called, once (办理回访)."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.call_backs import drawing, service
from app.call_backs.errors import CallBackUnsaid, CalledAlready
from app.call_backs.models import CallBack, CallBackDay, Result
from app.call_backs.service import Told
from app.cases.models import Case
from app.cases.officers import Officer
from app.complaints.models import Complaint
from app.db import unit_of_work
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.app.people import leaving
from tests.call_back_fixtures import drawn, every_one
from tests.city_fixtures import MONDAY
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import make_clerk

TODAY = clock.local(MONDAY).date()


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield


def closed(count: int) -> None:
    """So many cases that were closed today, all like the first."""
    desk.closed()
    with unit_of_work() as session:
        first = session.scalars(select(Case)).one()
        columns = {column.key for column in Case.__table__.columns} - {"id"}
        kept = {key: getattr(first, key) for key in columns}
        for place in range(1, count):
            session.add(Case(**{**kept, "case_no": f"{place:023d}"}))


def caller() -> Officer:
    return Officer(make_clerk(Role.SUPERVISOR), "陈督导", frozenset({"supervisor"}))


def note(
    call_back: CallBack, result: Result, said: str = "", *, by: Officer | None = None, tries: int = 0
) -> CallBack:
    with unit_of_work() as session:
        return service.note(
            session, call_back_id=call_back.id, officer=by or caller(), told=Told(result, said, tries)
        )


@pytest.mark.parametrize(("count", "called"), [(1, 1), (20, 1), (21, 2), (60, 3)])
def test_five_of_a_hundred_are_called_and_a_second_run_adds_none(count: int, called: int) -> None:
    closed(count)
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        drawing.draw_days()
        drawing.draw_days()

    assert len(every_one()) == called


def test_a_day_is_drawn_when_it_is_over() -> None:
    closed(1)
    drawing.draw_days()

    assert every_one() == []


def draw() -> int | None:
    with unit_of_work() as session:
        return drawing.draw(session, day=TODAY)


def test_two_runs_at_once_draw_a_day_once() -> None:
    closed(30)

    assert sorted(map(str, together(draw, draw))) == ["2", "None"]
    assert len(every_one()) == 2


def test_control_by_looking_first_both_would_draw_it() -> None:
    closed(30)
    meeting, refused = Meeting(), list[IntegrityError]()

    def look_first() -> None:
        with unit_of_work() as session:
            if session.get(CallBackDay, TODAY) is not None:
                return
            meeting.wait()
            session.add(CallBackDay(day=TODAY, percent=5, closed=30, drawn=2, drawn_at=clock.now()))
            try:
                session.flush()
            except IntegrityError as error:
                refused.append(error)
                session.rollback()

    together(look_first, look_first)
    assert len(refused) == 1


def test_a_complaint_is_written_down_and_a_call_is_noted_once() -> None:
    call_back = drawn()
    with pytest.raises(CallBackUnsaid):
        note(call_back, Result.UNSATISFIED)
    noted = note(call_back, Result.UNSATISFIED, "窗口让我多跑了一趟")

    assert (noted.result, noted.said) == ("unsatisfied", "窗口让我多跑了一趟")
    with pytest.raises(CalledAlready):
        note(call_back, Result.SATISFIED)


def test_what_displeased_somebody_becomes_a_complaint_to_the_department() -> None:
    call_back = drawn()
    noted = note(call_back, Result.UNSATISFIED, "窗口让我多跑了一趟")
    with unit_of_work() as session:
        complaint = session.get_one(Complaint, noted.complaint_id)
        case = session.get_one(Case, call_back.case_id)

    assert (complaint.text, complaint.state) == ("办理回访时说：窗口让我多跑了一趟", "received")
    assert (complaint.citizen_id, complaint.dept_name) == (case.citizen_id, case.dept_name)


def test_whom_nobody_reached_is_called_three_times() -> None:
    call_back, results = drawn(), []
    for tries in range(3):
        with clock.stopped_at(MONDAY + timedelta(days=1, hours=tries)):
            results.append(note(call_back, Result.UNREACHED, tries=tries).result)

    assert results == [None, None, "unreached"]
    assert every_one()[0].tries == 3


def test_who_was_not_reached_first_may_be_content_later() -> None:
    call_back = drawn()
    note(call_back, Result.UNREACHED)
    with pytest.raises(CalledAlready):
        note(call_back, Result.UNREACHED)

    assert note(call_back, Result.SATISFIED, tries=1).result == "satisfied"


def test_of_two_who_reached_nobody_at_once_one_counts() -> None:
    call_back, first, second = drawn(), caller(), caller()
    both = (partial(note, call_back, Result.UNREACHED, by=each) for each in (first, second))

    assert refusals(together(*both), CalledAlready) == 1
    assert every_one()[0].tries == 1


def test_control_by_looking_first_both_would_count() -> None:
    call_back, meeting = drawn(), Meeting()

    def look_first() -> bool:
        with unit_of_work() as session:
            found = session.get_one(CallBack, call_back.id)
            is_mine = found.result is None and found.tries == 0
            meeting.wait()
            found.tries, found.tried_at = CallBack.tries + int(is_mine), clock.now()
            return is_mine

    assert together(look_first, look_first) == [True, True]
    assert every_one()[0].tries == 2


def test_who_has_left_meanwhile_is_sent_no_ticket() -> None:
    call_back = drawn()
    with unit_of_work() as session:
        case = session.get_one(Case, call_back.case_id)
    leaving.leave(case.citizen_id)

    assert note(call_back, Result.UNSATISFIED, "窗口让我多跑了一趟").complaint_id is None


def test_of_two_who_note_one_call_one_does() -> None:
    call_back, first, second = drawn(), caller(), caller()
    both = (partial(note, call_back, Result.SATISFIED, by=each) for each in (first, second))

    assert refusals(together(*both), CalledAlready) == 1
