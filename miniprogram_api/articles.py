"""Policies in plain words (政策解读): /articles."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.articles import queries
from app.db import unit_of_work
from miniprogram_api import cursors, etags
from miniprogram_api.card_shapes import CardOut, HighlightOut
from web.callers import PUBLIC
from web.door import Door

door = Door("articles", __name__, url_prefix="/api/v1/articles")


class ArticlesQuery(Schema):
    """Which articles."""

    task_code = fields.String(load_default=None, validate=validate.Regexp(r"[0-9A-Z]{1,40}\Z"))
    cursor = fields.String(load_default=None, validate=validate.Length(max=64))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class ArticleBriefOut(Schema):
    """An article in a list, with the items it is about."""

    key = fields.String()
    title = fields.String()
    summary = fields.String()
    published_on = fields.Date()
    source = fields.String()
    provenance = fields.String()
    items = fields.List(fields.Nested(CardOut))


class ArticleOut(ArticleBriefOut):
    """A whole article: paragraphs of plain text without markup."""

    paragraphs = fields.List(fields.String())


class ArticleHitOut(ArticleBriefOut):
    """An article that a search found, and why."""

    kind = fields.String(metadata={"enum": ["article"]})
    highlight = fields.Nested(HighlightOut)
    score = fields.Float()


class ArticleTitleOut(Schema):
    """An article to complete what is being typed."""

    key = fields.String()
    title = fields.String()


@door.get("", auth=PUBLIC, query=ArticlesQuery, gives=ArticleBriefOut, many=True)
def list_articles(query: dict[str, Any]) -> ResponseReturnValue:
    """List policies in plain words, newest first; `task_code` narrows to an item (政策解读)."""
    with unit_of_work() as session:
        found, more = queries.page(
            session,
            task_code=query["task_code"],
            after=cursors.number(query["cursor"]),
            limit=query["limit"],
        )
        body = {"items": ArticleBriefOut(many=True).dump(found), "next_cursor": cursors.write(more)}
        return etags.answer(etags.kept(body))


@door.get("/<key>", auth=PUBLIC, gives=ArticleOut)
def show_article(key: str) -> ResponseReturnValue:
    """Show one policy in plain words, with the items it is about (解读详情)."""
    with unit_of_work() as session:
        return etags.answer(etags.kept(ArticleOut().dump(queries.article(session, key=key))))
