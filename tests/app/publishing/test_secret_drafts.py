"""What becomes secret (涉密) stays in no draft, not even by its name."""

from typing import Any

from sqlalchemy import select, text

from app.db import unit_of_work
from app.publishing import queries, service
from app.publishing.models import DraftStep
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import ID_LOST, item, publish, write

NAME = "机密事项示例"


def everything_kept() -> str:
    """All that is stored of drafts, as text."""
    with unit_of_work() as session:
        drafts = session.scalar(text("SELECT jsonb_agg(to_jsonb(d)) FROM guide_drafts d"))
        notes = session.scalars(select(DraftStep.note)).all()
    return f"{drafts}{notes}"


def test_a_draft_that_makes_an_item_secret_keeps_nothing_of_it(room: Room) -> None:
    draft = room.begin(secret=True, task_name=NAME)
    room.release(room.hand_in(draft, reason=f"{NAME}不公开"))

    assert NAME not in everything_kept()
    assert room.now(draft).task_name == "不公开事项"


def test_earlier_drafts_of_it_are_emptied_and_those_of_others_stay(room: Room) -> None:
    publish(item("marry"))
    earlier = room.release(room.hand_in(room.begin(promise_explain=NAME)))
    other = room.begin(item("marry")["task_code"])
    room.release(room.hand_in(room.begin(secret=True)))

    assert NAME not in everything_kept()
    assert room.now(earlier).body == {}
    assert room.now(other).body


def test_an_import_empties_them_too(room: Room, app: Any, tmp_path: Any) -> None:
    room.release(room.hand_in(room.begin(promise_explain=NAME)))
    app.test_cli_runner().invoke(
        args=["catalogue", "import", str(write(tmp_path / "items.json", item(secret=True)))]
    )

    assert NAME not in everything_kept()


def test_a_draft_that_was_overtaken_by_secrecy_is_emptied_when_it_is_thrown_away(room: Room) -> None:
    draft = room.begin(promise_explain=NAME)
    publish(item(secret=True))
    with unit_of_work() as session:
        assert queries.body_of(session, task_code=ID_LOST, version=1) == {}
        service.discard(session, author=room.writer, draft_id=draft.id)

    assert NAME not in everything_kept()
