"""Lists of drafts (草稿列表): page by page to the last, without their bodies."""

import pytest
from sqlalchemy.exc import InvalidRequestError

from app.db import unit_of_work
from app.publishing import queries
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import item, publish

KEYS = ("marry", "id-renew", "id-first", "passport-first")


def test_drafts_in_work_are_leafed_through_to_the_last(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a second person is first, and nothing comes twice or never."""
    monkeypatch.setattr(queries, "PAGE", 2)
    publish(*[item(key) for key in KEYS])
    drafts = [room.begin(item(key)["task_code"], promise_explain="改过") for key in KEYS]
    room.hand_in(drafts[1])
    seen: list[int] = []
    with unit_of_work() as session:
        while found := queries.drafts(session, author=room.writer, before=seen[-1] if seen else None):
            seen += [draft.id for draft in found]

    one, waiting, three, four = [draft.id for draft in drafts]
    assert seen == [waiting, four, three, one]


def test_a_list_does_not_read_what_the_drafts_say(room: Room) -> None:
    room.begin()
    with unit_of_work() as session:
        (draft,) = queries.drafts(session, author=room.writer)

        with pytest.raises(InvalidRequestError):
            _ = draft.body
