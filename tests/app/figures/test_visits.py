"""Promised visits beside those that were really made (R015)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import event, select

from app import clock, db
from app.appointments import service as appointments
from app.cases import service as cases
from app.cases.models import Case
from app.centres.models import WindowGroup
from app.db import unit_of_work
from app.figures import observed
from app.figures.models import CaseVisits
from app.queueing.models import Ticket
from tests import case_fixtures
from tests.app.appointments.books import book
from tests.case_fixtures import APPROVER, accepted, decide, kinds, published, start, withdraw
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import CENTRE, MONDAY, make_slot

Deliver = Callable[[], None]


def come(citizen_id: int, deliver: Deliver, *, days: int, minutes: int = 0) -> None:
    """Book a place some days after MONDAY and check in."""
    at = MONDAY + timedelta(days=days, hours=2, minutes=minutes)
    visit = book(citizen_id, make_slot(at=at), ID_LOST)
    with clock.stopped_at(at):
        with unit_of_work() as session:
            appointments.check_in(session, code=visit.code)
        deliver()


def close(case_no: str) -> None:
    decide(case_no)
    with unit_of_work() as session:
        cases.close(session, case_no=case_no, officer=APPROVER)


def days_of(case_no: str) -> int | None:
    with unit_of_work() as session:
        row = session.scalars(
            select(CaseVisits).join(Case, Case.id == CaseVisits.case_id).where(Case.case_no == case_no)
        ).one_or_none()
        return None if row is None else len(row.days)


def serve(citizen_id: int, at: datetime) -> None:
    """A number from the machine, served."""
    with unit_of_work() as session:
        group = session.scalars(select(WindowGroup).where(WindowGroup.centre_id == CENTRE).limit(1)).one()
        session.add(
            Ticket(
                centre_id=CENTRE,
                window_group_id=group.id,
                day=clock.local(at).date(),
                number=f"A{at.day:03}",
                citizen_id=citizen_id,
                task_code=ID_LOST,
                task_name="居民身份证丢失补领",
                state="served",
                taken_at=at,
                served_at=at,
            )
        )


def test_a_second_check_in_on_a_one_visit_item_is_told_once_and_shown(citizen: int, deliver: Deliver) -> None:
    case_no = accepted(citizen)
    for days in (1, 2, 3):
        come(citizen, deliver, days=days)

    assert days_of(case_no) == 3
    assert published().count("OverVisited") == 1
    assert kinds(case_no).count("over_visited") == 1
    with unit_of_work() as session:
        (shown,) = observed.over_visits(session)
    assert (shown.task_code, shown.promised, shown.cases) == (ID_LOST, 1, 1)


def test_one_visit_on_a_one_visit_item_is_no_news(citizen: int, deliver: Deliver) -> None:
    case_no = accepted(citizen)
    come(citizen, deliver, days=1)

    assert days_of(case_no) == 1
    assert "OverVisited" not in published()


def test_a_check_in_without_a_case_is_nobodys_and_a_withdrawn_case_takes_none(
    citizen: int, deliver: Deliver
) -> None:
    case_no = case_fixtures.submitted(citizen)
    withdraw(citizen, case_no)
    come(citizen, deliver, days=1)

    assert days_of(case_no) is None


def test_two_running_cases_share_the_visits_and_one_day_is_one_way(citizen: int, deliver: Deliver) -> None:
    first, second = accepted(citizen), start(citizen)
    come(citizen, deliver, days=1)
    come(citizen, deliver, days=2)
    deliver()

    assert (days_of(first), days_of(second)) == (1, 1)
    assert "OverVisited" not in published()


def test_a_number_from_the_machine_counts_when_the_case_is_closed(citizen: int, deliver: Deliver) -> None:
    case_no = accepted(citizen)
    serve(citizen, MONDAY + timedelta(hours=2))
    serve(citizen, MONDAY + timedelta(days=1, hours=2))
    with clock.stopped_at(MONDAY + timedelta(days=2)):
        close(case_no)
        deliver()

    assert days_of(case_no) == 2
    assert "OverVisited" in published()


def test_closed_cases_are_counted_by_what_they_took(citizen: int, deliver: Deliver) -> None:
    for comes in (0, 1, 2):
        somebody = case_fixtures.citizen()
        case_no = accepted(somebody)
        for days in range(1, comes + 1):
            come(somebody, deliver, days=days, minutes=30 * comes)
        with clock.stopped_at(MONDAY + timedelta(days=3)):
            close(case_no)
            deliver()
    with unit_of_work() as session, clock.stopped_at(MONDAY + timedelta(days=3)):
        seen, figures = observed.visits(session)

    assert (seen.none.counted, seen.at_most_one.counted, seen.none.of) == (1, 2, 3)
    assert {figure.key: figure.counted for figure in figures} == {
        "closed_without_visit": 1,
        "over_visited": 1,
    }


def test_cases_of_long_ago_and_of_secret_items_do_not_count(citizen: int, deliver: Deliver) -> None:
    close(accepted(citizen))
    deliver()

    with unit_of_work() as session:
        assert observed.visits(session)[0].none.of == 1
    with unit_of_work() as session, clock.stopped_at(MONDAY + timedelta(days=observed.DAYS + 1)):
        assert observed.visits(session)[0].none.of == 0
    publish(item("id-lost", secret=True))
    with unit_of_work() as session:
        assert observed.visits(session)[0].none.of == 0
        assert observed.over_visits(session) == []


def test_the_promise_is_that_of_the_cases_own_version(citizen: int, deliver: Deliver) -> None:
    case_no = accepted(citizen)
    publish(item("id-lost", limit_scene_num=0, limit_scene_explain=""))
    come(citizen, deliver, days=1)

    assert days_of(case_no) == 1
    assert "OverVisited" not in published()


def test_counting_costs_the_same_statements_for_many_cases(citizen: int) -> None:
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        with unit_of_work() as session:
            observed.visits(session)
            observed.over_visits(session)
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    assert len(counted) == 2
