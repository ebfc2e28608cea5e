"""Cases that the machine decided, drawn and found right or wrong (秒批抽查夹具)."""

from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.check_characters import mod_11_2
from app.db import unit_of_work
from app.spot_checks import service, upkeep
from app.spot_checks.models import Outcome, SpotCheck
from app.spot_checks.service import Finder, Found
from app.staff.models import Role
from tests import review_fixtures
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import make_clerk


def later(days: int) -> AbstractContextManager[None]:
    """So many days after the Monday, at the same hour."""
    return clock.stopped_at(MONDAY + timedelta(days=days))


def decided(count: int = 1) -> list[str]:
    """Cases that the machine decided just now; their numbers."""
    numbers = [f"35010219900307{order:03d}" for order in range(1, count + 1)]
    people = [number + mod_11_2(number) for number in numbers]
    return [
        review_fixtures.handed_in(review_fixtures.proven_citizen(number), id_number=number)
        for number in people
    ]


def drawn(count: int = 1) -> list[SpotCheck]:
    """What the job draws of so many, the day after."""
    decided(count)
    with later(1):
        upkeep.draw_days()
    return checks()


def checks() -> list[SpotCheck]:
    """Every case that was drawn."""
    with unit_of_work() as session:
        return list(session.scalars(select(SpotCheck).order_by(SpotCheck.id)))


def a_finder() -> Finder:
    """An approver who wrote nothing."""
    return Finder(make_clerk(Role.APPROVER), "复看员")


def find(check: SpotCheck, outcome: Outcome, finding: str = "", *, finder: Finder | None = None) -> Found:
    """Say what was found."""
    with unit_of_work() as session:
        return service.find(
            session,
            check=session.get_one(SpotCheck, check.id),
            finder=finder or a_finder(),
            outcome=outcome,
            finding=finding,
        )
