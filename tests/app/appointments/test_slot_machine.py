from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import clock
from app.appointments import service
from app.appointments.models import Visit
from app.db import engine, unit_of_work
from app.errors import DomainError
from tests.app.appointments.books import book, every_slot_is_right
from tests.city_fixtures import MONDAY, make_slot, publish_items
from tests.people_fixtures import make_citizen

people = st.integers(0, 3)
places_in_town = st.integers(0, 3)
matters = st.integers(0, 2)
moments = st.sampled_from([timedelta(), timedelta(days=1), timedelta(days=1, hours=2), timedelta(days=2)])


class Town(RuleBasedStateMachine):
    """Citizens who book, move, cancel and come in any order, at any time."""

    citizens: list[int]
    slots: list[int]
    codes: list[str]

    def __init__(self) -> None:
        super().__init__()
        with engine().begin() as connection:
            connection.execute(text("TRUNCATE appointments, outbox CASCADE"))
            connection.execute(text("UPDATE slots SET booked = 0"))
        self.visits: list[Visit] = []
        self.now = MONDAY

    @rule(person=people, place=places_in_town, matter=matters)
    def somebody_books(self, person: int, place: int, matter: int) -> None:
        try:
            with clock.stopped_at(self.now):
                self.visits.append(book(self.citizens[person], self.slots[place], self.codes[matter]))
        except DomainError:
            pass  # a full slot, a second visit, too late: the books are looked at below

    @rule(which=st.integers(0, 30), place=places_in_town)
    def somebody_moves(self, which: int, place: int) -> None:
        def move(session: Session, visit: Visit) -> None:
            service.reschedule(
                session, citizen_id=visit.citizen_id, appointment_id=visit.id, slot_id=self.slots[place]
            )

        self._try(which, move)

    @rule(which=st.integers(0, 30))
    def somebody_cancels(self, which: int) -> None:
        def cancel(session: Session, visit: Visit) -> None:
            service.cancel(session, citizen_id=visit.citizen_id, appointment_id=visit.id)

        self._try(which, cancel)

    @rule(which=st.integers(0, 30))
    def somebody_comes(self, which: int) -> None:
        def come(session: Session, visit: Visit) -> None:
            service.check_in(session, code=visit.code)

        self._try(which, come)

    @rule(moment=moments)
    def time_passes(self, moment: timedelta) -> None:
        self.now = max(self.now, MONDAY + moment)

    @invariant()
    def every_slot_has_counted_its_live_appointments(self) -> None:
        assert every_slot_is_right()

    @invariant()
    def nobody_has_more_than_two_a_day_or_one_item_twice(self) -> None:
        most = text(
            "SELECT coalesce(max(n), 0), coalesce(max(twice), 0) FROM (SELECT count(*) AS n,"
            " count(*) - count(DISTINCT task_code) AS twice FROM appointments"
            " WHERE status IN ('booked', 'checked_in') GROUP BY citizen_id, day) AS days"
        )
        with engine().connect() as connection:
            live, twice = connection.execute(most).one()
        assert live <= 2
        assert twice == 0

    def _try(self, which: int, act: Callable[[Session, Visit], None]) -> None:
        if not self.visits:
            return
        visit = self.visits[which % len(self.visits)]
        try:
            with clock.stopped_at(self.now), unit_of_work() as session:
                act(session, visit)
        except DomainError:
            pass  # as above


def test_whatever_citizens_do_the_books_are_right(task_code: str) -> None:
    Town.citizens = [make_citizen() for _ in range(4)]
    Town.codes = [task_code, *publish_items("id-renew", "hukou-birth")]
    hours = (2, 3, 26, 27)  # two on Tuesday and two on Wednesday
    Town.slots = [make_slot(capacity=2, at=MONDAY + timedelta(days=1, hours=hour)) for hour in hours]
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
