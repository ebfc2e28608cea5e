"""The door, tried on a small program of its own."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.errors import Conflict
from tests.people_fixtures import log_in
from web import flask_app
from web.callers import CITIZEN, PUBLIC
from web.door import Door

pytestmark = pytest.mark.usefixtures("database")


class NoteIn(Schema):
    text = fields.String(required=True)


class Taken(Conflict):
    code = "taken"
    message = "已经有人选了{what}，请换一个"


door = Door("notes", __name__, url_prefix="/notes")
made: list[str] = []


@door.post("", auth=CITIZEN, takes=NoteIn, status=201, idempotent=True)
def write(data: dict[str, Any]) -> ResponseReturnValue:
    made.append(data["text"])
    return {"number": len(made)}, 201


@door.get("/taken", auth=PUBLIC)
def taken() -> ResponseReturnValue:
    raise Taken(what="这个时段")


@door.get("/broken", auth=PUBLIC)
def broken() -> ResponseReturnValue:
    raise ZeroDivisionError


@pytest.fixture
def notes() -> FlaskClient:
    made.clear()
    program = flask_app.make()
    program.register_blueprint(door)
    return program.test_client()


def post(notes: FlaskClient, text: str, key: str = "one-tap-1") -> Any:
    return notes.post("/notes", json={"text": text}, headers={**headers, "Idempotency-Key": key})


headers: dict[str, str] = {}


@pytest.fixture(autouse=True)
def logged_in(database: None) -> None:
    del database
    headers.update(log_in())


def test_one_tap_sent_twice_has_one_effect_and_one_answer(notes: FlaskClient) -> None:
    first, second = post(notes, "a"), post(notes, "a")

    assert made == ["a"]
    assert second.get_json() == first.get_json() == {"number": 1}
    assert second.status_code == 201
    assert second.headers["Idempotent-Replay"] == "true"


def test_another_body_under_the_same_key_is_422(notes: FlaskClient) -> None:
    post(notes, "a")

    assert post(notes, "b").get_json()["code"] == "idempotency_key_reused"


def test_a_tap_without_a_key_is_refused(notes: FlaskClient) -> None:
    assert (
        notes.post("/notes", json={"text": "a"}, headers=headers).get_json()["code"]
        == "idempotency_key_missing"
    )


def test_a_wrong_body_names_the_field(notes: FlaskClient) -> None:
    answer = notes.post("/notes", json={}, headers={**headers, "Idempotency-Key": "one-tap-2"})

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["text"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"text": NaN}'])
def test_what_is_not_json_is_400(notes: FlaskClient, body: bytes) -> None:
    answer = notes.post(
        "/notes",
        data=body,
        content_type="application/json",
        headers={**headers, "Idempotency-Key": "one-tap-3"},
    )

    assert answer.status_code == 400


def test_a_body_over_the_limit_is_413_before_it_is_parsed(notes: FlaskClient) -> None:
    answer = post(notes, "x" * 70_000)

    assert answer.status_code == 413
    assert answer.get_json()["code"] == "too_large"


@pytest.mark.parametrize(("padding", "status"), [(10, 201), (70_000, 413)])
def test_a_body_without_a_length_keeps_to_the_same_limit(
    notes: FlaskClient, padding: int, status: int
) -> None:
    body = b'{"text": "a"}' + b" " * padding
    answer = notes.post(
        "/notes",
        input_stream=io.BytesIO(body),
        content_type="application/json",
        headers={**headers, "Idempotency-Key": "one-tap-1", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == status


def test_a_refusal_says_in_one_sentence_what_to_do(notes: FlaskClient) -> None:
    assert notes.get("/notes/taken").get_json()["detail"] == "已经有人选了这个时段，请换一个"


def test_a_surprise_is_500_in_the_one_shape_and_tells_nothing_inside(notes: FlaskClient) -> None:
    answer = notes.get("/notes/broken")

    assert answer.status_code == 500
    assert answer.get_json()["code"] == "internal_error"
    assert b"ZeroDivision" not in answer.data


def test_every_answer_carries_the_security_headers(notes: FlaskClient) -> None:
    answer = notes.get("/notes/taken")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_harmless_request_id_is_kept_and_a_harmful_one_is_not(notes: FlaskClient) -> None:
    kept = notes.get("/notes/taken", headers={"X-Request-Id": "abc-123"})
    replaced = notes.get("/notes/taken", headers={"X-Request-Id": "a b\tc"})

    assert kept.headers["X-Request-Id"] == "abc-123"
    assert replaced.headers["X-Request-Id"] != "a b\tc"
