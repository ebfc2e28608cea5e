"""Writing articles at the desk, and letting them out after a second look (撰写、复核、发布、撤下).

draft → waiting → public → withdrawn; a word that is changed makes it a draft again. Every step names the
revision that was on the clerk's screen, so that nobody publishes words they have not read.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Date, Update, cast, func, literal, select, update
from sqlalchemy.orm import Session

from app import clock
from app.articles import service
from app.articles.errors import ArticleInvalid, ArticleMoved, ArticleNotThere, OwnArticle
from app.articles.models import Article, ArticleState
from app.catalogue import gathering, generation

PROVENANCE = "desk-authored"
_WRITABLE = (ArticleState.DRAFT.value, ArticleState.WAITING.value, ArticleState.WITHDRAWN.value)


def begin(session: Session, *, words: Mapping[str, Any], clerk_id: int) -> Article:
    """Write a new article as a draft (写稿): title, summary, paragraphs, source, task_codes, published_on.

    Raises ArticleInvalid, also for an item that is not public.
    """
    row = _row(session, words, key=f"p-{secrets.token_hex(6)}")
    article = Article(**row, state=ArticleState.DRAFT.value, author_id=clerk_id, updated_at=clock.now())
    session.add(article)
    session.flush()
    return article


def rewrite(
    session: Session, *, article_id: int, revision: int, words: Mapping[str, Any], clerk_id: int
) -> None:
    """Change the words of an article that is not public; it is a draft again, and this clerk its author.

    Raises ArticleInvalid, ArticleMoved, ArticleNotThere.
    """
    key = article(session, article_id=article_id).key
    row = _row(session, words, key=key)
    _step(
        session,
        update(Article)
        .where(Article.id == article_id, Article.revision == revision, Article.state.in_(_WRITABLE))
        .values(
            **row,
            state=ArticleState.DRAFT.value,
            author_id=clerk_id,
            publisher_id=None,
            revision=Article.revision + 1,
            updated_at=clock.now(),
        ),
    )


def ask_for_a_look(session: Session, *, article_id: int, revision: int) -> None:
    """Show a draft to a second clerk (提交复核). Raises ArticleMoved, ArticleNotThere."""
    article(session, article_id=article_id)
    _move(session, article_id, revision=revision, before=ArticleState.DRAFT, after=ArticleState.WAITING)


def send_back(session: Session, *, article_id: int, revision: int) -> None:
    """Give an article back to its author (退回修改). Raises ArticleMoved, ArticleNotThere."""
    article(session, article_id=article_id)
    _move(session, article_id, revision=revision, before=ArticleState.WAITING, after=ArticleState.DRAFT)


def publish(session: Session, *, article_id: int, revision: int, clerk_id: int) -> None:
    """Let an article out as it was read (发布), on its day, or today when that is past.

    Raises OwnArticle for its author, ArticleMoved when it was written again meanwhile, ArticleNotThere.
    """
    if article(session, article_id=article_id).author_id == clerk_id:
        raise OwnArticle(article=article_id)
    today = cast(literal(clock.today()), Date)
    _step(
        session,
        update(Article)
        .where(
            Article.id == article_id,
            Article.revision == revision,
            Article.state == ArticleState.WAITING.value,
            Article.author_id != clerk_id,
        )
        .values(
            state=ArticleState.PUBLIC.value,
            publisher_id=clerk_id,
            published_on=func.greatest(Article.published_on, today),
            updated_at=clock.now(),
        ),
    )
    generation.advance(session)


def withdraw(session: Session, *, article_id: int, revision: int) -> None:
    """Take a public article back (撤下); nobody finds it within seconds. Raises as ask_for_a_look."""
    article(session, article_id=article_id)
    _move(session, article_id, revision=revision, before=ArticleState.PUBLIC, after=ArticleState.WITHDRAWN)
    generation.advance(session)


def article(session: Session, *, article_id: int) -> Article:
    """One article in whatever state, as the desk sees it; raises ArticleNotThere."""
    found = session.scalars(select(Article).where(Article.id == article_id)).one_or_none()
    if found is None:
        raise ArticleNotThere(article=article_id)
    return found


def page(
    session: Session, *, state: ArticleState, after: int | None, limit: int
) -> tuple[Sequence[Article], int | None]:
    """Articles in one state, the newest first, and after which id the next page begins."""
    asked = select(Article).where(Article.state == state.value).order_by(Article.id.desc())
    if after is not None:
        asked = asked.where(Article.id < after)
    found = session.scalars(asked.limit(limit + 1)).all()
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def counts(session: Session) -> dict[str, int]:
    """How many articles there are in each state."""
    asked = select(Article.state, func.count()).group_by(Article.state)
    return {row[0]: row[1] for row in session.execute(asked)}


def _row(session: Session, words: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    row = service.columns_of({**words, "key": key, "provenance": PROVENANCE})
    unknown = set(row["task_codes"]) - gathering.still_public(session, row["task_codes"])
    if unknown:
        raise ArticleInvalid(where=row["title"], why=f"没有这个在用的事项：{'、'.join(sorted(unknown))}")
    return row


def _move(
    session: Session, article_id: int, *, revision: int, before: ArticleState, after: ArticleState
) -> None:
    _step(
        session,
        update(Article)
        .where(Article.id == article_id, Article.revision == revision, Article.state == before.value)
        .values(state=after.value, updated_at=clock.now()),
    )


def _step(session: Session, statement: Update) -> None:
    if session.scalar(statement.returning(Article.id)) is None:
        raise ArticleMoved
    session.expire_all()
