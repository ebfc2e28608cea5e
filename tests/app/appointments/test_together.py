from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text

from app import crowds, idempotency
from app.appointments import service, together
from app.appointments.models import Visit
from app.appointments.together import Tap
from app.crowds import Crowd
from app.db import engine, unit_of_work
from app.idempotency import Answer, Claim
from app.people import service as people
from tests.app.appointments.books import booked, every_slot_is_right, heard, live
from tests.city_fixtures import MONDAY, make_slot, publish_items
from tests.crowding import Gate
from tests.people_fixtures import make_citizen
from tests.races import together as at_once

Render = Callable[[Visit], bytes]


def code_of(visit: Visit) -> bytes:
    return visit.code.encode()


def tap(
    citizen_id: int,
    slot_id: int,
    task_code: str,
    *,
    key: str = "key-00000001",
    centre_id: str = "C01",
    render: Render = code_of,
) -> Tap:
    claim = Claim(f"citizen:{citizen_id}", "POST /appointments", key, b"the same body")
    return Tap(
        claim=claim,
        citizen_id=citizen_id,
        centre_id=centre_id,
        slot_id=slot_id,
        task_code=task_code,
        visitor=None,
        note=None,
        render=render,
    )


def new_crowd() -> Crowd[Tap]:
    """Nobody is there yet."""
    return Crowd(together.book)


def gate(crowd: Crowd[Tap], waiting: int) -> Gate:
    return Gate(crowd, waiting=waiting, render=code_of)


def transactions() -> int:
    """How many transactions wrote the appointments that are there."""
    with engine().connect() as connection:
        return connection.scalar(text("SELECT count(DISTINCT xmin::text) FROM appointments")) or 0


def test_a_tap_alone_is_booked_at_once_and_its_answer_kept(task_code: str) -> None:
    citizen_id, slot_id = make_citizen(), make_slot()
    one = tap(citizen_id, slot_id, task_code)
    answer = new_crowd().join(one)
    with unit_of_work() as session:
        assert idempotency.begin(session, one.claim) == answer
    assert (booked(slot_id), live(slot_id), len(heard("AppointmentBooked"))) == (1, 1, 1)


def test_those_who_come_while_one_books_are_booked_together(task_code: str) -> None:
    crowd, slot_id = new_crowd(), make_slot(capacity=20)
    held = gate(crowd, waiting=9)
    taps = [tap(make_citizen(), slot_id, task_code, render=held) for _ in range(10)]
    answers = at_once(*(partial(crowd.join, one) for one in taps))
    assert len({answer.body for answer in answers if isinstance(answer, Answer)}) == 10
    assert transactions() == 2  # the first one, and all who queued behind
    assert (booked(slot_id), live(slot_id), len(heard("AppointmentBooked"))) == (10, 10, 10)


def test_of_many_together_only_so_many_are_booked_as_there_are_places(task_code: str) -> None:
    crowd, slot_id = new_crowd(), make_slot(capacity=5)
    held = gate(crowd, waiting=19)
    taps = [tap(make_citizen(), slot_id, task_code, render=held) for _ in range(20)]
    answers = at_once(*(partial(crowd.join, one) for one in taps))
    assert answers.count(None) == 15
    assert (booked(slot_id), live(slot_id)) == (5, 5)


def test_two_crowds_never_share_a_place(task_code: str) -> None:
    crowds, slot_id = [new_crowd(), new_crowd(), new_crowd()], make_slot(capacity=10)
    taps = [tap(make_citizen(), slot_id, task_code) for _ in range(60)]
    answers = at_once(*(partial(crowds[number % 3].join, one) for number, one in enumerate(taps)))
    assert answers.count(None) == 50
    assert (booked(slot_id), live(slot_id)) == (10, 10)


def test_two_taps_of_one_citizen_are_never_in_one_batch(task_code: str) -> None:
    crowd, slot_id, citizen_id = new_crowd(), make_slot(capacity=20), make_citizen()
    held = gate(crowd, waiting=3)
    taps = [tap(citizen_id, slot_id, task_code, key=f"key-0000000{n}", render=held) for n in range(4)]
    answers = at_once(*(partial(crowd.join, one) for one in taps))
    assert answers.count(None) == 3
    assert (booked(slot_id), live(slot_id)) == (1, 1)


def test_the_same_tap_twice_at_once_is_booked_once(task_code: str) -> None:
    crowd, slot_id, citizen_id = new_crowd(), make_slot(), make_citizen()
    held = gate(crowd, waiting=1)
    answers = at_once(
        *(partial(crowd.join, tap(citizen_id, slot_id, task_code, render=held)) for _ in range(2))
    )
    assert answers.count(None) == 1
    assert booked(slot_id) == 1


def test_who_cannot_be_served_goes_alone_and_holds_nobody_up(task_code: str) -> None:
    crowd, slot_id = new_crowd(), make_slot(capacity=20)
    full = make_slot(capacity=0, at=MONDAY.replace(hour=15))
    (unbookable,) = publish_items("proj-record")
    held = gate(crowd, waiting=5)
    taps = [
        tap(make_citizen(), slot_id, task_code, render=held),
        tap(make_citizen(), full, task_code, render=held),
        tap(make_citizen(), slot_id, unbookable, render=held),
        tap(make_citizen(), slot_id, "9" * 31, render=held),
        tap(make_citizen(), slot_id, task_code, centre_id="C99", render=held),
        tap(make_citizen(), 999_999, task_code, render=held),
    ]
    answers = at_once(*(partial(crowd.join, one) for one in taps))
    assert answers.count(None) == 5
    assert (booked(slot_id), live(slot_id)) == (1, 1)


def test_a_fault_of_one_leaves_nobody_waiting_and_nothing_half_done(task_code: str) -> None:
    crowd, slot_id = new_crowd(), make_slot(capacity=20)

    def broken(_: Visit) -> bytes:
        raise ZeroDivisionError

    assert crowd.join(tap(make_citizen(), slot_id, task_code, render=broken)) is None
    assert (booked(slot_id), live(slot_id)) == (0, 0)
    assert crowd.join(tap(make_citizen(), slot_id, task_code)) is not None
    assert every_slot_is_right()


def test_who_loses_patience_leaves_the_queue(task_code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd, slot_id = new_crowd(), make_slot()
    monkeypatch.setattr(crowds, "_PATIENCE_S", 0.01)
    crowd._led = True  # somebody leads and does not come back
    assert crowd.join(tap(make_citizen(), slot_id, task_code)) is None
    assert not crowd._waiting
    assert booked(slot_id) == 0


def test_alone_and_together_meet_the_same_limits(task_code: str) -> None:
    citizen_id = make_citizen()
    first, second = make_slot(), make_slot(at=MONDAY.replace(day=17, hour=15))
    with unit_of_work() as session:
        service.book(session, citizen_id=citizen_id, centre_id="C01", slot_id=first, task_code=task_code)
    assert new_crowd().join(tap(citizen_id, second, task_code)) is None
    assert booked(second) == 0


def test_who_lives_in_another_district_goes_alone_and_the_others_are_booked(city: None) -> None:
    del city
    crowd, slot_id = new_crowd(), make_slot(capacity=20, centre_id="C06")
    (own_district,) = publish_items("res-permit")
    stranger, neighbour = make_citizen(), make_citizen()
    with unit_of_work() as session:
        people.change_preferences(session, citizen_id=stranger, changes={"district": "350102"})
        people.change_preferences(session, citizen_id=neighbour, changes={"district": "350112"})
    held = gate(crowd, waiting=1)
    taps = [tap(who, slot_id, own_district, centre_id="C06", render=held) for who in (neighbour, stranger)]
    answers = at_once(*(partial(crowd.join, one) for one in taps))
    assert [answer is None for answer in answers] == [False, True]
    assert booked(slot_id) == 1
