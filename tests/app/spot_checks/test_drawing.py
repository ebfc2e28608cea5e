"""Of what the machine decided in a day some is drawn by a lot that can be re-checked."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import unit_of_work
from app.spot_checks import drawing, upkeep
from app.spot_checks.drawing import Decided
from app.spot_checks.models import DrawnDay, Outcome, SpotCheck
from tests import review_fixtures
from tests.city_fixtures import MONDAY
from tests.races import Meeting, together
from tests.spot_check_fixtures import checks, decided, drawn, later

pytestmark = pytest.mark.usefixtures("monday")
RIGHT, WRONG = Outcome.RIGHT, Outcome.WRONG
TODAY = clock.local(MONDAY).date()


def days() -> list[tuple[date, int, int]]:
    with unit_of_work() as session:
        found = session.scalars(select(DrawnDay).order_by(DrawnDay.day))
        return [(each.day, each.decided, each.drawn) for each in found]


def some(count: int, task_code: str = "A") -> list[Decided]:
    return [Decided(number, f"{task_code}{number}", task_code, 1) for number in range(count)]


@pytest.mark.parametrize(("decided", "chosen"), [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5), (101, 6)])
def test_of_each_item_five_of_a_hundred_are_drawn_and_at_least_one(decided: int, chosen: int) -> None:
    both = [*some(decided), *some(1, "B")]

    drawn = drawing.lot(both, day=TODAY, percent=5)
    assert [each.task_code for each in drawn].count("A") == chosen
    assert [each.task_code for each in drawn].count("B") == 1


def test_the_lot_is_the_same_in_whatever_order_and_another_on_another_day() -> None:
    cases = some(200)
    one, again, other = (
        {each.case_no for each in drawing.lot(found, day=day, percent=5)}
        for found, day in ((cases, TODAY), (cases[::-1], TODAY), (cases, TODAY + timedelta(days=1)))
    )

    assert one == again
    assert one != other


def test_a_day_is_drawn_when_it_is_over_and_once() -> None:
    decided()
    upkeep.draw_days()
    assert checks() == []

    for _ in range(2):
        with later(1):
            upkeep.draw_days()
    assert (len(checks()), days()[1:]) == (1, [(TODAY, 1, 1)])


def test_a_job_that_was_late_draws_every_day_that_it_missed() -> None:
    drawn()
    with later(4):
        upkeep.draw_days()

    assert [day for day, _, _ in days()] == [TODAY + timedelta(days=more) for more in range(4)]
    assert len(checks()) == 1


def test_only_what_the_machine_decided_is_drawn() -> None:
    review_fixtures.handed_in(review_fixtures.proven_citizen(), jobless="不是")
    with later(1):
        upkeep.draw_days()

    assert (checks(), days()) == ([], [(TODAY, 0, 0)])


def test_two_jobs_at_once_draw_a_day_once() -> None:
    decided(2)

    def job() -> int | None:
        with unit_of_work() as session:
            return drawing.draw(session, day=TODAY)

    assert sorted(map(str, together(job, job))) == ["1", "None"]
    assert len(checks()) == 1


def test_control_by_looking_first_both_would_draw_it() -> None:
    decided(2)
    meeting, refused = Meeting(), list[IntegrityError]()

    def look_first() -> None:
        with unit_of_work() as session:
            if session.get(DrawnDay, TODAY) is not None:
                return
            found = drawing.lot(drawing.decided(session, day=TODAY), day=TODAY, percent=5)
            meeting.wait()
            row = {"percent": 5, "decided": 2, "drawn": len(found), "drawn_at": clock.now()}
            session.add(DrawnDay(day=TODAY, **row))
            try:
                session.flush()
            except IntegrityError as error:
                refused.append(error)
                session.rollback()

    together(look_first, look_first)
    assert len(refused) == 1


def test_what_was_drawn_can_be_re_checked() -> None:
    (check,) = drawn(3)
    with unit_of_work() as session:
        assert drawing.holds(session, day=TODAY)
        assert not drawing.holds(session, day=TODAY - timedelta(days=1))
        session.execute(delete(SpotCheck).where(SpotCheck.id == check.id))
        assert not drawing.holds(session, day=TODAY)
