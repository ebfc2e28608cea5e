"""Policies in plain words (R106)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app import clock, db
from app.articles import queries, service
from app.articles.errors import ArticleInvalid, ArticleNotFound
from app.catalogue import generation
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.city_fixtures import MONDAY


def article(**changes: Any) -> dict[str, Any]:
    return {
        "key": "lost-card",
        "title": "身份证丢了怎么办",
        "summary": "就近补领。",
        "paragraphs": ["就近到户籍窗口补领。", "要本人到场。"],
        "source": "居民身份证法",
        "task_codes": [ID_LOST],
        "published_on": "2026-11-01",
        "provenance": "demo-authored",
        **changes,
    }


def load(*articles: dict[str, Any]) -> int:
    with unit_of_work() as session:
        return service.load(session, articles=articles)


@pytest.fixture(autouse=True)
def _monday(database: None) -> Any:
    del database
    with clock.stopped_at(MONDAY):
        yield


def test_loading_again_changes_nothing_and_a_change_moves_the_catalogue_on() -> None:
    assert load(article()) == 1
    with unit_of_work() as session:
        before = generation.current(session)
    assert load(article()) == 0
    assert load(article(title="身份证丢失补领")) == 1
    with unit_of_work() as session:
        assert generation.current(session) != before
        assert queries.article(session, key="lost-card").title == "身份证丢失补领"


def test_an_article_shows_its_public_items_and_no_secret_one() -> None:
    publish(item("id-lost"), item("marry"))
    load(article(task_codes=[ID_LOST, MARRY]))
    publish(item("marry", secret=True))
    with unit_of_work() as session:
        shown = queries.article(session, key="lost-card")
    assert [card["task_code"] for card in shown.items] == [ID_LOST]


def test_an_article_of_tomorrow_is_not_there_yet() -> None:
    load(article(published_on="2026-11-17"))
    with unit_of_work() as session:
        assert queries.page(session)[0] == []
        with pytest.raises(ArticleNotFound):
            queries.article(session, key="lost-card")
    with clock.stopped_at(MONDAY + timedelta(days=1)), unit_of_work() as session:
        assert queries.article(session, key="lost-card").title == "身份证丢了怎么办"


def test_articles_are_leafed_newest_first_also_on_one_day() -> None:
    load(*(article(key=f"no-{n}", published_on=f"2026-11-0{1 + n // 2}") for n in range(5)))
    seen, after = [], None
    while True:
        with unit_of_work() as session:
            found, after = queries.page(session, after=after, limit=2)
        seen += [one.key for one in found]
        if after is None:
            break
    assert seen == ["no-4", "no-3", "no-2", "no-1", "no-0"]


def test_articles_of_an_item_are_found() -> None:
    load(article(), article(key="other", task_codes=[]))
    with unit_of_work() as session:
        found, _ = queries.page(session, task_code=ID_LOST)
    assert [one.key for one in found] == ["lost-card"]


def test_a_list_costs_the_same_statements_however_long_it_is() -> None:
    publish(item("id-lost"))
    load(*(article(key=f"no-{n}") for n in range(6)))
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        with unit_of_work() as session:
            assert len(queries.page(session, limit=5)[0]) == 5
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    assert len(counted) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Lost Card"},
        {"title": ""},
        {"title": "字" * 101},
        {"paragraphs": []},
        {"paragraphs": ["一", 2]},
        {"paragraphs": ["# 标题"]},
        {"paragraphs": ["看[这里](http://x)"]},
        {"paragraphs": ["<b>要紧</b>"]},
        {"task_codes": ["nothing"]},
        {"published_on": "昨天"},
        {"source": "a\x00b"},
    ],
)
def test_what_is_no_plain_article_is_refused_and_named(changes: dict[str, Any]) -> None:
    with pytest.raises(ArticleInvalid):
        load(article(key="first"), article(**changes))
    with unit_of_work() as session:
        assert queries.page(session)[0] == []


@pytest.mark.parametrize("key", ["nothing", "a\x00b"])
def test_an_unknown_article_is_not_found(key: str) -> None:
    with unit_of_work() as session, pytest.raises(ArticleNotFound):
        queries.article(session, key=key)
