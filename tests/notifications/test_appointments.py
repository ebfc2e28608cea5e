"""What is told about an appointment that moves to and fro."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from app import clock
from app.appointments import service
from app.db import unit_of_work
from notifications import queries
from tests.city_fixtures import CENTRE, MONDAY, load_city, make_slot, publish_items
from tests.people_fixtures import make_citizen

TUESDAY_10 = MONDAY + timedelta(days=1, hours=2)
WEDNESDAY_10 = MONDAY + timedelta(days=2, hours=2)


@pytest.fixture
def move(database: None, deliver: Callable[[], None]) -> Iterator[Callable[..., list[str]]]:
    """Book on Tuesday, then move to each of these times, heard of after each or at the end; what was told."""
    del database

    def run(*times: datetime, heard_at_once: bool = True) -> list[str]:
        load_city()
        slots = {at: make_slot(at=at) for at in (TUESDAY_10, WEDNESDAY_10)}
        citizen_id, task_code = make_citizen(), publish_items("id-first")[0]
        with unit_of_work() as session:
            visit = service.book(
                session,
                citizen_id=citizen_id,
                centre_id=CENTRE,
                slot_id=slots[TUESDAY_10],
                task_code=task_code,
            )
        for at in times:
            with unit_of_work() as session:
                service.reschedule(session, citizen_id=citizen_id, appointment_id=visit.id, slot_id=slots[at])
            if heard_at_once:
                deliver()
        deliver()
        with unit_of_work() as session:
            told = queries.of_citizen(session, citizen_id=citizen_id)
        return [message.text for message in reversed(told) if message.title == "预约已改期"]

    with clock.stopped_at(MONDAY):
        yield run


def test_each_move_is_told_also_the_one_to_a_time_told_before(move: Callable[..., list[str]]) -> None:
    told = move(WEDNESDAY_10, TUESDAY_10, WEDNESDAY_10)

    assert len(told) == 3
    assert "2026-11-18 10:00" in told[-1]


def test_two_quick_moves_are_told_once_as_the_last_one(move: Callable[..., list[str]]) -> None:
    told = move(WEDNESDAY_10, TUESDAY_10, WEDNESDAY_10, heard_at_once=False)

    assert len(told) == 1
    assert "2026-11-18 10:00" in told[0]
