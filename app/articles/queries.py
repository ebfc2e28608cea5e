"""What can be asked about articles (查询政策解读)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.orm import Session

from app import clock
from app.articles.errors import ArticleNotFound
from app.articles.models import Article, ArticleState
from app.catalogue import queries as catalogue


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with the cards of those of its items that are public."""

    key: str
    title: str
    summary: str
    paragraphs: list[str]
    source: str
    published_on: date
    provenance: str
    items: list[dict[str, Any]]


def page(
    session: Session, *, task_code: str | None = None, after: int | None = None, limit: int = 20
) -> tuple[list[ArticleView], int | None]:
    """Published articles, newest first, with their items: two statements however many there are."""
    statement = select(Article).where(_public()).order_by(Article.published_on.desc(), Article.id.desc())
    if task_code is not None:
        statement = statement.where(Article.task_codes.contains([task_code]))
    if after is not None:
        last = session.get(Article, after)
        if last is not None:
            statement = statement.where(
                tuple_(Article.published_on, Article.id) < tuple_(last.published_on, last.id)
            )
    found = session.scalars(statement.limit(limit + 1)).all()
    more = found[limit - 1].id if len(found) > limit else None
    return _views(session, found[:limit]), more


def article(session: Session, *, key: str) -> ArticleView:
    """One published article; raises ArticleNotFound."""
    wanted = select(Article).where(Article.key == key, _public())
    found = session.scalars(wanted).one_or_none() if key.isprintable() else None  # PostgreSQL refuses NUL
    if found is None:
        raise ArticleNotFound(key=key)
    return _views(session, [found])[0]


def by_keys(session: Session, *, keys: Sequence[str]) -> dict[str, ArticleView]:
    """Those of these articles that are public at this moment, by key: two statements for all."""
    if not keys:
        return {}
    found = session.scalars(select(Article).where(Article.key.in_(keys), _public())).all()
    return {view.key: view for view in _views(session, found)}


def _public() -> ColumnElement[bool]:
    return and_(Article.state == ArticleState.PUBLIC.value, Article.published_on <= clock.today())


def _views(session: Session, found: Sequence[Article]) -> list[ArticleView]:
    codes = {code for one in found for code in one.task_codes}
    cards = catalogue.cards_of(session, task_codes=sorted(codes))
    return [
        ArticleView(
            one.key,
            one.title,
            one.summary,
            one.paragraphs,
            one.source,
            one.published_on,
            one.provenance,
            [cards[code] for code in one.task_codes if code in cards],
        )
        for one in found
    ]
