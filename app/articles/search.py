"""Finding articles in one's own words (检索政策解读), by the same judge that finds guides."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles import queries
from app.articles.models import Article, ArticleState
from app.catalogue import generation, index, wording
from app.catalogue.entries import Document, Entry, Passage, read_entry
from app.catalogue.index import Found, Index
from app.catalogue.search import LONGEST_QUESTION
from app.catalogue.search_models import SearchChange

KIND = "text"  # of its changes in search_changes
_FITS = 0.35
_MOST = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, with its public items; `field` and `matched` say why."""

    kind: str
    key: str
    title: str
    summary: str
    published_on: date
    source: str
    provenance: str
    items: list[dict[str, Any]]
    field: str
    excerpt: str
    matched: list[str]
    score: float


@dataclass(frozen=True, slots=True)
class Title:
    """An article to complete what is being typed."""

    key: str
    title: str


class _Books:
    """What one process searches at one generation: articles are few enough for its memory."""

    def __init__(self, number: int, documents: Sequence[Document]) -> None:
        self.number = number
        self.index = Index(documents)
        self.spelled = [
            (one.entry, wording.spellings(wording.simplified(one.entry.name))) for one in documents
        ]


class _Shelf:
    """The books in use, exchanged when the catalogue has changed; only changed articles are read again."""

    def __init__(self) -> None:
        self._books: _Books | None = None
        self._exchanging = threading.Lock()
        self._read: dict[int, tuple[int, Document]] = {}

    def books(self, session: Session) -> _Books:
        """What to search; one thread exchanges it when something has changed, others use the old."""
        number = generation.watch.number(session)
        books = self._books
        if books is not None and books.number == number:
            return books
        if not self._exchanging.acquire(blocking=books is None):
            return books or self.books(session)
        try:
            if self._books is None or self._books.number != number:
                self._books = _Books(number, self._documents(session))
            return self._books
        finally:
            self._exchanging.release()

    def _documents(self, session: Session) -> list[Document]:
        asked = select(SearchChange.ref, SearchChange.change).where(SearchChange.kind == KIND)
        changes = {row.ref: row.change for row in session.execute(asked)}
        same = {ref: held for ref, held in self._read.items() if changes.get(ref) == held[0]}
        again = changes.keys() - same.keys()
        # Those of a later day are held too: a day begins without any change.
        changed = select(Article).where(Article.id.in_(again), Article.state == ArticleState.PUBLIC.value)
        read = {one.id: (changes[one.id], read_entry(_entry(one))) for one in session.scalars(changed)}
        self._read = same | read
        return [self._read[ref][1] for ref in sorted(self._read)]


_shelf = _Shelf()


def find(session: Session, *, text: str, limit: int = _MOST) -> list[Hit]:
    """Public articles for a question, best first, each with its public items: nothing when none fits."""
    books = _shelf.books(session)
    question = books.index.judge.reader.read(text[:LONGEST_QUESTION])
    if question.names_no_matter or question.alarming:
        return []
    found = [one for one in books.index.find(question, limit=2 * limit) if _fits(one)]
    views = queries.by_keys(session, keys=[one.entry.key for one in found])
    return [
        Hit(
            kind="article",
            **{name: getattr(view, name) for name in _SHOWN},
            field=one.passage.field,
            excerpt=one.passage.text,
            matched=list(index.matched(question, one)),
            score=round(one.score, 4),
        )
        for one in found
        if (view := views.get(one.entry.key)) is not None
    ][:limit]


def suggest(session: Session, *, text: str, limit: int = _MOST) -> list[Title]:
    """Titles that hold what is typed, or are spelled so (characters, pinyin, initials), shortest first."""
    typed = wording.simplified(text[:LONGEST_QUESTION]).strip().replace(" ", "")
    if not typed:
        return []
    found = [
        entry
        for entry, spellings in _shelf.books(session).spelled
        if any(typed in one if not typed.isascii() else one.startswith(typed) for one in spellings)
    ]
    best = sorted(found, key=lambda entry: (len(entry.name), entry.key))[: 2 * limit]
    views = queries.by_keys(session, keys=[entry.key for entry in best])
    return [Title(entry.key, views[entry.key].title) for entry in best if entry.key in views][:limit]


_SHOWN = ("key", "title", "summary", "published_on", "source", "provenance", "items")


def _fits(one: Found) -> bool:
    return one.likeness >= _FITS or one.coverage >= index.COVERAGE_NEEDED


def _entry(article: Article) -> Entry:
    passages = [
        Passage("title", article.title),
        Passage("summary", article.summary),
        Passage("source", article.source),
        *(Passage("text", paragraph) for paragraph in article.paragraphs),
    ]
    return Entry(None, article.title, None, (), article.provenance, tuple(passages), article.key)
