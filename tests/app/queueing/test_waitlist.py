"""The waiting list: who is offered a place, for how long, and who is next."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.appointments.errors import NotAtThisCentre, SlotFull, TooLateToChange, TooManyThatDay
from app.appointments.models import AppointmentStatus
from app.db import unit_of_work
from app.queueing import upkeep, waitlist, wishes
from app.queueing.errors import (
    AlreadyOnWaitlist,
    BeforeInvalid,
    NothingOffered,
    OfferOver,
    PlaceIsFree,
    TooManyWishes,
    WaitNotFound,
    WaitOver,
)
from tests.app.queueing.halls import told
from tests.app.queueing.lists import (
    FRIDAY,
    TUESDAY_10,
    accept,
    book,
    booked,
    cancel,
    every_slot_is_right,
    full_slot,
    in_minutes,
    join,
    leave,
    move,
    state,
    wish,
)
from tests.city_fixtures import make_slot, publish_items
from tests.people_fixtures import make_citizen

WEDNESDAY_10 = TUESDAY_10 + timedelta(days=1)


def test_a_place_given_back_is_held_for_the_first_in_line_and_for_nobody_else(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    (_, first), (_, second) = join(task_code), join(task_code)
    cancel(visit)

    assert (state(first), state(second), booked(slot_id)) == ("offered", "waiting", 1)
    with pytest.raises(SlotFull):
        book(task_code, slot_id)
    offer = wish(first).offer
    assert offer is not None
    assert offer.expires_at - clock.now() == timedelta(minutes=10)
    assert told("PlaceOffered") == [{"offer_id": offer.id}]
    assert every_slot_is_right()


def test_taking_the_held_place_books_it_and_repeating_answers_the_same(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    owner, entry_id = join(task_code)
    cancel(visit)
    taken, again = accept(owner, entry_id), accept(owner, entry_id)

    assert (taken.slot_id, taken.status, again) == (slot_id, AppointmentStatus.BOOKED, taken)
    assert (state(entry_id), booked(slot_id)) == ("accepted", 1)
    assert every_slot_is_right()


def test_after_ten_minutes_it_goes_to_the_next_and_then_is_free(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    (owner, first), (_, second) = join(task_code), join(task_code)
    cancel(visit)
    with clock.stopped_at(in_minutes(10)):
        with pytest.raises(OfferOver):
            accept(owner, first)
        upkeep.keep_waitlist()
        upkeep.keep_waitlist()
        assert (state(first), state(second), booked(slot_id)) == ("waiting", "offered", 1)
        with pytest.raises(OfferOver):
            accept(owner, first)
        with clock.stopped_at(in_minutes(10)):
            upkeep.keep_waitlist()

    assert (state(first), state(second), booked(slot_id)) == ("waiting", "waiting", 0)
    assert every_slot_is_right()


def test_whoever_let_one_go_by_stands_behind(task_code: str) -> None:
    _, (one,) = full_slot(task_code)
    other, (two,) = full_slot(task_code, at=WEDNESDAY_10)
    (_, first), (_, second) = join(task_code), join(task_code)
    cancel(one)
    with clock.stopped_at(in_minutes(10)):
        upkeep.keep_waitlist()
        with clock.stopped_at(in_minutes(10)):
            upkeep.keep_waitlist()
            fresh = make_citizen()
            with unit_of_work() as session:
                session.execute(text("UPDATE slots SET booked = capacity WHERE booked = 0"))
            _, third = join(task_code, citizen_id=fresh)
            cancel(two)

    held = wish(third).slot
    assert held is not None
    assert (held.id, state(first), state(second)) == (other, "waiting", "waiting")


def test_before_any_offer_there_is_nothing_to_take(task_code: str) -> None:
    full_slot(task_code)
    owner, entry_id = join(task_code)

    with pytest.raises(NothingOffered):
        accept(owner, entry_id)


def test_leaving_gives_the_held_place_to_the_next(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    (owner, first), (_, second) = join(task_code), join(task_code)
    cancel(visit)
    leave(owner, first)
    leave(owner, first)

    assert (state(first), state(second), booked(slot_id)) == ("cancelled", "offered", 1)
    with pytest.raises(WaitOver):
        accept(owner, first)


def test_a_place_from_which_somebody_moved_away_is_offered_too(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    later = make_slot(at=FRIDAY + timedelta(hours=2))
    _, entry_id = join(task_code)
    move(visit, later)

    assert (state(entry_id), booked(slot_id), booked(later)) == ("offered", 1, 1)
    assert every_slot_is_right()


def test_a_later_appointment_moves_to_the_held_place_and_its_own_is_offered_on(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    owner = make_citizen()
    later_slot, _ = full_slot(task_code, at=WEDNESDAY_10, capacity=1)
    own_slot = make_slot(at=FRIDAY - timedelta(hours=14), capacity=1)
    mine = book(task_code, own_slot, citizen_id=owner)
    (_, first), (_, second) = join(task_code, citizen_id=owner), join(task_code)
    cancel(visit)
    taken = accept(owner, first)

    assert (taken.id, taken.slot_id) == (mine.id, slot_id)
    offered = wish(second).slot
    assert offered is not None
    assert offered.id == own_slot != later_slot
    assert every_slot_is_right()


def test_a_place_on_the_day_of_the_later_appointment_can_be_taken(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    owner = make_citizen()
    mine = book(task_code, make_slot(at=TUESDAY_10 + timedelta(hours=5)), citizen_id=owner)
    _, entry_id = join(task_code, citizen_id=owner, before=mine.starts_at)
    cancel(visit)

    assert accept(owner, entry_id).slot_id == slot_id
    assert every_slot_is_right()


def test_who_gains_nothing_or_could_not_come_is_stepped_over(task_code: str) -> None:
    _, (visit,) = full_slot(task_code, at=WEDNESDAY_10)
    earlier, busy = make_citizen(), make_citizen()
    (_, first), (_, second), (_, third) = (
        join(task_code, citizen_id=earlier),
        join(task_code, citizen_id=busy),
        join(task_code),
    )
    book(task_code, make_slot(), citizen_id=earlier)
    for hour, key in ((3, "id-renew"), (4, "id-temp")):
        (other,) = publish_items(key)
        book(other, make_slot(at=WEDNESDAY_10 + timedelta(hours=hour)), citizen_id=busy)
    cancel(visit)

    assert [state(entry) for entry in (first, second, third)] == ["waiting", "waiting", "offered"]


def test_a_place_too_late_or_after_the_wish_is_not_offered(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code, at=WEDNESDAY_10)
    soon_slot, (soon,) = full_slot(task_code, at=in_minutes(125))
    _, early = join(task_code, before=TUESDAY_10)
    cancel(visit)
    assert state(early) == "waiting"
    with clock.stopped_at(in_minutes(90)):
        with unit_of_work() as session:
            assert wishes.slots_to_offer(session, held_for=timedelta(minutes=10), limit=9) == []
        with pytest.raises(TooLateToChange):
            cancel(soon)

    assert (booked(slot_id), booked(soon_slot)) == (0, 1)


def test_what_came_free_by_another_way_is_offered_by_the_job(task_code: str) -> None:
    full_slot(task_code)
    _, entry_id = join(task_code)
    opened = make_slot(at=WEDNESDAY_10, capacity=3)
    upkeep.keep_waitlist()
    upkeep.keep_waitlist()

    assert (state(entry_id), booked(opened)) == ("offered", 1)
    assert every_slot_is_right()


def test_a_wish_ends_when_its_time_is_near(task_code: str) -> None:
    full_slot(task_code)
    owner, entry_id = join(task_code, before=in_minutes(60))
    with clock.stopped_at(in_minutes(30)):
        upkeep.keep_waitlist()

    assert state(entry_id) == "expired"
    with pytest.raises(WaitOver):
        accept(owner, entry_id)


def test_where_a_place_is_free_nobody_waits(task_code: str) -> None:
    make_slot()
    with pytest.raises(PlaceIsFree) as refused:
        join(task_code)

    assert "11月17日10:00" in refused.value.sentence


def test_one_wish_for_one_item_and_three_at_most(task_code: str) -> None:
    full_slot(task_code)
    owner, _ = join(task_code)
    with pytest.raises(AlreadyOnWaitlist):
        join(task_code, citizen_id=owner)
    for code in publish_items("id-renew", "id-temp"):
        join(code, citizen_id=owner)
    (fourth,) = publish_items("hukou-birth")
    with pytest.raises(TooManyWishes):
        join(fourth, citizen_id=owner)


@pytest.mark.parametrize("days", [-1, 0, 40])
def test_a_moment_that_is_past_or_too_far_is_refused(task_code: str, days: int) -> None:
    with pytest.raises(BeforeInvalid):
        join(task_code, before=clock.now() + timedelta(days=days))


def test_a_hall_that_does_not_handle_the_item_has_no_list(city: None) -> None:
    del city
    (elsewhere,) = publish_items("maternity")
    with pytest.raises(NotAtThisCentre), unit_of_work() as session:
        waitlist.join(session, citizen_id=1, centre_id="C02", task_code=elsewhere, before=FRIDAY)


def test_another_citizens_wish_is_not_found(task_code: str) -> None:
    _, (visit,) = full_slot(task_code)
    _, entry_id = join(task_code)
    cancel(visit)
    for step in (accept, leave):
        with pytest.raises(WaitNotFound):
            step(make_citizen(), entry_id)

    assert state(entry_id) == "offered"


def test_a_refused_booking_leaves_the_place_held(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    owner, entry_id = join(task_code)
    cancel(visit)
    for hour, key in ((3, "id-renew"), (4, "id-temp")):
        (other,) = publish_items(key)
        book(other, make_slot(at=TUESDAY_10 + timedelta(hours=hour)), citizen_id=owner)
    with pytest.raises(TooManyThatDay):
        accept(owner, entry_id)

    assert (state(entry_id), booked(slot_id)) == ("offered", 1)
    assert every_slot_is_right()


def test_one_place_that_the_database_refuses_holds_up_no_other(task_code: str) -> None:
    broken, (one,) = full_slot(task_code)
    other, (two,) = full_slot(task_code, at=WEDNESDAY_10)
    join(task_code), join(task_code)
    cancel(one), cancel(two)
    with unit_of_work() as session:
        session.execute(text(f"UPDATE slots SET booked = 0 WHERE id = {broken}"))
    with clock.stopped_at(in_minutes(10)):
        upkeep.keep_waitlist()

    assert booked(other) == 0
