"""Two clerks, or a clerk and the job, at one draft at once (同时操作): each step is taken once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.db import Session, unit_of_work
from app.publishing import jobs, queries, service
from app.publishing.errors import BaseMoved, DraftMoved, DraftNotThere
from app.publishing.models import DraftState, GuideDraft
from app.publishing.queries import Author
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY
from tests.races import Meeting, refusals, together

NOTE = "先挂失，再补领"


@pytest.fixture
def unlock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on everybody reads the draft before anybody goes on, and nobody holds it."""
    meeting, locked = Meeting(), queries.draft

    def draft(session: Session, *, author: Author, draft_id: int, lock: bool = False) -> GuideDraft:
        found = locked(session, author=author, draft_id=draft_id, lock=False)
        if lock:
            meeting.wait()
        return found

    return lambda: monkeypatch.setattr(queries, "draft", draft)


def take_back(room: Room, draft: GuideDraft) -> GuideDraft:
    with unit_of_work() as session:
        return service.take_back(session, author=room.second, draft_id=draft.id, note="请再看看")


def discard(room: Room, draft: GuideDraft) -> GuideDraft:
    with unit_of_work() as session:
        return service.discard(session, author=room.second, draft_id=draft.id)


def take_over(room: Room, draft: GuideDraft) -> object:
    with unit_of_work() as session:
        return service.take_over(session, author=room.second, draft_id=draft.id)


def steps(kind: str) -> int:
    with unit_of_work() as session:
        asked = text("SELECT count(*) FROM guide_draft_steps WHERE kind = :kind")
        return int(session.scalar(asked, {"kind": kind}) or 0)


def test_of_two_releases_one_is_made(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))
    results = together(*[lambda: room.release(draft)] * 3)

    assert refusals(results, DraftNotThere) == 2
    assert (room.now(draft).published_version, steps("released")) == (2, 1)


def test_control_without_the_lock_the_second_is_told_of_a_version_that_is_its_own(
    room: Room, unlock: Callable[[], None]
) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))
    unlock()
    results = together(*[lambda: room.release(draft)] * 2)

    assert (refusals(results, DraftNotThere), refusals(results, BaseMoved)) == (0, 1)


def test_a_draft_is_released_or_sent_back_and_never_both(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))
    together(lambda: room.release(draft), lambda: take_back(room, draft))

    assert steps("released") + steps("returned") == 1
    assert room.now(draft).state == (DraftState.PUBLISHED if steps("released") else DraftState.EDITING)


def test_control_without_the_lock_it_is_both(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent back between the moment in which the release reads it and the one in which it writes."""
    draft, locked = room.hand_in(room.begin(promise_explain=NOTE)), queries.draft

    def read_too_early(session: Session, *, author: Author, draft_id: int, lock: bool = False) -> GuideDraft:
        found = locked(session, author=author, draft_id=draft_id, lock=False)
        if lock:
            monkeypatch.setattr(queries, "draft", locked)
            together(lambda: take_back(room, draft))
        return found

    monkeypatch.setattr(queries, "draft", read_too_early)
    room.release(draft)

    assert steps("released") + steps("returned") == 2


def test_a_planned_guide_is_stopped_or_published_and_never_both(room: Room) -> None:
    draft = room.release(room.hand_in(room.begin(promise_explain=NOTE, plan_effective_date="2026-12-01")))
    with clock.stopped_at(MONDAY + timedelta(days=40)):
        together(jobs.publish_due, lambda: take_back(room, draft))

    published = room.now(draft).state == DraftState.PUBLISHED
    assert published == (steps("returned") == 0)


def test_what_is_thrown_away_is_not_handed_in_afterwards(room: Room) -> None:
    draft = room.begin(promise_explain=NOTE)
    results = together(lambda: room.hand_in(draft), lambda: discard(room, draft))

    assert room.now(draft).state == DraftState.DISCARDED
    assert refusals(results, DraftNotThere) == 1 - steps("handed_in")


def test_what_is_written_while_a_version_is_taken_over_is_kept_or_told(room: Room) -> None:
    draft = room.begin()
    publish(item(keywords=["挂失"]))
    results = together(lambda: room.save(draft, promise_explain=NOTE), lambda: take_over(room, draft))

    now = room.now(draft)
    assert (now.body["promise_explain"] == NOTE) == (refusals(results, DraftMoved) == 0)
    assert (now.body["keywords"], now.base_version) == (["挂失"], 2)
