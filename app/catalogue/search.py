"""Finding a guide in one's own words (检索), and completing what is typed (联想)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalogue import gathering, index, names, wording
from app.catalogue.index import Found
from app.catalogue.names import Suggestion
from app.catalogue.reading import Question
from app.catalogue.shelf import Books, fallback, shelf

__all__ = ["LONGEST_QUESTION", "Hit", "SearchResult", "Suggestion", "find", "suggest"]

LONGEST_QUESTION = 200
# A general answer, or a name that does not begin so, is shown when it fits at least so well.
_FITS = 0.35
_NAMES_LEAST = 0.5
_FEW = 3  # with fewer names that begin so, those that mean it are added


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: a guide, or a question with its answer; `field` and `matched` say why it was found."""

    kind: str
    task_code: str | None
    name: str
    excerpt: str
    field: str
    version: int | None
    matched: list[str]
    score: float
    provenance: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was understood, whether the first hit may be given as the answer, and the hits."""

    understood_as: str
    confident: bool
    hits: list[Hit]


def find(
    session: Session, *, text: str, limit: int = 10, audience: str | None = None, verified: bool = True
) -> SearchResult:
    """Guides and general answers for a question, best first; only the first 200 characters are read.

    `audience` is "personal" or "business". Not confident means: offer the hits as a choice, do not answer.
    What has become secret or was cancelled a moment ago is gone, whatever the index still holds; with
    `verified` False the caller sees to that, because it reads the items anyway.
    """
    asked = text[:LONGEST_QUESTION]
    question, found = _found(session, shelf.books(session), asked, limit=max(limit, 2), audience=audience)
    if verified:
        found = _public(session, found)
    hits = [_hit(one, question) for one in found[:limit]]
    return SearchResult(_understood(asked, question, found), index.confident(question, found), hits)


def suggest(session: Session, *, text: str, limit: int = 10) -> list[Suggestion]:
    """Names that begin with what is typed (characters, pinyin or initials), then those that mean it."""
    typed = wording.simplified(text[:LONGEST_QUESTION]).strip().replace(" ", "")
    if not typed:
        return []
    books = shelf.books(session)
    once: dict[str, Suggestion] = {}
    for name in _beginning(books, typed):
        once.setdefault(name.task_code, name)
    if len(once) < min(limit, _FEW):
        _, found = _found(session, books, typed, limit=limit, audience=None)
        for one in found:
            if one.entry.task_code is not None and one.coverage >= _NAMES_LEAST:
                entry = one.entry
                said = Suggestion(entry.name, one.entry.task_code, entry.name, entry.provenance)
                once.setdefault(said.task_code, said)
    public = gathering.still_public(session, list(once))
    return [name for code, name in once.items() if code in public][:limit]


def _beginning(books: Books, typed: str) -> Iterable[Suggestion]:
    yield from books.names.beginning_with(typed)
    if books.disk is None:
        return
    found = []
    for entry in books.disk.beginning(typed):
        begun = [
            name
            for name in names.named(entry)
            if any(one.startswith(typed) for one in wording.spellings(wording.simplified(name.text)))
        ]
        found += sorted(begun, key=names.shortest)[:1]
    yield from sorted(found, key=names.shortest)


def _found(
    session: Session, books: Books, asked: str, *, limit: int, audience: str | None
) -> tuple[Question, list[Found]]:
    question, found = books.find(asked, limit=limit, audience=audience)
    if books.unmade:
        found += fallback(session, asked).find(question, limit=limit, audience=audience)
        found.sort(key=lambda one: -one.score)
    return question, [one for one in found if one.entry.task_code is not None or _fits(one)]


def _fits(one: Found) -> bool:
    return one.likeness >= _FITS or one.coverage >= index.COVERAGE_NEEDED


def _public(session: Session, found: list[Found]) -> list[Found]:
    codes = [one.entry.task_code for one in found if one.entry.task_code is not None]
    public = gathering.still_public(session, codes)
    return [one for one in found if one.entry.task_code is None or one.entry.task_code in public]


def _hit(found: Found, question: Question) -> Hit:
    passage = found.passage
    return Hit(
        kind="faq" if passage.field == "faqs" or found.entry.task_code is None else "guide",
        task_code=found.entry.task_code,
        name=found.entry.name,
        excerpt=passage.answer or passage.text,
        field="faqs" if passage.field == "answers" else passage.field,
        version=found.entry.version,
        matched=list(index.matched(question, found)),
        score=round(found.score, 4),
        provenance=found.entry.provenance,
    )


def _understood(asked: str, question: Question, found: list[Found]) -> str:
    """The question in simplified characters, its pinyin replaced by the words it spells."""
    plain = wording.simplified(asked).strip()
    if not question.letters:
        return plain
    plain = wording.joined_letters(plain)
    for run in question.letters:
        spelled = (
            wording.spelled(wording.simplified(passage.text), run)
            for one in found[:3]
            for passage in one.entry.passages
        )
        plain = plain.replace(run, next((word for word in spelled if word), run))
    return plain
