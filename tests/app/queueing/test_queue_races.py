"""Windows and citizens at the same moment, with real threads."""

import threading
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.centres.models import WindowGroup
from app.db import unit_of_work
from app.events import OutboxRow
from app.queueing import calling, order, reception, service, windows
from app.queueing.errors import AlreadyWaiting, NobodyWaits, SomebodyThere, TicketMoved, TicketOver
from app.queueing.models import Ticket, TicketState, WindowSession
from app.staff.models import Role
from tests.app.queueing.halls import call, check_in, state, take, visit, window
from tests.city_fixtures import CENTRE
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import make_clerk


def test_windows_that_call_at_once_call_different_numbers(task_code: str) -> None:
    tickets = [take(task_code, minutes=position - 60) for position in range(6)]
    places = [window(f"A{number:02}") for number in range(1, 7)]
    called = together(*(partial(call, at) for at in places))

    assert sorted(called) == tickets  # type: ignore[type-var]


def test_of_two_windows_one_calls_the_last_number(task_code: str) -> None:
    ticket_id = take(task_code)
    called = together(partial(call, window("A01")), partial(call, window("A02")))

    assert refusals(called, NobodyWaits) == 1
    assert ticket_id in called


def test_without_the_lock_two_windows_would_call_the_same_number(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(task_code, minutes=-2)
    take(task_code, minutes=-1)
    meeting = Meeting(2)

    def look_then_call(session: Session, *, at: WindowSession) -> Ticket:
        found = session.scalars(
            select(Ticket)
            .where(Ticket.state == TicketState.WAITING)
            .order_by(*order.next_first(clock.now()))
            .limit(1)
        ).one()
        meeting.wait()
        session.execute(
            update(Ticket)
            .where(Ticket.id == found.id)
            .values(state=TicketState.CALLED, session_id=at.id, window=at.window)
        )
        return found

    monkeypatch.setattr(calling, "call_next", look_then_call)
    one, other = together(partial(call, window("A01")), partial(call, window("A02")))
    assert one == other


def test_two_clicks_of_one_clerk_call_one_number(task_code: str) -> None:
    for _ in range(4):
        take(task_code)
    at = window()
    called = together(*[partial(call, at)] * 4)

    assert refusals(called, SomebodyThere) == 3


def test_two_taps_of_one_citizen_are_one_number(task_code: str) -> None:
    citizen_id = make_citizen()
    taken = together(*[partial(take, task_code, citizen_id=citizen_id)] * 6)

    assert refusals(taken, AlreadyWaiting) == 5


def test_many_at_once_get_numbers_without_gap_or_twin(task_code: str) -> None:
    citizens = [make_citizen() for _ in range(20)]
    together(*(partial(take, task_code, citizen_id=citizen) for citizen in citizens))
    with unit_of_work() as session:
        numbers = session.scalars(select(Ticket.number).order_by(Ticket.number)).all()

    assert list(numbers) == [f"A{count:03d}" for count in range(1, 21)]


def test_counting_the_tickets_instead_would_give_a_number_twice(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(2)

    def count_tickets(session: Session, **_: object) -> str:
        count = session.scalar(select(func.count(Ticket.id))) or 0
        meeting.wait()
        return f"A{count + 1:03d}"

    monkeypatch.setattr("app.queueing.reception.new_number", count_tickets)
    taken = together(*(partial(take, task_code, citizen_id=make_citizen()) for _ in range(2)))
    assert refusals(taken, AlreadyWaiting) == 1


def test_cancelling_and_calling_at_once_end_in_one_of_both(task_code: str) -> None:
    for _ in range(6):
        citizen_id = make_citizen()
        ticket_id, at = take(task_code, citizen_id=citizen_id), window()

        def cancel(owner: int = citizen_id, ticket: int = ticket_id) -> None:
            with unit_of_work() as session:
                service.cancel(session, citizen_id=owner, ticket_id=ticket)

        together(partial(call, at), cancel)
        assert state(ticket_id) == "cancelled"
        with unit_of_work() as session:
            assert calling.in_front(session, at=at) is None


def test_cancelling_and_serving_at_once_end_in_one_of_both(task_code: str) -> None:
    citizen_id = make_citizen()
    ticket_id, at = take(task_code, citizen_id=citizen_id), window()
    call(at)

    def cancel() -> None:
        with unit_of_work() as session:
            service.cancel(session, citizen_id=citizen_id, ticket_id=ticket_id)

    def serve() -> None:
        with unit_of_work() as session:
            calling.serve(session, at=at, ticket_id=ticket_id)

    results = together(cancel, serve)
    assert refusals(results, TicketOver) + refusals(results, TicketMoved) == 1


def test_two_clerks_at_once_do_not_sit_at_one_window(task_code: str) -> None:
    del task_code
    clerks = [make_clerk(Role.FRONT_DESK, centre_id=CENTRE) for _ in range(4)]
    together(*(partial(window, "A01", clerk_id=clerk) for clerk in clerks))
    with unit_of_work() as session:
        seated = [windows.of_clerk(session, clerk_id=clerk) for clerk in clerks]

    assert sum(found is not None for found in seated) == 1


def test_coming_twice_at_once_gives_one_number(task_code: str) -> None:
    found = visit(task_code)
    tickets = together(*[partial(check_in, found)] * 4)

    assert len(set(tickets)) == 1
    with unit_of_work() as session:
        told = select(func.count()).where(OutboxRow.name == "AppointmentCheckedIn")
        assert session.scalar(told) == 1


def test_taking_and_coming_at_once_do_not_wait_for_each_other_for_ever(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen_id = make_citizen()
    found, walk_in = visit(task_code, citizen_id=citizen_id), take(task_code, citizen_id=citizen_id)
    meeting, count, here = Meeting(2), reception.new_number, threading.local()

    def count_slowly(session: Session, *, group: WindowGroup) -> str:
        if getattr(here, "comes", False):
            meeting.wait()
            return count(session, group=group)
        number = count(session, group=group)
        meeting.wait()
        return number

    def come() -> int:
        here.comes = True
        return check_in(found)

    monkeypatch.setattr(reception, "new_number", count_slowly)
    _, refused = together(come, partial(take, task_code, citizen_id=citizen_id))
    assert isinstance(refused, AlreadyWaiting)
    assert state(walk_in) == "cancelled"


def test_who_comes_while_they_take_a_number_does_not_get_two(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen_id = make_citizen()
    found, count = visit(task_code, citizen_id=citizen_id), reception.new_number
    comings = [threading.Thread(target=check_in, args=[found])]

    def come_then_count(session: Session, *, group: WindowGroup) -> str:
        while comings:
            coming = comings.pop()
            coming.start()
            coming.join()
        return count(session, group=group)

    monkeypatch.setattr(reception, "new_number", come_then_count)
    with pytest.raises(AlreadyWaiting):
        take(task_code, citizen_id=citizen_id)
