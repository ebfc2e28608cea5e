from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from tests.people_fixtures import log_in


def test_an_unknown_address_is_refused_in_the_one_shape(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing-here")

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]


def test_the_program_says_that_it_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.get_json() == {"database": "ok", "redis": "ok"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/bills/%00", None),
        ("/api/v1/payments/P%00", None),
        ("/api/v1/payments", {"bill_nos": ["B\u0000"], "channel": "wechat"}),
        ("/api/v1/messages/read", {"ids": [2**63]}),
    ],
)
def test_what_no_database_can_hold_is_bad_input_and_not_our_fault(
    client: FlaskClient, path: str, body: dict[str, object] | None
) -> None:
    headers = {**log_in(), "Idempotency-Key": "one-tap-1"}
    answer = client.open(path, method="POST" if body else "GET", json=body, headers=headers)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/bills")

    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [[], {}, {"bill_nos": "x", "channel": "wechat"}, {"bill_nos": [1], "channel": "cash"}, {"amount_fen": 1}],
)
def test_every_field_that_is_wrong_is_explained_in_chinese(client: FlaskClient, body: object) -> None:
    headers = {**log_in(), "Idempotency-Key": "one-tap-1"}
    refused = client.post("/api/v1/payments", json=body, headers=headers).get_json()
    sentences = [sentence for each in refused["errors"].values() for sentence in each]

    assert sentences
    assert not any(sentence.isascii() for sentence in sentences)
