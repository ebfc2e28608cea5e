from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.appointments import queries, service
from app.appointments.errors import NotAtThisCentre
from app.appointments.models import Slot
from app.appointments.queries import OpenSlot
from app.appointments.upkeep import open_more_slots
from app.centres import service as centres
from app.centres.models import WindowGroup
from app.db import unit_of_work
from tests.app.appointments.books import book
from tests.city_fixtures import MONDAY, document, make_slot, publish_items
from tests.people_fixtures import make_citizen

SATURDAY = date(2026, 11, 21)


def open_slots(*, days: int | None = None) -> int:
    with unit_of_work() as session:
        return service.open_slots(session, days=days)


def slots_of(centre_id: str, field: str) -> list[Slot]:
    with unit_of_work() as session:
        return list(
            session.scalars(
                select(Slot)
                .join(WindowGroup, WindowGroup.id == Slot.window_group_id)
                .where(Slot.centre_id == centre_id, WindowGroup.name == field)
                .order_by(Slot.starts_at)
            )
        )


def test_seven_working_days_are_opened_in_half_hours(city: None) -> None:
    open_slots()
    by_day = Counter(slot.day for slot in slots_of("C04", "公安"))
    assert list(by_day.values()) == [16] * 7  # 09:00 to 17:00, no Saturday in C04
    assert max(by_day) == date(2026, 11, 24)


def test_opening_again_changes_nothing(city: None) -> None:
    assert open_slots() > 1000
    assert open_slots() == 0
    open_more_slots()
    assert open_slots() == 0


def test_the_next_day_adds_one_day(city: None) -> None:
    open_slots()
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        open_slots()
    assert {slot.day for slot in slots_of("C04", "公安")} >= {date(2026, 11, 25)}


def test_two_fifths_of_the_places_are_kept_for_walking_in(city: None) -> None:
    open_slots()
    police, helper = slots_of("C01", "公安")[0], slots_of("C08", "帮代办")[0]
    assert (police.capacity, police.walk_in) == (24, 16)  # 10 windows, 4 people each
    assert (helper.capacity, helper.walk_in) == (1, 1)  # 2 places: rounded for those who walk in


def test_on_a_saturday_only_shift_windows_open(city: None) -> None:
    open_slots()
    with unit_of_work() as session:
        rows = session.execute(
            select(WindowGroup.name)
            .join(Slot, Slot.window_group_id == WindowGroup.id)
            .where(Slot.centre_id == "C01", Slot.day == SATURDAY)
            .distinct()
        )
        names = set(rows.scalars())
    assert names == {"公安", "人社", "医保", "不动产登记", "综合咨询"}


def test_holidays_have_no_slots_and_make_up_days_have_all(city: None) -> None:
    with clock.stopped_at(datetime(2026, 9, 28, 8, 0, tzinfo=clock.SHANGHAI)):
        open_slots()
    days = {slot.day for slot in slots_of("C01", "税务")}  # never on shift
    assert not any(date(2026, 10, 1) <= day <= date(2026, 10, 7) for day in days)
    assert date(2026, 10, 10) in days


def test_slots_that_have_begun_are_not_opened(city: None) -> None:
    with clock.stopped_at(MONDAY + timedelta(hours=4)):
        open_slots(days=1)
    first = slots_of("C04", "公安")[0]
    assert first.starts_at == (MONDAY + timedelta(hours=4, minutes=30)).astimezone(UTC)


def test_a_new_day_off_takes_the_free_places_but_nobodys_booking(task_code: str) -> None:
    open_slots()
    wednesday = [slot for slot in slots_of("C01", "公安") if slot.day == date(2026, 11, 18)]
    book(make_citizen(), wednesday[0].id, task_code)
    calendar = document("calendar.json")
    calendar["off_days"]["2026-11-18"] = "台风停课停工"
    with unit_of_work() as session:
        centres.load_calendar(session, calendar)
    open_slots()
    closed = [slot for slot in slots_of("C01", "公安") if slot.day == date(2026, 11, 18)]
    assert [slot.capacity for slot in closed] == [1] + [0] * 15
    with unit_of_work() as session:
        centres.load_calendar(session, document("calendar.json"))
    open_slots()
    assert {slot.capacity for slot in slots_of("C01", "公安")} == {24}


def test_fewer_windows_shrink_a_slot_down_to_what_is_booked(task_code: str) -> None:
    open_slots()
    slot = slots_of("C01", "公安")[20]
    for _ in range(3):
        book(make_citizen(), slot.id, task_code)
    changed = document("centres.json")
    changed["centers"][0]["windows"][0]["codes"] = ["A01"]
    with unit_of_work() as session:
        centres.load_city(session, centres=changed, calendar=document("calendar.json"))
    open_slots()
    capacities = {found.id: found.capacity for found in slots_of("C01", "公安")}
    assert capacities.pop(slot.id) == 3
    assert set(capacities.values()) == {2}


def test_without_a_city_the_job_does_nothing(database: None) -> None:
    open_more_slots()
    with unit_of_work() as session:
        assert session.scalar(select(Slot.id)) is None


def test_only_slots_that_can_still_be_booked_are_shown(task_code: str) -> None:
    soon, later = make_slot(at=MONDAY + timedelta(minutes=29)), make_slot(at=MONDAY + timedelta(minutes=30))
    make_slot(field="税务")
    with unit_of_work() as session:
        shown = queries.slots(session, centre_id="C01", task_code=task_code)
    assert [slot.id for slot in shown.slots] == [later]
    assert soon not in {slot.id for slot in shown.slots}


def test_the_days_asked_for_are_both_inside(task_code: str) -> None:
    for day in range(1, 5):
        make_slot(at=MONDAY + timedelta(days=day))
    with unit_of_work() as session:
        shown = queries.slots(
            session,
            centre_id="C01",
            task_code=task_code,
            first=date(2026, 11, 18),
            last=date(2026, 11, 19),
        )
    assert [slot.day.day for slot in shown.slots] == [18, 19]


def test_an_item_of_another_hall_has_no_slots_here(city: None) -> None:
    (task_code,) = publish_items("co-setup")
    with unit_of_work() as session, pytest.raises(NotAtThisCentre):
        queries.slots(session, centre_id="C08", task_code=task_code)


def test_quieter_times_are_below_the_average_and_the_emptiest_first() -> None:
    at = MONDAY.astimezone(UTC)
    slots = [
        OpenSlot(number, at.date(), at + timedelta(hours=number), at, "公安", capacity=10, free=free)
        for number, free in enumerate((0, 9, 5, 9, 1))
    ]
    assert [slot.id for slot in queries.quieter(slots)] == [1, 3, 2]
    assert queries.quieter(slots[1:2]) == []
    assert queries.quieter([]) == []


def test_a_slot_without_places_is_full() -> None:
    at = MONDAY.astimezone(UTC)
    assert OpenSlot(1, at.date(), at, at, "公安", capacity=0, free=0).load == 100
