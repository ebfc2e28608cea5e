"""An article is written by one clerk and let out by another (R106)."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.articles import queries, search, writing
from app.articles.errors import ArticleInvalid, ArticleMoved, ArticleNotFound, ArticleNotThere, OwnArticle
from app.articles.models import Article, ArticleState
from app.db import unit_of_work
from app.staff.models import Role
from tests.app.articles.test_articles import article, load
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.city_fixtures import MONDAY
from tests.races import together
from tests.staff_fixtures import make_clerk


@pytest.fixture(autouse=True)
def _city(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        publish(item("id-lost"))
        yield


@pytest.fixture
def author() -> int:
    return make_clerk(Role.APPROVER)


@pytest.fixture
def reader() -> int:
    return make_clerk(Role.SUPERVISOR)


def words(**changes: Any) -> dict[str, Any]:
    return article(title="护理假怎么请", summary="独生子女可以请护理假。", **changes)


def waiting(author: int) -> int:
    with unit_of_work() as session:
        made = writing.begin(session, words=words(), clerk_id=author).id
        writing.ask_for_a_look(session, article_id=made, revision=1)
    return made


def publish_it(article_id: int, clerk_id: int, revision: int = 1) -> None:
    with unit_of_work() as session:
        writing.publish(session, article_id=article_id, revision=revision, clerk_id=clerk_id)


def test_what_one_wrote_another_lets_out_and_everybody_finds_it(author: int, reader: int) -> None:
    made = waiting(author)
    with unit_of_work() as session:
        assert queries.page(session)[0] == []
    publish_it(made, reader)
    with unit_of_work() as session:
        (shown,), _ = queries.page(session)
        assert [hit.title for hit in search.find(session, text="护理假")] == ["护理假怎么请"]
    assert (shown.title, shown.published_on) == ("护理假怎么请", MONDAY.date())


def test_the_author_does_not_let_it_out_nor_does_the_database(author: int) -> None:
    made = waiting(author)
    with pytest.raises(OwnArticle):
        publish_it(made, author)
    with pytest.raises(IntegrityError, match="second_look"), unit_of_work() as session:
        session.execute(update(Article).values(state="public", publisher_id=author))
    with pytest.raises(IntegrityError, match="second_look"), unit_of_work() as session:
        session.execute(update(Article).values(state="public"))


def test_words_that_were_changed_need_another_look(author: int, reader: int) -> None:
    made = waiting(author)
    with unit_of_work() as session:
        writing.rewrite(session, article_id=made, revision=1, words=words(), clerk_id=reader)
    for revision in (1, 2):
        with pytest.raises(ArticleMoved):
            publish_it(made, author, revision)
    with unit_of_work() as session:
        writing.ask_for_a_look(session, article_id=made, revision=2)
    with pytest.raises(OwnArticle):
        publish_it(made, reader, 2)
    publish_it(made, author, 2)


def test_what_is_taken_back_is_gone_at_once(author: int, reader: int) -> None:
    made = waiting(author)
    publish_it(made, reader)
    with unit_of_work() as session:
        writing.withdraw(session, article_id=made, revision=1)
    with unit_of_work() as session, pytest.raises(ArticleNotFound):
        queries.article(session, key=writing.article(session, article_id=made).key)
    with unit_of_work() as session:
        assert search.find(session, text="护理假") == []


def test_a_public_article_is_not_rewritten_under_the_readers(author: int, reader: int) -> None:
    made = waiting(author)
    publish_it(made, reader)
    with pytest.raises(ArticleMoved), unit_of_work() as session:
        writing.rewrite(session, article_id=made, revision=1, words=words(), clerk_id=author)


def test_sent_back_it_is_a_draft(author: int, reader: int) -> None:
    made = waiting(author)
    with unit_of_work() as session:
        writing.send_back(session, article_id=made, revision=1)
    with pytest.raises(ArticleMoved):
        publish_it(made, reader)
    with unit_of_work() as session:
        assert writing.counts(session) == {ArticleState.DRAFT: 1}


@pytest.mark.parametrize("changes", [{"task_codes": [MARRY]}, {"paragraphs": []}, {"published_on": ""}])
def test_what_cannot_be_an_article_is_refused(author: int, changes: dict[str, Any]) -> None:
    with pytest.raises(ArticleInvalid), unit_of_work() as session:
        writing.begin(session, words=words(**changes), clerk_id=author)


def test_an_unknown_article_is_not_there(author: int) -> None:
    with pytest.raises(ArticleNotThere):
        publish_it(404, author)


def test_a_file_does_not_undo_what_a_clerk_wrote(author: int) -> None:
    load(article())
    with unit_of_work() as session:
        (one,), _ = writing.page(session, state=ArticleState.PUBLIC, after=None, limit=5)
        writing.withdraw(session, article_id=one.id, revision=1)
        writing.rewrite(session, article_id=one.id, revision=1, words=words(), clerk_id=author)
    assert load(article(title="旧标题")) == 0


def race(author: int, reader: int, *, guarded: bool) -> list[str]:
    """One lets out what they read while the other writes it anew: the words that are public then."""
    made = waiting(author)

    def rewrites() -> None:
        with unit_of_work() as session:
            writing.rewrite(
                session,
                article_id=made,
                revision=1,
                words=words(paragraphs=["没有人读过。"]),
                clerk_id=author,
            )

    def lets_out() -> None:
        with unit_of_work() as session:
            if guarded:
                writing.publish(session, article_id=made, revision=1, clerk_id=reader)
            else:
                sentence = "UPDATE articles SET state = 'public', publisher_id = :who WHERE id = :id"
                session.execute(text(sentence), {"who": reader, "id": made})

    if guarded:
        together(rewrites, lets_out)
    else:
        rewrites()
        lets_out()
    with unit_of_work() as session:
        return [paragraph for view in queries.page(session)[0] for paragraph in view.paragraphs]


def test_nobody_publishes_words_they_have_not_read(author: int, reader: int) -> None:
    for _ in range(5):
        assert "没有人读过。" not in race(author, reader, guarded=True)


def test_without_the_revision_unread_words_would_be_public(author: int, reader: int) -> None:
    assert race(author, reader, guarded=False) == ["没有人读过。"]


def test_items_are_linked_once(author: int) -> None:
    with unit_of_work() as session:
        made = writing.begin(session, words=words(task_codes=[ID_LOST, ID_LOST]), clerk_id=author)
        assert made.task_codes == [ID_LOST]
