"""How long an item really takes, asked by anybody (办结预测)."""

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import unit_of_work
from app.forecasts.models import ItemForecast
from tests.catalogue_fixtures import ID_LOST
from tests.desk_fixtures import open_city


@pytest.fixture(autouse=True)
def an_item(database: None) -> None:
    del database
    open_city()


def test_an_item_without_cases_says_that_the_promise_counts(client: FlaskClient) -> None:
    told = client.get(f"/api/v1/guides/{ID_LOST}/forecast").json

    assert told is not None
    assert told["half_days"] is None
    assert told["sentence"] == "近一年办结的不到20件，不作预测，以承诺的时限为准"


def test_an_item_with_cases_says_what_they_took(client: FlaskClient) -> None:
    with unit_of_work() as session:
        days = [0] * 50 + [3] * 50
        session.add(
            ItemForecast(task_code=ID_LOST, days=days, half_days=0, most_days=3, counted_at=clock.now())
        )
    told = client.get(f"/api/v1/guides/{ID_LOST}/forecast").json

    assert told is not None
    assert told["sentence"] == "最近100件里，一半当天办完，十件有九件3个工作日办完"


def test_an_unknown_item_has_none(client: FlaskClient) -> None:
    assert client.get("/api/v1/guides/nothing/forecast").status_code == 404
