"""Calling: who is next, and what a window may do with a number."""

from datetime import timedelta

import pytest

from app import clock
from app.db import unit_of_work
from app.queueing import calling, queries, service, subscribers, upkeep, windows
from app.queueing.errors import (
    CalledEnough,
    CalledTooLittle,
    HasAnotherTicket,
    NobodyWaits,
    NoWindow,
    PutBackAlready,
    ReasonMissing,
    SameGroup,
    SomebodyThere,
    TicketMoved,
    TicketNotFound,
    WindowTaken,
    WindowUnknown,
)
from app.queueing.events import TicketCalled
from app.queueing.models import Priority
from app.staff.models import Role
from tests.app.queueing.halls import (
    TEN,
    booked,
    call,
    check_in,
    group_id,
    pass_over,
    put_back,
    seen,
    serve_out,
    state,
    take,
    told,
    visit,
    window,
)
from tests.city_fixtures import make_slot
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import make_clerk


def calls(count: int) -> list[int]:
    return [call(window(f"A{number:02}")) for number in range(1, count + 1)]


def test_appointments_of_the_hour_then_priority_then_arrival(task_code: str) -> None:
    first = take(task_code, minutes=-30)
    elder = take(task_code, minutes=-20, priority=Priority.ELDER)
    second = take(task_code, minutes=-10)
    due = check_in(visit(task_code))

    assert [seen(ticket).people_ahead for ticket in (due, elder, first, second)] == [0, 1, 2, 3]
    assert calls(4) == [due, elder, first, second]


def test_an_appointment_of_the_afternoon_waits_like_anybody_until_then(task_code: str) -> None:
    early = check_in(visit(task_code, in_minutes=30))
    walk_in = take(task_code, minutes=-1)
    assert seen(early).people_ahead == 1
    with clock.stopped_at(TEN + timedelta(minutes=30)):
        assert calls(2) == [early, walk_in]


def test_the_earlier_slot_goes_first_and_an_elder_first_within_it(task_code: str) -> None:
    half_past = check_in(visit(task_code, in_minutes=30))
    slot_id = make_slot(at=TEN, capacity=9)
    plain = check_in(booked(task_code, slot_id))
    elder = check_in(booked(task_code, slot_id))
    with unit_of_work() as session:
        queries.by_id(session, ticket_id=elder).ticket.priority = Priority.ELDER
    with clock.stopped_at(TEN + timedelta(minutes=31)):
        assert calls(3) == [elder, plain, half_past]


def test_a_window_calls_one_number_and_only_of_its_group(task_code: str) -> None:
    ticket_id, at = take(task_code), window()
    assert call(at) == ticket_id
    with pytest.raises(SomebodyThere):
        call(at)
    with pytest.raises(NobodyWaits):
        call(window("B01"))

    shown = seen(ticket_id)
    assert (shown.ticket.state, shown.ticket.window, shown.people_ahead) == ("called", "A01", None)
    assert told("TicketCalled") == [{"ticket_id": ticket_id, "round": 1}]


def test_after_three_calls_a_number_is_passed_over_and_not_before(task_code: str) -> None:
    ticket_id, at = take(task_code), window()
    call(at)
    with unit_of_work() as session, pytest.raises(CalledTooLittle):
        calling.pass_over(session, at=at, ticket_id=ticket_id)
    pass_over(at, ticket_id)
    with unit_of_work() as session, pytest.raises(TicketMoved):
        calling.serve(session, at=at, ticket_id=ticket_id)

    assert state(ticket_id) == "passed"
    assert told("TicketPassed") == [{"ticket_id": ticket_id, "round": 1}]


def test_a_fourth_call_is_refused(task_code: str) -> None:
    ticket_id, at = take(task_code), window()
    call(at)
    with unit_of_work() as session, pytest.raises(CalledEnough):
        for _ in range(3):
            calling.call_again(session, at=at, ticket_id=ticket_id)


def test_a_passed_number_comes_back_once_to_its_old_place(task_code: str) -> None:
    first, at = take(task_code, minutes=-5), window()
    later = take(task_code)
    call(at)
    pass_over(at, first)
    put_back(first)
    assert [seen(ticket).people_ahead for ticket in (first, later)] == [0, 1]
    assert call(at) == first
    pass_over(at, first)

    with pytest.raises(PutBackAlready):
        put_back(first)
    assert [event["round"] for event in told("TicketCalled")] == [1, 2]


def test_who_has_a_new_number_needs_the_old_one_no_more(task_code: str) -> None:
    citizen_id, at = make_citizen(), window()
    ticket_id = take(task_code, citizen_id=citizen_id)
    call(at)
    pass_over(at, ticket_id)
    take(task_code, citizen_id=citizen_id)

    with pytest.raises(HasAnotherTicket):
        put_back(ticket_id)


def test_a_number_of_another_hall_or_day_does_not_come_back(task_code: str) -> None:
    ticket_id, at = take(task_code), window()
    call(at)
    pass_over(at, ticket_id)
    with pytest.raises(TicketNotFound):
        put_back(ticket_id, centre_id="C03")
    with clock.stopped_at(TEN + timedelta(days=1)), pytest.raises(TicketNotFound):
        put_back(ticket_id)


def test_served_means_called_begun_and_finished(task_code: str) -> None:
    ticket_id, at = take(task_code), window()
    call(at)
    with unit_of_work() as session, pytest.raises(TicketMoved):
        calling.finish(session, at=at, ticket_id=ticket_id)
    serve_out(at, ticket_id)

    assert state(ticket_id) == "served"
    with pytest.raises(NobodyWaits):
        call(at)


def test_another_windows_number_is_not_found(task_code: str) -> None:
    ticket_id, other = take(task_code), window("A02")
    call(window("A01"))

    for step in (calling.serve, calling.finish, calling.pass_over, calling.call_again):
        with unit_of_work() as session, pytest.raises(TicketNotFound):
            step(session, at=other, ticket_id=ticket_id)


def test_a_transfer_needs_a_reason_and_keeps_number_and_arrival(task_code: str) -> None:
    ticket_id, at = take(task_code, minutes=-30), window("A01")
    civil = group_id("民政")
    call(at)
    with unit_of_work() as session:
        for target, reason, refusal in ((civil, " ", ReasonMissing), (group_id(), "转", SameGroup)):
            with pytest.raises(refusal):
                calling.transfer(session, at=at, ticket_id=ticket_id, window_group_id=target, reason=reason)
        with pytest.raises(SameGroup):
            elsewhere = group_id("民政", centre_id="C03")
            calling.transfer(session, at=at, ticket_id=ticket_id, window_group_id=elsewhere, reason="转")
        calling.transfer(session, at=at, ticket_id=ticket_id, window_group_id=civil, reason="要先办婚姻登记")

    shown = seen(ticket_id)
    assert (shown.ticket.number, shown.window_group, shown.ticket.taken_at) == (
        "A001",
        "民政",
        TEN - timedelta(minutes=30),
    )
    assert call(window("E01")) == ticket_id


def test_a_clerk_without_a_window_calls_nobody(task_code: str) -> None:
    del task_code
    with unit_of_work() as session, pytest.raises(NoWindow):
        windows.needed(session, clerk_id=make_clerk(Role.FRONT_DESK))


def test_a_window_is_taken_over_from_who_left_but_not_while_somebody_is_there(task_code: str) -> None:
    gone, at = window("A01"), window("A02")
    take(task_code)
    call(at)
    assert window("A01", clerk_id=make_clerk(Role.FRONT_DESK)).id != gone.id
    with pytest.raises(WindowTaken):
        window("A02")
    with pytest.raises(SomebodyThere):
        window("A03", clerk_id=at.clerk_id)
    with pytest.raises(WindowUnknown):
        window("Q99")


def test_a_clerk_has_one_window_and_choosing_it_again_changes_nothing(task_code: str) -> None:
    del task_code
    first = window("A01")
    again, moved = window("A01", clerk_id=first.clerk_id), window("A05", clerk_id=first.clerk_id)
    with unit_of_work() as session:
        assert windows.at_window(session, centre_id="C01", window="A01") is None
        windows.leave(session, clerk_id=first.clerk_id)
        assert windows.of_clerk(session, clerk_id=first.clerk_id) is None

    assert again.id == first.id != moved.id


def test_the_expected_wait_is_told_only_when_it_is_known(task_code: str) -> None:
    at, other = window("A01"), window("A02")
    mine = [take(task_code, minutes=position - 60) for position in range(5)]
    assert seen(mine[-1]).expected_wait_minutes is None
    for _ in range(3):
        serve_out(at, call(at), minutes=10)
    with clock.stopped_at(TEN + timedelta(minutes=10)):
        assert [seen(ticket).expected_wait_minutes for ticket in mine[3:]] == [5, 10]
        with unit_of_work() as session:
            windows.leave(session, clerk_id=at.clerk_id)
            windows.leave(session, clerk_id=other.clerk_id)
        assert seen(mine[-1]).expected_wait_minutes is None


def test_who_comes_near_is_told_once_and_who_was_near_from_the_start_is_not(task_code: str) -> None:
    tickets = [take(task_code, minutes=position - 60) for position in range(7)]
    for number in (1, 2):
        called = call(window(f"A0{number}"))
        for _ in range(2):
            with unit_of_work() as session:
                subscribers.warn_next(session, TicketCalled(called, 1))

    assert [event["ticket_id"] for event in told("TicketNearlyDue")] == [tickets[4], tickets[5]]


def test_the_count_of_a_hall_is_issued_minus_the_rest(task_code: str) -> None:
    at = window("A01")
    for position in range(4):
        take(task_code, minutes=position - 60)
    serve_out(at, call(at))
    call(at)
    with unit_of_work() as session:
        police = next(group for group in queries.groups(session, centre_id="C01") if group.name == "公安")
        waiting = queries.waiting(session, centre_ids=["C01", "C03"])

    assert (police.issued, police.waiting, police.served, police.at_work) == (4, 2, 1, 1)
    assert police.next_numbers == ["A003", "A004"]
    assert waiting == {"C01": 2, "C03": 0}


def test_what_is_left_of_a_day_is_closed(task_code: str) -> None:
    waiting, serving, called = (take(task_code, minutes=-position) for position in (1, 3, 2))
    at = window("A01")
    assert call(at) == serving
    assert call(window("A02")) == called
    with unit_of_work() as session:
        calling.serve(session, at=at, ticket_id=serving)
    upkeep.end_days()
    assert state(waiting) == "waiting"
    with clock.stopped_at(TEN + timedelta(days=1)):
        upkeep.end_days()
        upkeep.end_days()

    assert [state(ticket) for ticket in (waiting, called, serving)] == ["passed", "passed", "served"]


def test_a_ticket_taken_before_closing_stays_valid_until_served(task_code: str) -> None:
    ticket_id = take(task_code, minutes=6 * 60 + 30)
    with clock.stopped_at(TEN + timedelta(hours=8)):
        assert call(window()) == ticket_id


def test_a_handed_out_number_is_called_too(task_code: str) -> None:
    del task_code
    with unit_of_work() as session:
        given = service.hand_out(session, centre_id="C01", window_group_id=group_id())

    assert call(window()) == given.id
