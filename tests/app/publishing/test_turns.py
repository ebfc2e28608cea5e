"""Publishing while others publish (同时发布): nobody waits for ever, and nobody's version is written over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app import clock, db
from app.catalogue import queries as catalogue
from app.catalogue import service as publications
from app.db import unit_of_work
from app.publishing import jobs, releasing
from app.publishing.errors import BaseMoved
from app.publishing.models import DraftState
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import ID_LOST, impatient, item, publish, turn_taken
from tests.city_fixtures import MONDAY
from tests.races import Meeting, refusals, together

NOTE = "先挂失，再补领"
YESTERDAY = "2026-01-01"
# A province: every item as the first one, a few with a last day that is far away.
MANY_ITEMS = """
INSERT INTO service_items
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', 1000 + n, 'task_code', lpad(n::text, 31, '0'), 'item_key', n::text))).*
FROM service_items one, generate_series(1, 4000) AS n
"""
THEIR_GUIDES = """
INSERT INTO guide_versions (service_item_id, version, body, digest, effective_from)
SELECT 1000 + n, 1, CASE WHEN n % 500 = 0 THEN last || '{"plan_cancel_date": "2031-01-01"}' ELSE last END,
    '', now()
FROM generate_series(1, 4000) AS n,
    (SELECT jsonb_build_object('task_name', 'x', 'text', repeat('办事指南', 200)) AS last) AS body
"""


def meanwhile(act: Callable[[], object], *, imported: dict[str, object]) -> list[object]:
    """Act while an import has its turn and has not yet committed; both are over afterwards."""
    meeting = Meeting()

    def bring_in() -> None:
        with unit_of_work() as session:
            publications.publish(session, items=[imported])
            meeting.wait()
            meeting.wait()

    def follow() -> object:
        meeting.wait()
        try:
            return act()
        finally:
            meeting.wait()

    return together(bring_in, follow)


def test_a_clerk_who_releases_does_not_wait_for_a_whole_import(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))

    with turn_taken(), impatient(), pytest.raises(OperationalError):
        room.release(draft)
    assert room.now(draft).state == DraftState.IN_REVIEW
    assert room.release(draft).published_version == 2


def test_a_release_does_not_write_over_an_import_that_came_first(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))

    results = meanwhile(lambda: room.release(draft), imported=item(keywords=["挂失"]))
    assert refusals(results, BaseMoved) == 1
    with unit_of_work() as session:
        assert catalogue.guide(session, task_code=ID_LOST).body["keywords"] == ["挂失"]


def test_control_without_the_turn_the_import_is_lost(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, taken = room.hand_in(room.begin(promise_explain=NOTE)), publications.take_turn
    late = publications.publish
    monkeypatch.setattr("app.publishing.service.catalogue.take_turn", lambda session: None)

    def publish_in_turn(session: db.Session, **given: object) -> object:
        taken(session)
        return late(session, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(publications, "publish", publish_in_turn)
    results = meanwhile(lambda: room.release(draft), imported=item(keywords=["挂失"]))
    assert refusals(results, BaseMoved) == 0
    with unit_of_work() as session:
        assert catalogue.guide(session, task_code=ID_LOST).body["keywords"] != ["挂失"]


def test_an_end_that_is_put_off_at_the_last_moment_stays_put_off(room: Room) -> None:
    del room
    publish(item(plan_cancel_date=YESTERDAY))

    meanwhile(jobs.publish_due, imported=item(plan_cancel_date="2030-01-01"))
    with unit_of_work() as session:
        assert catalogue.guide(session, task_code=ID_LOST).body["plan_cancel_date"] == "2030-01-01"


def test_an_empty_day_ends_nothing_and_stops_nobody(room: Room) -> None:
    del room
    publish(item(plan_cancel_date=""), item("marry", plan_cancel_date=YESTERDAY))

    with unit_of_work() as session:
        assert releasing.end_cancelled(session) == 1
        assert catalogue.guide(session, task_code=ID_LOST).version == 2


def test_one_planned_guide_that_cannot_be_published_holds_up_no_other(room: Room) -> None:
    publish(item("marry"))
    day = "2026-12-01"
    stuck = room.release(room.hand_in(room.begin(plan_effective_date=day, promise_explain=NOTE)))
    free = room.begin(item("marry")["task_code"], plan_effective_date=day, promise_explain=NOTE)
    free = room.release(room.hand_in(free))

    locked = "SELECT 1 FROM guide_versions JOIN service_items AS of ON of.id = service_item_id"
    with db.engine().connect() as other, clock.stopped_at(MONDAY + timedelta(days=40)), impatient():
        other.execute(text(f"{locked} WHERE task_code = '{ID_LOST}' FOR UPDATE"))
        jobs.publish_due()
    assert (room.now(stuck).state, room.now(free).state) == (DraftState.PLANNED, DraftState.PUBLISHED)


def test_looking_for_ends_reads_only_guides_that_have_one(room: Room) -> None:
    del room
    with unit_of_work() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))  # what follows is no work of the program
        session.execute(text(MANY_ITEMS))
        session.execute(text(THEIR_GUIDES))
    asked: list[tuple[str, dict[str, object]]] = []
    note = lambda *call: asked.append((str(call[2]), call[3]))  # noqa: E731
    event.listen(db.engine(), "before_cursor_execute", note)
    with unit_of_work() as session:
        releasing.end_cancelled(session)
    event.remove(db.engine(), "before_cursor_execute", note)

    with db.engine().connect() as connection:
        connection.execute(text("ANALYZE guide_versions, service_items"))
        connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked[0][0]}", asked[0][1]).scalars())
    assert "ix_guide_versions_plan_cancel_date" in plan, plan
