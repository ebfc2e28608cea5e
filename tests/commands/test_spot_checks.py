"""A draw is re-checked from the command line (抽取复核)."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskCliRunner

from app import clock
from tests import review_fixtures
from tests.city_fixtures import MONDAY, load_city
from tests.spot_check_fixtures import drawn
from web.flask_app import YimaFlask


@pytest.fixture
def runner(app: YimaFlask, database: None) -> Iterator[FlaskCliRunner]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        review_fixtures.publish_instant()
        yield app.test_cli_runner()


def test_a_day_that_was_drawn_by_the_lot_holds_and_another_does_not(runner: FlaskCliRunner) -> None:
    drawn(3)
    day = f"{clock.today():%Y-%m-%d}"

    assert runner.invoke(args=["spot-checks", "verify", day]).output == f"{day}: drawn as the lot gives it\n"
    refused = runner.invoke(args=["spot-checks", "verify", "2020-01-01"])
    assert (refused.exit_code, "not drawn" in refused.output) == (1, True)
