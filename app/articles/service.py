"""Storing articles (政策解读入库)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.articles.errors import ArticleInvalid
from app.articles.models import Article
from app.catalogue import codes, generation

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
_LONGEST = {"title": 100, "summary": 200, "source": 200, "provenance": 64}
_LONGEST_PARAGRAPH = 2000
_MOST_PARAGRAPHS = 50
_MOST_ITEMS = 50
# What would be a heading, a list, a link or a picture in a marked-up text, and is noise in a plain one.
_MARKS = re.compile(r"^\s*(#{1,6} |[*-] |> |```)|\]\(|<[a-zA-Z/!]|\*\*")


def load(session: Session, *, articles: Sequence[Mapping[str, Any]]) -> int:
    """Store articles by their keys; returns how many are new or changed.

    A text is paragraphs of plain words, without any markup; what a clerk has written since stays. Raises
    ArticleInvalid, and then stores nothing.
    """
    rows = [columns_of(article) for article in articles]
    if not rows:
        return 0
    statement = insert(Article).values([{**row, "updated_at": clock.now()} for row in rows])
    new = {name: statement.excluded[name] for name in rows[0] if name != "key"}
    columns = Article.__table__.c
    differs = func.row(*(columns[name] for name in new)).is_distinct_from(func.row(*new.values()))
    changed = session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={**new, "updated_at": statement.excluded.updated_at},
            where=and_(columns.author_id.is_(None), differs),
        ).returning(Article.key)
    ).all()
    if changed:
        generation.advance(session)
    return len(changed)


def columns_of(article: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an article as it was handed in; raises ArticleInvalid."""
    key = str(article.get("key", ""))
    if not _KEY.fullmatch(key):
        raise ArticleInvalid(where=key or "（无编号）", why="编号只能用小写字母、数字和短横线")
    words = {name: _words(article, name, key=key, longest=longest) for name, longest in _LONGEST.items()}
    paragraphs, task_codes = article.get("paragraphs"), article.get("task_codes", [])
    if not isinstance(paragraphs, list) or not 0 < len(paragraphs) <= _MOST_PARAGRAPHS:
        raise ArticleInvalid(where=key, why=f"正文要有1到{_MOST_PARAGRAPHS}段")
    if not isinstance(task_codes, list) or len(task_codes) > _MOST_ITEMS:
        raise ArticleInvalid(where=key, why=f"关联事项最多{_MOST_ITEMS}个")
    if not all(isinstance(code, str) and codes.parts_of_task_code(code) for code in task_codes):
        raise ArticleInvalid(where=key, why="关联事项要写事项编码")
    return {
        **words,
        "key": key,
        "paragraphs": [_plain(one, key=key, longest=_LONGEST_PARAGRAPH) for one in paragraphs],
        "task_codes": list(dict.fromkeys(task_codes)),
        "published_on": _day(article.get("published_on"), key=key),
    }


def _words(article: Mapping[str, Any], name: str, *, key: str, longest: int) -> str:
    return _plain(article.get(name), key=key, longest=longest)


def _plain(said: object, *, key: str, longest: int) -> str:
    if not isinstance(said, str) or not said.strip() or len(said) > longest or "\x00" in said:
        raise ArticleInvalid(where=key, why=f"每一栏都要填，不超过{longest}字")
    if _MARKS.search(said):
        raise ArticleInvalid(where=key, why="只写文字，不用标记符号")
    return said.strip()


def _day(said: object, *, key: str) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise ArticleInvalid(where=key, why="日期应写成 2026-11-20") from error
