"""Checking the proof of all cases from the command line."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app import clock
from app.db import unit_of_work
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests import proof_fixtures as proof
from tests.city_fixtures import MONDAY
from web.flask_app import YimaFlask


@pytest.fixture
def city(database: None) -> Iterator[None]:
    """A city with a decided case under Monday's root."""
    with clock.stopped_at(MONDAY):
        desk.open_city()
        proof.a_decided_case(case_fixtures.citizen())
        proof.tuesday_comes()
        yield


def test_what_is_whole_is_said_to_be(app: YimaFlask, city: None) -> None:
    said = app.test_cli_runner().invoke(args=["proof", "verify"])

    assert (said.exit_code, said.output) == (0, "all chains and roots are whole\n")


def test_one_changed_row_ends_it_with_a_fault(app: YimaFlask, city: None) -> None:
    with unit_of_work() as session:
        session.execute(text("UPDATE case_events SET sentence = '从没提交过' WHERE kind = 'submitted'"))
    said = app.test_cli_runner().invoke(args=["proof", "verify"])

    assert said.exit_code == 1
    assert "is not as receipt" in said.output
