"""What the jobs and doors of the waiting list read when a city has years of slots behind it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app import clock, db
from app.appointments.bookable import bookable
from app.db import unit_of_work
from app.queueing import waitlist, wishes
from tests.city_fixtures import CENTRE
from tests.people_fixtures import make_citizen

YEARS_OF_SLOTS = text(
    """
    INSERT INTO slots (centre_id, window_group_id, day, starts_at, ends_at, shift, capacity, walk_in)
    SELECT centre_id, id, day, day + time '01:00', day + time '02:00', false, 4, 0
    FROM window_groups,
        generate_series(:today - interval '2 years', :today + interval '6 days', '1 day') AS day
    """
)


@pytest.fixture
def long_kept_city(task_code: str) -> str:
    """A city that has kept its slots for two years; the code of an item it serves."""
    with unit_of_work() as session:
        session.execute(YEARS_OF_SLOTS, {"today": clock.today()})
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE slots"))
    return task_code


def plan_of(look: Callable[[Session], object], *, table: str) -> str:
    """How the database would read a table for the first statement of a look that names it."""
    asked: list[tuple[str, dict[str, object]]] = []

    def note(*call: object) -> None:
        asked.append((str(call[2]), call[3]))  # type: ignore[arg-type]

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        with unit_of_work() as session:
            look(session)
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    statement, values = next(call for call in asked if f" {table} " in call[0])
    with db.engine().connect() as connection:
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())


def places_to_offer(session: Session, task_code: str) -> None:
    del task_code
    wishes.slots_to_offer(session, held_for=waitlist.HELD_FOR, limit=9)


def place_for_who_joins(session: Session, task_code: str) -> None:
    wishes.free_place(
        session,
        citizen_id=make_citizen(),
        centre_id=CENTRE,
        item=bookable(session, task_code=task_code),
        between=(clock.now(), clock.now() + timedelta(days=9)),
    )


@pytest.mark.parametrize("look", [places_to_offer, place_for_who_joins])
def test_looking_for_a_free_place_does_not_read_the_days_that_are_over(
    long_kept_city: str, look: Callable[[Session, str], None]
) -> None:
    plan = plan_of(lambda session: look(session, long_kept_city), table="slots")

    found = [line for line in plan.splitlines() if "Index Cond" in line and "day >=" in line]
    assert found, plan
