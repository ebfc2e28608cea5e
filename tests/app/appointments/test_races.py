from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.appointments import places, service
from app.appointments.errors import (
    AlreadyBookedThatDay,
    AppointmentOver,
    BookedElsewhereJustNow,
    SlotFull,
    TooManyThatDay,
)
from app.appointments.models import Appointment, AppointmentStatus, Slot, Visit
from app.db import POOL_SIZE, unit_of_work
from tests.app.appointments.books import book, booked, every_slot_is_right, heard, live
from tests.city_fixtures import MONDAY, make_slot, publish_items
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together

WEDNESDAY_10 = MONDAY + timedelta(days=2, hours=2)


def cancel(visit: Visit) -> Visit:
    with unit_of_work() as session:
        return service.cancel(session, citizen_id=visit.citizen_id, appointment_id=visit.id)


def move(visit: Visit, slot_id: int) -> Visit:
    with unit_of_work() as session:
        return service.reschedule(
            session, citizen_id=visit.citizen_id, appointment_id=visit.id, slot_id=slot_id
        )


def test_of_a_hundred_at_once_ten_get_the_ten_places(task_code: str) -> None:
    slot_id, citizens = make_slot(capacity=10), [make_citizen() for _ in range(100)]
    results = together(*(partial(book, citizen, slot_id, task_code) for citizen in citizens))
    assert refusals(results, SlotFull) == 90
    assert (booked(slot_id), live(slot_id)) == (10, 10)
    assert len(heard("AppointmentBooked")) == 10


def test_looking_first_and_counting_afterwards_would_oversell(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(POOL_SIZE)

    def look_then_count(session: Session, wishes: Sequence[places.Wish]) -> list[int | None]:
        (wish,) = wishes
        seen = session.execute(select(Slot.booked, Slot.capacity).where(Slot.id == wish.slot_id)).one()
        if seen.booked >= seen.capacity:
            return [None]
        meeting.wait()
        session.execute(update(Slot).where(Slot.id == wish.slot_id).values(booked=seen.booked + 1))
        made = insert(Appointment).values(
            citizen_id=wish.citizen_id,
            slot_id=wish.slot_id,
            task_code=wish.item.task_code,
            task_name=wish.item.task_name,
            day=clock.today(),
            starts_at=clock.now(),
            nth=1,
            status=AppointmentStatus.BOOKED,
            code=places.new_code(),
            created_at=clock.now(),
        )
        return [session.scalar(made.returning(Appointment))]

    monkeypatch.setattr(places, "take", look_then_count)
    slot_id, citizens = make_slot(capacity=10), [make_citizen() for _ in range(40)]
    together(*(partial(book, citizen, slot_id, task_code) for citizen in citizens))
    assert live(slot_id) > 10


def test_two_taps_for_one_item_make_one_appointment(task_code: str) -> None:
    citizen_id, slot_id = make_citizen(), make_slot(capacity=10)
    results = together(*(partial(book, citizen_id, slot_id, task_code) for _ in range(8)))
    assert refusals(results, AlreadyBookedThatDay) == 7
    assert (booked(slot_id), live(slot_id)) == (1, 1)


def test_many_items_at_once_stay_within_the_daily_limit(task_code: str) -> None:
    keys = ("id-renew", "id-temp", "hukou-birth", "hukou-spouse")
    citizen_id, codes = make_citizen(), [task_code, *publish_items(*keys)]
    slots = [make_slot(at=MONDAY + timedelta(days=1, hours=2 + position)) for position in range(5)]
    pairs = list(zip(slots, codes, strict=True))
    results = together(*(partial(book, citizen_id, slot_id, code) for slot_id, code in pairs))
    assert refusals(results, TooManyThatDay) + refusals(results, BookedElsewhereJustNow) == 3
    assert sum(live(slot_id) for slot_id in slots) == 2
    assert every_slot_is_right()


def test_cancelling_twice_at_once_gives_the_place_back_once(task_code: str) -> None:
    slot_id = make_slot(capacity=3)
    visit, _ = book(make_citizen(), slot_id, task_code), book(make_citizen(), slot_id, task_code)
    together(*(partial(cancel, visit) for _ in range(8)))
    assert (booked(slot_id), live(slot_id)) == (1, 1)
    assert heard("AppointmentCancelled") == [visit.id]


def test_without_the_condition_a_cancelled_place_would_be_given_back_twice(task_code: str) -> None:
    slot_id, meeting = make_slot(capacity=3), Meeting(2)
    visit, _ = book(make_citizen(), slot_id, task_code), book(make_citizen(), slot_id, task_code)

    def look_then_give_back() -> None:
        with unit_of_work() as session:
            if session.get_one(Appointment, visit.id).status == AppointmentStatus.BOOKED:
                meeting.wait()
                places.count(session, slot_id=slot_id, by=-1)
                session.get_one(Appointment, visit.id).status = AppointmentStatus.CANCELLED

    together(look_then_give_back, look_then_give_back)
    assert booked(slot_id) < live(slot_id)


def test_crossing_moves_neither_deadlock_nor_lose_a_place(task_code: str) -> None:
    one, other = make_slot(capacity=4), make_slot(capacity=4, at=WEDNESDAY_10)
    visits = [book(make_citizen(), slot_id, task_code) for slot_id in (one, other) * 3]
    for _ in range(5):
        results = together(*(partial(_swap, visit, {one, other}) for visit in visits))
        assert all(isinstance(result, Visit | SlotFull) for result in results)
        assert every_slot_is_right()
    assert booked(one) + booked(other) == 6


def _swap(visit: Visit, slots: set[int]) -> Visit:
    with unit_of_work() as session:
        now = session.get_one(Appointment, visit.id).slot_id
    (target,) = slots - {now}
    return move(visit, target)


def test_moving_and_cancelling_at_once_leave_the_books_right(task_code: str) -> None:
    one, other = make_slot(), make_slot(at=WEDNESDAY_10)
    for _ in range(6):
        visit = book(make_citizen(), one, task_code)
        results = together(partial(move, visit, other), partial(cancel, visit), partial(move, visit, other))
        assert refusals(results, AppointmentOver) <= 2
        assert every_slot_is_right()
    assert booked(one) == booked(other) == 0


def test_cancelling_and_booking_the_same_slot_at_once_never_deadlock(task_code: str) -> None:
    slot_id = make_slot(capacity=2)
    citizen_id = make_citizen()
    for _ in range(10):
        visit = book(citizen_id, slot_id, task_code)
        results = together(partial(cancel, visit), partial(book, citizen_id, slot_id, task_code))
        assert refusals(results, AlreadyBookedThatDay) <= 1
        assert not refusals(results, SlotFull)
        assert every_slot_is_right()
        for left in results:
            if isinstance(left, Visit) and left.id != visit.id:
                cancel(left)
    assert booked(slot_id) == 0


def test_coming_and_cancelling_at_once_end_in_one_of_both(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    with clock.stopped_at(MONDAY + timedelta(days=1)):

        def come() -> Visit:
            with unit_of_work() as session:
                return service.check_in(session, code=visit.code)

        results = together(come, partial(cancel, visit))
    assert refusals(results, AppointmentOver) == 1
    assert every_slot_is_right()


def test_opening_slots_in_parallel_makes_each_once(city: None) -> None:
    def open_slots() -> int:
        with unit_of_work() as session:
            return service.open_slots(session, days=2)

    counts = together(open_slots, open_slots, open_slots)
    assert sorted(counts)[:2] == [0, 0]  # type: ignore[type-var]
    assert counts.count(0) == 2
