"""Many drafts from one list (批量起草): few statements, nobody waits in a circle, each item once."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app import db
from app.db import unit_of_work
from app.desk import drafting
from app.publishing import bringing_in
from app.publishing.bringing_in import BroughtIn, Item
from app.publishing.queries import Author
from app.staff.models import Role
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import document
from tests.races import Meeting, together
from tests.staff_fixtures import on_duty

EVERY = [{**one, "promise_explain": "改过"} for one in document("items.json")["items"]]


def bring_in(room: Room, items: Sequence[dict[str, Any]]) -> BroughtIn:
    with unit_of_work() as session:
        return bringing_in.bring_in(session, author=room.writer, items=items)


def test_what_differs_becomes_a_draft_and_what_does_not_stays(room: Room) -> None:
    publish(item("marry"))
    room.begin()
    done = bring_in(room, [item(promise_explain="改过"), item("marry"), item("id-renew")])

    assert ([draft.task_name for draft in done.begun], done.busy) == (
        [item("id-renew")["task_name"]],
        [item()["task_name"]],
    )
    assert done.unchanged == 1
    assert bring_in(room, [item("id-renew")]).begun == []


def test_a_list_begins_nothing_under_another_organisations_code(room: Room) -> None:
    civil = str(item("marry")["dept_name"])
    publish(item("marry"))
    taken = item("id-renew", dept_name=civil)
    with unit_of_work() as session:
        author = Author(room.writer.clerk_id, "别的局", civil)
        done = bringing_in.bring_in(session, author=author, items=[taken])

    assert (done.begun, done.foreign) == ([], [taken["task_name"]])


def test_a_list_takes_few_statements_however_long_it_is(room: Room) -> None:
    clerk = on_duty(Role.APPROVER)
    asked: list[str] = []
    note = lambda *call: asked.append(str(call[2]))  # noqa: E731
    event.listen(db.engine(), "before_cursor_execute", note)
    with unit_of_work() as session:
        done = drafting.bring_in(session, clerk=clerk, items=EVERY)
    event.remove(db.engine(), "before_cursor_execute", note)

    assert len(done.begun) == len(EVERY)
    assert len(asked) < 10
    with unit_of_work() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entries")) == len(EVERY)


def test_two_who_bring_in_the_same_do_not_wait_in_a_circle(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 1)
    first, second = together(lambda: bring_in(room, EVERY), lambda: bring_in(room, EVERY[::-1]))

    assert len(first.begun) + len(second.begun) == len(EVERY)  # type: ignore[union-attr]


def test_control_in_any_order_they_do(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()

    def as_they_come(items: Sequence[Item]) -> list[Item]:
        return list(items)

    def together_after_the_first(*given: Any, begin: Any = bringing_in._begin, **more: Any) -> None:
        begin(*given, **more)
        meeting.wait()

    monkeypatch.setattr(bringing_in, "_AT_ONCE", 1)
    monkeypatch.setattr(bringing_in, "_in_order", as_they_come)
    monkeypatch.setattr(bringing_in, "_begin", together_after_the_first)
    with pytest.raises(OperationalError, match="deadlock"):
        together(lambda: bring_in(room, EVERY[:2]), lambda: bring_in(room, EVERY[:2][::-1]))
