"""Guides that were finished once and are read as they are."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app.catalogue import documents, queries
from app.catalogue.models import GuideDocument
from app.db import unit_of_work
from miniprogram_api import guides
from miniprogram_api.guide_document import SHAPE, guide_document
from tests.catalogue_fixtures import ID_LOST, item, load_catalogue, publish
from tests.city_fixtures import document

GUIDE = f"/api/v1/guides/{ID_LOST}"


@pytest.fixture(autouse=True)
def as_in_a_new_process() -> None:
    guides._rendered.cache_clear()


@pytest.fixture
def no_writing(database: None) -> Iterator[None]:
    """A database that refuses to keep finished guides."""
    body = "'BEGIN RAISE read_only_sql_transaction; END'"
    with unit_of_work() as session:
        session.execute(text(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS {body}"))
        session.execute(
            text("CREATE TRIGGER refuse BEFORE INSERT ON guide_documents EXECUTE FUNCTION refuse()")
        )
    yield
    with unit_of_work() as session:
        session.execute(text("DROP FUNCTION refuse CASCADE"))


def test_every_finished_guide_is_what_its_schema_makes_of_it(client: FlaskClient) -> None:
    load_catalogue()
    for one in document("items.json")["items"]:
        client.get(f"/api/v1/guides/{one['task_code']}")
        raw = documents.finished(task_code=one["task_code"], shape=SHAPE)
        with unit_of_work() as session:
            made = guide_document(queries.guide(session, task_code=one["task_code"]), {})
        assert raw is not None
        assert orjson.loads(raw) == made


def test_a_finished_guide_is_read_by_the_next_process(client: FlaskClient) -> None:
    publish(item())
    first = client.get(GUIDE)
    guides._rendered.cache_clear()

    assert client.get(GUIDE).data == first.data == documents.finished(task_code=ID_LOST, shape=SHAPE)


def test_another_program_finishes_the_guide_in_its_own_shape(client: FlaskClient) -> None:
    publish(item())
    client.get(GUIDE)
    with unit_of_work() as session:
        version_id = queries.guide(session, task_code=ID_LOST).version_id
    documents.keep(version_id=version_id, shape=b"newer", raw=b"{}")

    assert documents.finished(task_code=ID_LOST, shape=SHAPE) is None
    assert documents.finished(task_code=ID_LOST, shape=b"newer") == b"{}"


@pytest.mark.parametrize("change", [{"secret": True}, {"task_state": "3"}, {"task_state": "2"}])
def test_what_is_no_longer_public_is_no_longer_finished(client: FlaskClient, change: dict[str, Any]) -> None:
    publish(item())
    client.get(GUIDE)
    publish(item(**change))

    assert documents.finished(task_code=ID_LOST, shape=SHAPE) is None


def test_a_changed_item_is_finished_anew(client: FlaskClient) -> None:
    publish(item())
    client.get(GUIDE)
    publish(item(promise_day=5))

    assert client.get(GUIDE).get_json()["limits"]["promised"]["days"] == 5


def test_a_database_that_takes_no_writes_keeps_nobody_from_reading(
    client: FlaskClient, no_writing: None
) -> None:
    publish(item())

    assert client.get(GUIDE).status_code == 200
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(GuideDocument)) == 0
