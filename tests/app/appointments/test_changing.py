from datetime import timedelta

import pytest

from app import clock
from app.appointments import queries, service
from app.appointments.errors import (
    AlreadyBookedThatDay,
    AppointmentNotFound,
    AppointmentOver,
    NotAtThisCentre,
    SlotFull,
    SlotNotFound,
    TooEarlyToCheckIn,
    TooLateToBook,
    TooLateToChange,
    TooLateToCheckIn,
    TooManyThatDay,
)
from app.appointments.models import AppointmentStatus, Visit
from app.db import unit_of_work
from tests.app.appointments.books import book, booked, every_slot_is_right, heard
from tests.city_fixtures import MONDAY, make_slot, publish_items
from tests.people_fixtures import make_citizen

TUESDAY_10 = MONDAY + timedelta(days=1, hours=2)


def cancel(visit: Visit) -> Visit:
    with unit_of_work() as session:
        return service.cancel(session, citizen_id=visit.citizen_id, appointment_id=visit.id)


def move(visit: Visit, slot_id: int) -> Visit:
    with unit_of_work() as session:
        return service.reschedule(
            session, citizen_id=visit.citizen_id, appointment_id=visit.id, slot_id=slot_id
        )


def check_in(code: str) -> Visit:
    with unit_of_work() as session:
        return service.check_in(session, code=code)


def test_cancelling_gives_the_place_back_once(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(capacity=1), task_code)
    assert [cancel(visit).status, cancel(visit).status] == [AppointmentStatus.CANCELLED] * 2
    assert booked(visit.slot_id) == 0
    assert heard("AppointmentCancelled") == [visit.id]


def test_after_cancelling_the_item_can_be_booked_again_that_day(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(capacity=1), task_code)
    cancel(visit)
    assert book(visit.citizen_id, visit.slot_id, task_code).id != visit.id


def test_two_hours_before_it_is_too_late_to_change(task_code: str) -> None:
    visit, other = book(make_citizen(), make_slot(), task_code), make_slot(at=MONDAY + timedelta(days=2))
    with clock.stopped_at(TUESDAY_10 - timedelta(minutes=119)):
        with pytest.raises(TooLateToChange):
            cancel(visit)
        with pytest.raises(TooLateToChange):
            move(visit, other)
    with clock.stopped_at(TUESDAY_10 - timedelta(minutes=120)):
        assert cancel(visit).status == AppointmentStatus.CANCELLED


def test_moving_keeps_the_code_and_takes_the_new_place(task_code: str) -> None:
    visit, new = book(make_citizen(), make_slot(), task_code), make_slot(at=MONDAY + timedelta(days=2))
    moved = move(visit, new)
    assert (moved.code, moved.slot_id) == (visit.code, new)
    assert (booked(visit.slot_id), booked(new)) == (0, 1)
    assert heard("AppointmentRescheduled") == [visit.id]


def test_moving_to_a_full_slot_keeps_the_old_place(task_code: str) -> None:
    full = make_slot(capacity=1, at=MONDAY + timedelta(days=2))
    book(make_citizen(), full, task_code)
    visit = book(make_citizen(), make_slot(), task_code)
    with pytest.raises(SlotFull):
        move(visit, full)
    assert (booked(visit.slot_id), booked(full)) == (1, 1)
    assert every_slot_is_right()


def test_moving_to_the_same_slot_changes_nothing(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(capacity=1), task_code)
    assert move(visit, visit.slot_id) == visit
    assert heard("AppointmentRescheduled") == []


def test_moving_within_a_day_or_to_another_hall_is_allowed(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    same_day = move(visit, make_slot(at=TUESDAY_10 + timedelta(hours=1)))
    elsewhere = move(same_day, make_slot(centre_id="C03"))
    assert elsewhere.centre_id == "C03"
    assert every_slot_is_right()


def test_moving_keeps_every_rule_of_booking(task_code: str) -> None:
    citizen_id, (second, third) = make_citizen(), publish_items("id-renew", "hukou-birth")
    visit = book(citizen_id, make_slot(), task_code)
    wednesday = [make_slot(at=MONDAY + timedelta(days=2, hours=hour)) for hour in (2, 3, 4)]
    book(citizen_id, wednesday[0], second)
    book(citizen_id, wednesday[1], third)
    with pytest.raises(TooManyThatDay):
        move(visit, wednesday[2])
    with pytest.raises(NotAtThisCentre):
        move(visit, make_slot(field="税务"))
    with pytest.raises(SlotNotFound):
        move(visit, 999_999)
    with pytest.raises(TooLateToBook):
        move(visit, make_slot(at=MONDAY))
    assert every_slot_is_right()


def test_moving_onto_a_day_with_the_same_item_is_refused(task_code: str) -> None:
    citizen_id = make_citizen()
    visit = book(citizen_id, make_slot(), task_code)
    book(citizen_id, make_slot(at=MONDAY + timedelta(days=2)), task_code)
    with pytest.raises(AlreadyBookedThatDay):
        move(visit, make_slot(at=MONDAY + timedelta(days=2, hours=3)))


def test_what_is_cancelled_cannot_be_moved_or_checked_in(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    cancel(visit)
    with pytest.raises(AppointmentOver):
        move(visit, make_slot(at=MONDAY + timedelta(days=2)))
    with clock.stopped_at(TUESDAY_10), pytest.raises(AppointmentOver):
        check_in(visit.code)


def test_coming_is_noted_once(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    with clock.stopped_at(TUESDAY_10):
        assert [check_in(visit.code).status, check_in(visit.code).status] == ["checked_in", "checked_in"]
    assert heard("AppointmentCheckedIn") == [visit.id]
    assert booked(visit.slot_id) == 1
    with pytest.raises(AppointmentOver):
        cancel(visit)


def test_coming_the_day_before_is_too_early_and_after_the_grace_too_late(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    with pytest.raises(TooEarlyToCheckIn):
        check_in(visit.code)
    with clock.stopped_at(TUESDAY_10 + timedelta(minutes=15, seconds=1)), pytest.raises(TooLateToCheckIn):
        check_in(visit.code)
    with clock.stopped_at(TUESDAY_10 + timedelta(minutes=15)):
        assert check_in(visit.code).status == AppointmentStatus.CHECKED_IN


def test_an_unknown_code_is_not_found(task_code: str) -> None:
    with pytest.raises(AppointmentNotFound):
        check_in("0" * 22)


def test_the_facts_for_a_message_are_those_of_the_visit(task_code: str) -> None:
    visit = book(make_citizen(), make_slot(), task_code)
    with unit_of_work() as session:
        facts = queries.facts(session, appointment_id=visit.id)
    assert (facts.citizen_id, facts.code, facts.status) == (visit.citizen_id, visit.code, "booked")
    assert (facts.task_name, facts.centre_name) == (visit.task_name, visit.centre_name)
