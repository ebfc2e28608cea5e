"""The index of a large catalogue: on disk, shared by processes, as good as the one in memory, never stale."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from app import settings
from app.catalogue import gathering, generation, search, shelf
from app.catalogue.archive import Archive
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, item, load_catalogue, publish
from tests.races import together

SLANG = "咕噜咕噜牌"


@pytest.fixture
def large(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo city, held to be so large that its index is on disk."""
    monkeypatch.setattr(shelf, "LARGE", 1)
    monkeypatch.setattr(generation, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(shelf, "shelf", shelf.Shelf())
    monkeypatch.setattr(search, "shelf", shelf.shelf)
    load_catalogue()
    _settled()


def _settled() -> None:
    with unit_of_work() as session:
        shelf.shelf.books(session)
    shelf.shelf.wait()


def _names(asked: str) -> list[str]:
    with unit_of_work() as session:
        return [hit.name for hit in search.find(session, text=asked, limit=5).hits]


def _folder() -> Path:
    with unit_of_work() as session:
        return shelf.folder_of(session)


def test_what_is_on_disk_is_found_as_in_memory(large: None) -> None:
    assert _names("身份证掉了")[0] == "居民身份证丢失补领"
    assert _names("jiehun dengji")[0] == "结婚登记（内地居民）"
    assert "公积金" in _names("公机金租房")[0]
    with unit_of_work() as session:
        assert search.suggest(session, text="banhu")[0].text == "办护照"


def test_a_publication_is_found_after_the_next_look(large: None) -> None:
    publish(item(plain_names=[SLANG]))
    _settled()

    assert _names(SLANG)[0] == "居民身份证丢失补领"


def test_a_secret_item_is_gone_at_the_next_question_though_the_index_still_holds_it(
    large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "keep", lambda folder: False)
    publish(item(secret=True))

    assert "居民身份证丢失补领" not in _names("补办身份证")
    with unit_of_work() as session:
        assert ID_LOST not in [one.task_code for one in search.suggest(session, text="补办身份证")]


def test_without_the_check_the_index_alone_would_still_show_it(
    large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "keep", lambda folder: False)
    monkeypatch.setattr(gathering, "still_public", lambda session, codes: set(codes))
    publish(item(secret=True))

    assert "居民身份证丢失补领" in _names("补办身份证")


def test_a_secret_item_leaves_the_index_too(large: None) -> None:
    publish(item(secret=True))
    _settled()

    assert Archive(_folder() / "index").count == 59


def test_while_there_is_no_index_questions_are_answered(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "folder_of", lambda session: settings.current().data_dir / "nowhere")
    monkeypatch.setattr(shelf, "keep", lambda folder: False)
    monkeypatch.setattr(search, "shelf", shelf.Shelf())

    assert "居民身份证丢失补领" in _names("居民身份证丢失")


def test_an_index_that_exists_is_opened_and_not_made_again(large: None) -> None:
    written = sorted(path.stat().st_mtime_ns for path in (_folder() / "index").iterdir())
    again = shelf.Shelf()
    with unit_of_work() as session:
        assert again.books(session).disk is not None
    again.wait()

    assert sorted(path.stat().st_mtime_ns for path in (_folder() / "index").iterdir()) == written


def test_what_no_trigger_saw_is_found_out_by_counting(large: None) -> None:
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE service_items DISABLE TRIGGER search_item_changed"))
        session.execute(
            text("UPDATE service_items SET secret = true WHERE task_code = :code"), {"code": ID_LOST}
        )
        session.execute(text("ALTER TABLE service_items ENABLE TRIGGER search_item_changed"))
        generation.advance(session)
    _settled()

    assert Archive(_folder() / "index").count == 59


def test_two_writers_at_once_leave_one_whole_index(large: None) -> None:
    publish(item(plain_names=[SLANG]))
    folder = _folder()
    together(*[lambda: shelf.keep(folder)] * 3)

    assert Archive(folder / "index").count == 60


def test_threads_that_ask_while_it_is_written_see_the_old_or_the_new(large: None) -> None:
    seen: list[list[str]] = []
    asking = [threading.Thread(target=lambda: seen.append(_names("补办身份证"))) for _ in range(4)]
    publish(item(plain_names=[SLANG]))
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    _settled()

    assert all("居民身份证丢失补领" in names for names in seen)
    assert len(seen) == 4


def test_an_index_that_could_not_be_kept_is_kept_at_a_later_question(
    large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses for a while, longer than anybody tries again."""
    monkeypatch.setattr(shelf, "_PAUSES_S", (0.0, 0.0))
    lock = _folder() / "lock"
    lock.unlink()
    lock.mkdir()
    publish(item(plain_names=[SLANG]))
    _settled()
    assert _names(SLANG)[:1] != ["居民身份证丢失补领"]

    shelf.shelf.wait()
    lock.rmdir()
    _settled()
    assert _names(SLANG)[0] == "居民身份证丢失补领"


def test_a_publication_in_the_last_moment_of_keeping_is_kept_too(
    large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes when the index was written and its keeper has not yet said that it is done."""
    written, kept = [], shelf.keep

    def keep(folder: Path) -> bool:
        done = kept(folder)
        written.append(done)
        if len(written) == 1:
            publish(item(plain_names=[SLANG]))
            with unit_of_work() as session:
                shelf.shelf.books(session)
        return done

    monkeypatch.setattr(shelf, "keep", keep)
    publish(item(promise_day=7))
    _settled()
    assert _names(SLANG)[0] == "居民身份证丢失补领"


def test_an_index_that_cannot_be_read_is_made_anew(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    (_folder() / "index" / "meta.json").write_text("{")
    monkeypatch.setattr(shelf, "shelf", shelf.Shelf())
    monkeypatch.setattr(search, "shelf", shelf.shelf)

    assert "居民身份证丢失补领" in _names("居民身份证丢失")
    shelf.shelf.wait()
    assert Archive(_folder() / "index").count == 60
