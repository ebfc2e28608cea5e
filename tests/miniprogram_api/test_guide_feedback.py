import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.catalogue.models import GuideFeedback
from app.catalogue.service import UNNAMED_PER_DAY
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.people_fixtures import log_in

GUIDES = "/api/v1/guides"


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    """A phone where one guide is published."""
    publish(item())
    return client


def test_an_opinion_is_kept_without_personal_numbers(city: FlaskClient) -> None:
    opinion = {"useful": False, "comment": "打13800138000没人接\x00"}
    answer = city.post(f"{GUIDES}/{ID_LOST}/feedback", json=opinion)

    assert answer.status_code == 204
    with unit_of_work() as session:
        kept = session.scalars(select(GuideFeedback)).one()
    assert (kept.useful, kept.comment) == (False, "打138****8000没人接")


@pytest.mark.parametrize("wrong", [{}, {"useful": "yes"}, {"useful": True, "comment": "长" * 501}, []])
def test_an_opinion_that_says_nothing_is_refused(city: FlaskClient, wrong: object) -> None:
    assert city.post(f"{GUIDES}/{ID_LOST}/feedback", json=wrong).status_code == 422


def test_a_flood_of_unnamed_opinions_is_stopped(city: FlaskClient) -> None:
    for _ in range(UNNAMED_PER_DAY):
        city.post(f"{GUIDES}/{ID_LOST}/feedback", json={"useful": True})
    answer = city.post(f"{GUIDES}/{ID_LOST}/feedback", json={"useful": True})

    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_much_feedback")
    assert answer.headers["Retry-After"] == "3600"


def test_a_citizen_has_one_opinion_and_may_change_it(city: FlaskClient) -> None:
    bearer = log_in()
    for useful in (False, True):
        city.post(f"{GUIDES}/{ID_LOST}/feedback", json={"useful": useful}, headers=bearer)

    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(GuideFeedback)) == 1
        assert session.scalars(select(GuideFeedback.useful)).one()
