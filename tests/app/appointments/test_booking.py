import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.appointments import places, queries, service
from app.appointments.errors import (
    AlreadyBookedThatDay,
    AppointmentNotFound,
    NotAtThisCentre,
    NotBookable,
    SlotFull,
    SlotNotFound,
    TooLateToBook,
    TooManyThatDay,
)
from app.appointments.models import LIVE, Appointment
from app.catalogue.errors import GuideNotFound
from app.db import engine, unit_of_work
from tests.app.appointments.books import book, booked, heard, live
from tests.city_fixtures import MONDAY, make_slot, publish_items
from tests.people_fixtures import make_citizen


def test_a_booking_takes_one_place_and_is_told_once(task_code: str) -> None:
    slot_id = make_slot(capacity=3)
    visit = book(make_citizen(), slot_id, task_code)
    assert (booked(slot_id), live(slot_id)) == (1, 1)
    assert heard("AppointmentBooked") == [visit.id]


def test_what_booking_answers_is_what_is_stored(task_code: str) -> None:
    citizen_id = make_citizen()
    visit = book(citizen_id, make_slot(), task_code)
    with unit_of_work() as session:
        assert queries.visit(session, citizen_id=citizen_id, appointment_id=visit.id) == visit
        assert queries.by_code(session, code=visit.code) == visit


def test_a_code_is_22_characters_of_base_62_and_none_comes_twice() -> None:
    codes = {places.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(re.fullmatch(r"[0-9A-Za-z]{22}", code) for code in codes)
    assert len(set("".join(codes))) == 62


def test_the_last_place_goes_to_one_citizen(task_code: str) -> None:
    slot_id = make_slot(capacity=1)
    book(make_citizen(), slot_id, task_code)
    with pytest.raises(SlotFull):
        book(make_citizen(), slot_id, task_code)
    assert (booked(slot_id), live(slot_id)) == (1, 1)


def test_the_same_item_is_booked_once_a_day(task_code: str) -> None:
    citizen_id, later = make_citizen(), make_slot(at=MONDAY + timedelta(days=1, hours=3))
    book(citizen_id, make_slot(), task_code)
    with pytest.raises(AlreadyBookedThatDay):
        book(citizen_id, later, task_code)
    assert booked(later) == 0


def test_a_third_item_on_one_day_is_too_many(task_code: str) -> None:
    citizen_id, others = make_citizen(), publish_items("id-renew", "hukou-birth")
    slots = [make_slot(at=MONDAY + timedelta(days=1, hours=hour)) for hour in (2, 3, 4)]
    book(citizen_id, slots[0], task_code)
    book(citizen_id, slots[1], others[0])
    with pytest.raises(TooManyThatDay):
        book(citizen_id, slots[2], others[1])
    next_day = make_slot(at=MONDAY + timedelta(days=2, hours=2))
    assert book(citizen_id, next_day, others[1]).slot_id == next_day


def test_a_slot_that_begins_within_half_an_hour_is_too_late(task_code: str) -> None:
    slot_id = make_slot()
    with clock.stopped_at(MONDAY + timedelta(days=1, hours=1, minutes=31)), pytest.raises(TooLateToBook):
        book(make_citizen(), slot_id, task_code)
    with clock.stopped_at(MONDAY + timedelta(days=1, hours=1, minutes=30)):
        assert book(make_citizen(), slot_id, task_code).slot_id == slot_id


def test_an_item_is_only_taken_by_its_own_windows_and_halls(task_code: str) -> None:
    citizen_id = make_citizen()
    with pytest.raises(NotAtThisCentre):
        book(citizen_id, make_slot(field="税务"), task_code)
    with pytest.raises(NotAtThisCentre):
        book(citizen_id, make_slot(), task_code, centre_id="C03")  # the slot is in C01
    with pytest.raises(NotAtThisCentre):
        book(citizen_id, make_slot(at=MONDAY + timedelta(days=3)), task_code, centre_id="C99")


def test_a_weekend_slot_takes_only_what_is_on_shift(task_code: str) -> None:
    saturday = make_slot(at=MONDAY + timedelta(days=5, hours=2), centre_id="C07", field="综合受理")
    with engine().begin() as connection:
        connection.execute(text("UPDATE slots SET shift = true WHERE id = :id"), {"id": saturday})
    with pytest.raises(NotAtThisCentre):
        book(make_citizen(), saturday, task_code, centre_id="C07")


def test_an_item_without_appointments_and_unknown_things_are_refused(task_code: str) -> None:
    citizen_id, slot_id = make_citizen(), make_slot()
    (unbookable,) = publish_items("proj-record")
    with pytest.raises(NotBookable):
        book(citizen_id, slot_id, unbookable)
    with pytest.raises(GuideNotFound):
        book(citizen_id, slot_id, "9" * 31)
    with pytest.raises(SlotNotFound):
        book(citizen_id, 999_999, task_code)


def test_a_failed_unit_of_work_gives_the_place_back(task_code: str) -> None:
    slot_id, citizen_id = make_slot(), make_citizen()
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        service.book(session, citizen_id=citizen_id, centre_id="C01", slot_id=slot_id, task_code=task_code)
        raise ZeroDivisionError
    assert (booked(slot_id), live(slot_id), heard("AppointmentBooked")) == (0, 0, [])


def test_names_and_notes_are_not_readable_in_the_database(task_code: str) -> None:
    slot_id, citizen_id = make_slot(), make_citizen()
    with unit_of_work() as session:
        visit = service.book(
            session,
            citizen_id=citizen_id,
            centre_id="C01",
            slot_id=slot_id,
            task_code=task_code,
            visitor="王小明",
            note="需要轮椅",
        )
    with engine().begin() as connection:
        stored = connection.execute(text("SELECT visitor, note FROM appointments")).one()
    assert "王小明".encode() not in bytes(stored.visitor)
    assert "需要轮椅".encode() not in bytes(stored.note)
    with unit_of_work() as session:
        found = queries.visit(session, citizen_id=citizen_id, appointment_id=visit.id)
    assert (found.visitor, found.note) == ("王小明", "需要轮椅")


def test_somebody_elses_appointment_is_not_found(task_code: str) -> None:
    visit, stranger = book(make_citizen(), make_slot(), task_code), make_citizen()
    for call in (queries.visit, service.cancel):
        with unit_of_work() as session, pytest.raises(AppointmentNotFound):
            call(session, citizen_id=stranger, appointment_id=visit.id)
    with unit_of_work() as session, pytest.raises(AppointmentNotFound):
        service.reschedule(session, citizen_id=stranger, appointment_id=visit.id, slot_id=visit.slot_id)


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE slots SET booked = capacity + 1",
        "UPDATE slots SET booked = -1",
        "UPDATE appointments SET nth = 1, task_code = 'x'",
        "UPDATE appointments SET task_code = 'x'",
    ],
)
def test_the_database_itself_refuses_what_must_not_be(task_code: str, wrong: str) -> None:
    citizen_id = make_citizen()
    book(citizen_id, make_slot(), task_code)
    book(citizen_id, make_slot(at=MONDAY + timedelta(days=1, hours=3)), publish_items("id-renew")[0])
    with pytest.raises(IntegrityError), engine().begin() as connection:
        connection.execute(text(wrong))


def test_the_statement_and_the_indexes_mean_the_same_live_states() -> None:
    words = ", ".join(f"'{status}'" for status in LIVE)
    predicates = {
        str(index.dialect_options["postgresql"]["where"])
        for index in Appointment.__table__.indexes  # type: ignore[attr-defined]
        if index.dialect_options["postgresql"]["where"] is not None
    }
    assert predicates == {f"status IN ({words})"}
    assert f"status IN ({words})" in str(places._TAKE)


def test_a_list_of_visits_is_one_statement_and_goes_on_where_it_stopped(task_code: str) -> None:
    citizen_id = make_citizen()
    days = [
        book(citizen_id, make_slot(at=MONDAY + timedelta(days=day, hours=2)), task_code).id
        for day in (1, 2, 3)
    ]
    with unit_of_work() as session:
        first = queries.of_citizen(session, citizen_id=citizen_id, limit=2)
        rest = queries.of_citizen(session, citizen_id=citizen_id, before_id=first[-1].id, limit=2)
    assert [visit.id for visit in (*first, *rest)] == days[::-1]
