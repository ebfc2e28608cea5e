"""秒批 over HTTP: handed in, decided and shown in one answer (R041, R088)."""

import pytest
from flask.testing import FlaskClient

from tests import review_fixtures
from tests.city_fixtures import load_city
from tests.people_fixtures import log_in_as
from tests.review_fixtures import UNEMPLOYED, filled, proven_citizen


@pytest.fixture
def citizen_id(client: FlaskClient) -> int:
    """Somebody proven, in a city that registers the unemployed at once."""
    del client
    load_city()
    review_fixtures.publish_instant()
    return proven_citizen()


def test_a_guide_shows_its_review_points_to_everybody(client: FlaskClient, citizen_id: int) -> None:
    del citizen_id
    shown = client.get(f"/api/v1/guides/{UNEMPLOYED}").get_json()

    assert [point["key"] for point in shown["review_points"]] == [
        *("identity", "age_from", "age_to", "left", "jobless")
    ]
    assert all(point["text"] and point["law"] for point in shown["review_points"])
    assert not any(point["by_person"] for point in shown["review_points"])


def test_handing_in_answers_with_result_and_certificate(client: FlaskClient, citizen_id: int) -> None:
    case_no, headers = filled(citizen_id), {**log_in_as(citizen_id), "Idempotency-Key": "one-tap-of-mine"}
    shown = client.post(f"/api/v1/cases/{case_no}/submit", headers=headers).get_json()

    assert (shown["state"], shown["decision"]["granted"], shown["next"]["who"]) == ("closed", True, "nobody")
    assert shown["certificate"]["identifier"]
    assert (shown["review"]["passed"], shown["review"]["note"]) == (True, "")
    assert {point["outcome_text"] for point in shown["review"]["points"]} == {"已符合"}


def test_one_doubt_is_named_with_its_reason_and_the_day(client: FlaskClient, citizen_id: int) -> None:
    case_no = filled(citizen_id, jobless="不是")
    headers = {**log_in_as(citizen_id), "Idempotency-Key": "one-tap-of-mine"}
    client.post(f"/api/v1/cases/{case_no}/submit", headers=headers)
    shown = client.get(f"/api/v1/cases/{case_no}", headers=headers).get_json()

    assert (shown["state"], shown["certificate"]) == ("submitted", None)
    assert [point["key"] for point in shown["review"]["points"] if point["outcome"] != "met"] == ["jobless"]
    assert "要由工作人员看" in shown["review"]["note"]
    assert shown["next"]["by"] == shown["review"]["person_by"]


def test_a_draft_has_no_review_yet(client: FlaskClient, citizen_id: int) -> None:
    case_no = filled(citizen_id)
    shown = client.get(f"/api/v1/cases/{case_no}", headers=log_in_as(citizen_id)).get_json()

    assert shown["review"] is None
