"""The waiting list at the same moment, with real threads: nothing is oversold, nothing offered twice."""

from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.appointments import places
from app.appointments import service as appointments
from app.appointments.errors import SlotFull
from app.appointments.models import Visit
from app.db import unit_of_work
from app.queueing import upkeep, waitlist
from app.queueing.errors import AlreadyOnWaitlist, TooManyWishes
from app.queueing.models import OfferState
from app.queueing.waitlist import Held
from tests.app.queueing.lists import (
    accept,
    book,
    booked,
    cancel,
    every_slot_is_right,
    full_slot,
    in_minutes,
    join,
    leave,
    state,
)
from tests.city_fixtures import publish_items
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together


def test_nobody_books_a_place_between_giving_back_and_offering(task_code: str) -> None:
    for _ in range(5):
        slot_id, (visit,) = full_slot(task_code, at=in_minutes(24 * 60 + 30 * _))
        _, entry_id = join(task_code)
        booking = [partial(book, task_code, slot_id, citizen_id=make_citizen()) for _ in range(3)]
        results = together(partial(cancel, visit), *booking)

        assert refusals(results, SlotFull) == 3
        assert state(entry_id) == "offered"
        assert every_slot_is_right()


def test_offering_only_after_the_commit_would_lose_the_place(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    _, entry_id = join(task_code)
    with unit_of_work() as session:
        appointments.cancel(session, citizen_id=visit.citizen_id, appointment_id=visit.id)
    book(task_code, slot_id)
    upkeep.keep_waitlist()

    assert state(entry_id) == "waiting"


def test_several_places_given_back_at_once_go_to_different_people(task_code: str) -> None:
    slot_id, visits = full_slot(task_code, capacity=4)
    entries = [join(task_code)[1] for _ in range(5)]
    together(*(partial(cancel, visit) for visit in visits))

    assert [state(entry) for entry in entries] == ["offered"] * 4 + ["waiting"]
    assert booked(slot_id) == 4
    assert every_slot_is_right()


def test_the_job_run_by_several_at_once_passes_each_place_on_once(task_code: str) -> None:
    slot_id, visits = full_slot(task_code, capacity=3)
    entries = [join(task_code)[1] for _ in range(6)]
    for visit in visits:
        cancel(visit)
    with clock.stopped_at(in_minutes(10)):
        together(*[upkeep.keep_waitlist] * 4)

    assert [state(entry) for entry in entries] == ["waiting"] * 3 + ["offered"] * 3
    assert booked(slot_id) == 3
    assert every_slot_is_right()


def test_without_the_condition_a_held_place_would_be_given_back_twice(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot_id, visits = full_slot(task_code, capacity=3)
    join(task_code)
    cancel(visits[0])
    meeting = Meeting(2)
    monkeypatch.setattr(places, "lock", lambda *_: {})

    def look_then_end(session: Session, held: Held, *, state: OfferState, unexpired: bool = False) -> bool:
        del session, held, state, unexpired
        meeting.wait()
        return True

    monkeypatch.setattr(waitlist, "_end_offer", look_then_end)
    with clock.stopped_at(in_minutes(10)):
        together(upkeep.keep_waitlist, upkeep.keep_waitlist)
    assert booked(slot_id) < 2


def test_taking_and_passing_on_at_once_end_in_one_of_both(task_code: str) -> None:
    for turn in range(4):
        slot_id, (visit,) = full_slot(task_code, at=in_minutes(24 * 60 + 30 * turn))
        owner, entry_id = join(task_code)
        cancel(visit)
        together(partial(accept, owner, entry_id), partial(leave, owner, entry_id))

        assert booked(slot_id) == (1 if state(entry_id) == "accepted" else 0)
        assert every_slot_is_right()
        if not booked(slot_id):
            book(task_code, slot_id)


def test_who_leaves_in_the_moment_of_an_offer_keeps_no_place(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot_id, (visit,) = full_slot(task_code)
    (owner, first), (_, second) = join(task_code), join(task_code)
    look, offers = waitlist._held, [Thread(target=cancel, args=[visit])]

    def look_then_be_offered(session: Session, *which: object) -> Held | None:
        held = look(session, *which)
        while offers:
            offer = offers.pop()
            offer.start()
            offer.join()
        return held

    monkeypatch.setattr(waitlist, "_held", look_then_be_offered)
    leave(owner, first)
    assert (state(first), state(second), booked(slot_id)) == ("cancelled", "offered", 1)
    assert every_slot_is_right()


def test_leaving_and_being_offered_at_once_leave_nothing_held(task_code: str) -> None:
    for turn in range(5):
        slot_id, (visit,) = full_slot(task_code, at=in_minutes(24 * 60 + 30 * turn))
        owner, entry_id = join(task_code)
        together(partial(cancel, visit), partial(leave, owner, entry_id), upkeep.keep_waitlist)
        upkeep.keep_waitlist()

        assert (state(entry_id), booked(slot_id)) == ("cancelled", 0)
        book(task_code, slot_id)


def test_two_taps_take_the_place_once(task_code: str) -> None:
    slot_id, (visit,) = full_slot(task_code)
    owner, entry_id = join(task_code)
    cancel(visit)
    results = together(*[partial(accept, owner, entry_id)] * 4)

    assert results == [results[0]] * 4
    assert isinstance(results[0], Visit)
    assert booked(slot_id) == 1
    assert every_slot_is_right()


def test_a_second_tap_that_comes_a_moment_late_answers_the_same(
    task_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (visit,) = full_slot(task_code)
    owner, entry_id = join(task_code)
    cancel(visit)
    look, taps = waitlist._held, [Thread(target=accept, args=[owner, entry_id])]

    def be_overtaken_then_look(session: Session, *which: object) -> Held | None:
        while taps:
            first = taps.pop()
            first.start()
            first.join()
        return look(session, *which)

    monkeypatch.setattr(waitlist, "_held", be_overtaken_then_look)
    assert accept(owner, entry_id).status == "booked"


def test_many_wishes_at_once_stay_within_the_limit(task_code: str) -> None:
    full_slot(task_code, at=in_minutes(24 * 60) + timedelta(minutes=30))
    owner = make_citizen()
    codes = [task_code, *publish_items("id-renew", "id-temp", "hukou-birth", "hukou-spouse")]
    results = together(*(partial(join, code, citizen_id=owner) for code in codes))
    twice = together(*[partial(join, codes[0])] * 2)

    assert refusals(results, TooManyWishes) == 2
    assert refusals(twice, AlreadyOnWaitlist) == 0
