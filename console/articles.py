"""Policies in plain words (政策解读): list, write, have somebody else read them, publish, withdraw."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from app import plain_text
from app.articles.models import ArticleState
from app.db import Session, unit_of_work
from app.desk import articles
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.forms import LONGEST_ITEM, NoticeIn
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_articles")

_VIEWS = {
    ArticleState.WAITING: ("待复核", "请没有写过它的同事核对后发布"),
    ArticleState.DRAFT: ("草稿", "新的在前"),
    ArticleState.PUBLIC: ("已发布", "新的在前"),
    ArticleState.WITHDRAWN: ("已撤下", "改好后可以重新提交复核"),
}
_DONE = {
    "saved": "已保存为草稿。",
    "shown": "已提交，请另一位同事核对后发布。",
    "sent_back": "已退回给作者修改。",
    "published": "已发布，市民几秒钟后可以看到、搜到。",
    "withdrawn": "已撤下，市民几秒钟后就看不到了。",
}
_MENDABLE = {409, 422}
_LARGEST = 2**63 - 1


class ArticlesIn(Schema):
    """Which part of the list."""

    view = fields.Enum(ArticleState, by_value=True, load_default=ArticleState.WAITING)
    after = Cursor(load_default=None, validate=validate.Range(1))


@door.get("/articles", auth=Staff(articles.WRITING), query=ArticlesIn)
def article_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the articles in one state, those first that wait for a second look."""
    view = query["view"]
    with unit_of_work() as session:
        counts = articles.counts(session)
        lines, following = articles.page(
            session, clerk=callers.current_clerk(), state=view, after=query["after"]
        )
    return pages.page(
        "articles.html",
        views=_VIEWS,
        view=view,
        counts=counts,
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=query["after"] is not None,
    )


@door.get("/articles/new", auth=Staff(articles.WRITING))
def new_article() -> ResponseReturnValue:
    """Show an empty form."""
    return _form(MultiDict())


@door.post("/articles/new", auth=Staff(articles.WRITING))
def write_article() -> ResponseReturnValue:
    """Keep a new article as a draft (写稿), or look for items to link."""
    return _written(None)


@door.get("/articles/<int:article_id>", auth=Staff(articles.WRITING), query=NoticeIn)
def article(article_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show one article as citizens read it, and what may be done with it."""
    return _article_page(article_id, notice=_DONE.get(query["done"], ""))


@door.get("/articles/<int:article_id>/words", auth=Staff(articles.WRITING))
def article_words(article_id: int) -> ResponseReturnValue:
    """Show the words of an article to change them."""
    with unit_of_work() as session:
        found = articles.look_at(session, clerk=callers.current_clerk(), article_id=_known(article_id))
        one = found.article
        typed: MultiDict[str, str] = MultiDict(
            {
                "title": one.title,
                "summary": one.summary,
                "text": "\n\n".join(one.paragraphs),
                "source": one.source,
                "published_on": one.published_on.isoformat(),
                "revision": str(one.revision),
            }
        )
        typed.setlist("items", one.task_codes)
    return _form(typed, article_id=article_id)


@door.post("/articles/<int:article_id>/words", auth=Staff(articles.WRITING))
def rewrite_article(article_id: int) -> ResponseReturnValue:
    """Change the words of an article (改稿), or look for items to link."""
    return _written(_known(article_id))


@door.post("/articles/<int:article_id>/ask", auth=Staff(articles.WRITING))
def ask_for_a_look(article_id: int) -> ResponseReturnValue:
    """Show a draft to a second clerk (提交复核)."""
    return _step(article_id, articles.ask_for_a_look, done="shown")


@door.post("/articles/<int:article_id>/send-back", auth=Staff(articles.WRITING))
def send_article_back(article_id: int) -> ResponseReturnValue:
    """Give an article back to its author (退回)."""
    return _step(article_id, articles.send_back, done="sent_back")


@door.post("/articles/<int:article_id>/publish", auth=Staff(articles.WRITING))
def publish_article(article_id: int) -> ResponseReturnValue:
    """Let somebody else's article out (发布)."""
    return _step(article_id, articles.publish, done="published")


@door.post("/articles/<int:article_id>/withdraw", auth=Staff(articles.WRITING))
def withdraw_article(article_id: int) -> ResponseReturnValue:
    """Take an article back (撤下)."""
    return _step(article_id, articles.withdraw, done="withdrawn")


def _written(article_id: int | None) -> ResponseReturnValue:
    if request.form.get("do") == "find":
        return _form(request.form, article_id=article_id)
    try:
        with unit_of_work() as session:
            kept = articles.write(
                session,
                clerk=callers.current_clerk(),
                words=_words(),
                article_id=article_id,
                revision=_revision(),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _form(request.form, article_id=article_id, refusal=refusal)
    return pages.see_other("console_articles.article", article_id=kept, done="saved")


def _step(article_id: int, act: Callable[..., None], *, done: str) -> ResponseReturnValue:
    """Act and go on to the article; a refusal is shown on it."""
    try:
        with unit_of_work() as session:
            act(session, clerk=callers.current_clerk(), article_id=_known(article_id), revision=_revision())
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _article_page(article_id, refusal=refusal)
    return pages.see_other("console_articles.article", article_id=article_id, done=done)


def _article_page(article_id: int, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        seen = articles.look_at(session, clerk=callers.current_clerk(), article_id=_known(article_id))
    return pages.page(
        "article.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        one=seen.article,
        state_text=_VIEWS[ArticleState(seen.article.state)][0],
        notice=notice,
        refusal=refusal,
    )


def _form(
    typed: MultiDict[str, str], *, article_id: int | None = None, refusal: DomainError | None = None
) -> Response:
    looked_for = plain_text.words(typed.get("find", ""))[:LONGEST_ITEM]
    with unit_of_work() as session:
        chosen, offered = _items(session, typed.getlist("items"), looked_for)
    return pages.page(
        "article_form.html",
        status=200 if refusal is None else refusal.status,
        article_id=article_id,
        typed=typed,
        looked_for=looked_for,
        chosen=chosen,
        offered=offered,
        refusal=refusal,
    )


def _items(
    session: Session, codes: list[str], looked_for: str
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    chosen = articles.named(session, task_codes=[one for one in dict.fromkeys(codes) if one.isalnum()])
    offered = articles.offered(session, text=looked_for)
    return chosen, [one for one in offered if one not in chosen]


def _words() -> dict[str, Any]:
    form = request.form
    plain = form.get("text", "").replace("\r\n", "\n")
    return {
        **{name: form.get(name, "") for name in ("title", "summary", "source", "published_on")},
        "paragraphs": [one for one in (line.strip() for line in plain.split("\n")) if one],
        "task_codes": form.getlist("items"),
    }


def _revision() -> int:
    """Which revision was on the screen; an unreadable one is none."""
    said = request.form.get("revision", "")
    return min(int(said), _LARGEST) if said.isascii() and said.isdigit() else 0


def _known(article_id: int) -> int:
    """An id that the database can hold; beyond that there is no article."""
    return min(article_id, _LARGEST)
