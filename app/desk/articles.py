"""Policies in plain words at the desk (政策解读): one clerk writes, another reads and publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles import writing
from app.articles.models import Article, ArticleState
from app.audit import service as audit
from app.catalogue.models import ServiceItem
from app.desk import duties, items
from app.desk.duties import Duty
from app.staff.models import Clerk, Role
from app.staff.sessions import OnDuty

WRITING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
PAGE = 20
_OFFERED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One article in a list, with who wrote it; nobody when it came from a file."""

    id: int
    title: str
    summary: str
    author: str | None
    published_on: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """One article with the names of its items and clerks, and whether this clerk wrote it."""

    article: Article
    items: list[tuple[str, str]]
    author: str | None
    publisher: str | None
    mine: bool


def page(
    session: Session, *, clerk: OnDuty, state: ArticleState, after: int | None = None
) -> tuple[list[Line], int | None]:
    """Articles in one state, the newest first, and where the list goes on. Raises NotYourDuty."""
    duties.refuse_unless(clerk, WRITING)
    found, following = writing.page(session, state=state, after=after, limit=PAGE)
    names = _names(session, [one.author_id for one in found])
    lines = [
        Line(
            one.id,
            one.title,
            one.summary,
            names.get(one.author_id),
            one.published_on.isoformat(),
            one.updated_at,
        )
        for one in found
    ]
    return lines, following


def counts(session: Session) -> dict[str, int]:
    """How many articles there are in each state."""
    return writing.counts(session)


def look_at(session: Session, *, clerk: OnDuty, article_id: int) -> Seen:
    """One article in whatever state. Raises NotYourDuty, ArticleNotThere."""
    duties.refuse_unless(clerk, WRITING)
    found = writing.article(session, article_id=article_id)
    names = _names(session, [found.author_id, found.publisher_id])
    return Seen(
        found,
        named(session, task_codes=found.task_codes),
        names.get(found.author_id),
        names.get(found.publisher_id),
        mine=found.author_id == clerk.clerk_id,
    )


def write(
    session: Session,
    *,
    clerk: OnDuty,
    words: Mapping[str, Any],
    article_id: int | None = None,
    revision: int = 1,
) -> int:
    """Write an article, or its words anew (写稿、改稿); its id. Raises as writing does."""
    duties.refuse_unless(clerk, WRITING)
    if article_id is None:
        made = writing.begin(session, words=words, clerk_id=clerk.clerk_id).id
        _note(session, clerk, made, action="article_written")
        return made
    writing.rewrite(session, article_id=article_id, revision=revision, words=words, clerk_id=clerk.clerk_id)
    _note(session, clerk, article_id, action="article_rewritten")
    return article_id


def ask_for_a_look(session: Session, *, clerk: OnDuty, article_id: int, revision: int) -> None:
    """Show a draft to a second clerk (提交复核). Raises NotYourDuty, ArticleMoved, ArticleNotThere."""
    duties.refuse_unless(clerk, WRITING)
    writing.ask_for_a_look(session, article_id=article_id, revision=revision)
    _note(session, clerk, article_id, action="article_shown")


def send_back(session: Session, *, clerk: OnDuty, article_id: int, revision: int) -> None:
    """Give an article back to its author (退回). Raises NotYourDuty, ArticleMoved, ArticleNotThere."""
    duties.refuse_unless(clerk, WRITING)
    writing.send_back(session, article_id=article_id, revision=revision)
    _note(session, clerk, article_id, action="article_sent_back")


def publish(session: Session, *, clerk: OnDuty, article_id: int, revision: int) -> None:
    """Let somebody else's article out (发布). Raises NotYourDuty, OwnArticle, ArticleMoved."""
    duties.refuse_unless(clerk, WRITING)
    writing.publish(session, article_id=article_id, revision=revision, clerk_id=clerk.clerk_id)
    _note(session, clerk, article_id, action="article_published")


def withdraw(session: Session, *, clerk: OnDuty, article_id: int, revision: int) -> None:
    """Take an article back (撤下). Raises NotYourDuty, ArticleMoved, ArticleNotThere."""
    duties.refuse_unless(clerk, WRITING)
    writing.withdraw(session, article_id=article_id, revision=revision)
    _note(session, clerk, article_id, action="article_withdrawn")


def offered(session: Session, *, text: str) -> list[tuple[str, str]]:
    """Items to choose from: by code, by a part of the name, or by what somebody means; code and name."""
    found = items.find(session, text=text)[:_OFFERED] if text else []
    return [(one.task_code, one.name) for one in found]


def named(session: Session, *, task_codes: Sequence[str]) -> list[tuple[str, str]]:
    """Items by their codes, with their names; a code that nobody knows is its own name."""
    asked = select(ServiceItem.task_code, ServiceItem.name).where(
        ServiceItem.task_code.in_(task_codes), ServiceItem.secret.is_(False)
    )
    names = {row.task_code: row.name for row in session.execute(asked)} if task_codes else {}
    return [(code, names.get(code, code)) for code in task_codes]


def _names(session: Session, clerk_ids: Sequence[int | None]) -> dict[int | None, str]:
    known = {one for one in clerk_ids if one is not None}
    asked = select(Clerk.id, Clerk.name).where(Clerk.id.in_(known))
    return {row.id: row.name for row in session.execute(asked)} if known else {}


def _note(session: Session, clerk: OnDuty, article_id: int, *, action: str) -> None:
    found = writing.article(session, article_id=article_id)
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"article:{found.key}",
        details={"title": found.title, "revision": found.revision},
    )
