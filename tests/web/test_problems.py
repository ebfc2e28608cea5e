from http import HTTPStatus

from flask.testing import FlaskClient


def test_an_unknown_address_is_refused_in_the_one_shape(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing-here")

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]


def test_the_program_says_that_it_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.get_json() == {"database": "ok", "redis": "ok"}
