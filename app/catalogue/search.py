"""Finding a guide in one's own words (检索), from an index that every process keeps for itself."""

import bisect
import threading
from dataclasses import dataclass, replace

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.catalogue import generation, wording
from app.catalogue.index import Entry, Found, Index, Passage
from app.catalogue.models import Faq, GuideVersion, ItemState, ServiceItem
from app.catalogue.search_models import SearchAlias

LONGEST_QUESTION = 200


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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to complete what is being typed."""

    text: str
    task_code: str
    name: str
    provenance: str


def find(session: Session, *, text: str, limit: int = 10, audience: str | None = None) -> SearchResult:
    """Guides and general answers for a question, best first; only the first 200 characters are read.

    `audience` is "personal" or "business". Not confident means: offer the hits as a choice, do not answer.
    """
    index = shelf.index(session).words
    question = index.question(text[:LONGEST_QUESTION])
    found = index.find(question, limit=max(limit, 2), audience=audience)
    hits = [_hit(one) for one in found[:limit]]
    return SearchResult(_understood(text, question.pinyin, found), index.confident(question, found), hits)


def suggest(session: Session, *, text: str, limit: int = 10) -> list[Suggestion]:
    """Names that begin with what is typed (characters, pinyin or initials), then those that hold it."""
    return shelf.index(session).beginning(text[:LONGEST_QUESTION], limit=limit)


class Names:
    """Every name of every item in the order of its spellings, for completing what is typed."""

    def __init__(self, entries: list[Entry]) -> None:
        """Sort the names of the items by characters, pinyin and initials."""
        self._keys: list[tuple[str, int]] = []
        self._names: list[Suggestion] = []
        for entry in entries:
            for passage in entry.passages:
                if entry.task_code and passage.field in {"task_name", "plain_names"}:
                    self._add(Suggestion(passage.text, entry.task_code, entry.name, entry.provenance))
        self._keys.sort()

    def beginning_with(self, typed: str) -> list[Suggestion]:
        """The names whose characters, pinyin or initials begin so, shortest first."""
        start = bisect.bisect_left(self._keys, (typed, -1))
        end = bisect.bisect_left(self._keys, (typed + "\U0010ffff", -1))
        found = {number for _, number in self._keys[start : min(end, start + 200)]}
        return sorted((self._names[number] for number in found), key=lambda name: (len(name.text), name.text))

    def _add(self, name: Suggestion) -> None:
        number = len(self._names)
        self._names.append(name)
        plain = wording.simplified(name.text)
        said = wording.syllables(plain)
        spellings = {plain, "".join(said), "".join(part[:1] for part in said)} - {""}
        self._keys += [(spelling, number) for spelling in spellings]


class Shelf:
    """The index that is in use, with the generation it was built from."""

    def __init__(self) -> None:
        self._built: tuple[int, _Books] | None = None
        self._building = threading.Lock()

    def index(self, session: Session) -> "_Books":
        """The index; rebuilt by one thread when the catalogue has changed, while others use the old one."""
        number = generation.watch.number(session)
        built = self._built
        if built is not None and built[0] == number:
            return built[1]
        if built is None:
            self._building.acquire()
        elif not self._building.acquire(blocking=False):
            return built[1]
        try:
            if self._built is None or self._built[0] != number:
                self._built = (number, _Books(_entries(session)))
            return self._built[1]
        finally:
            self._building.release()


class _Books:
    def __init__(self, entries: list[Entry]) -> None:
        self.words = Index(entries)
        self.names = Names(entries)

    def beginning(self, typed: str, *, limit: int) -> list[Suggestion]:
        plain = wording.simplified(typed).strip().replace(" ", "")
        if not plain:
            return []
        names = self.names.beginning_with(plain)
        for found in self.words.find(self.words.question(plain), limit=limit):
            entry = found.entry
            if entry.task_code is not None:
                names.append(Suggestion(entry.name, entry.task_code, entry.name, entry.provenance))
        once: dict[str, Suggestion] = {}
        for name in names:
            once.setdefault(name.task_code, name)
        return list(once.values())[:limit]


shelf = Shelf()


def _entries(session: Session) -> list[Entry]:
    faqs: dict[str | None, list[Faq]] = {}
    for faq in session.scalars(select(Faq).order_by(Faq.id)):
        faqs.setdefault(faq.task_code, []).append(faq)
    current = (
        select(ServiceItem.audiences, GuideVersion.version, GuideVersion.body)
        .join(GuideVersion, and_(GuideVersion.service_item_id == ServiceItem.id))
        .where(
            ServiceItem.state == ItemState.IN_USE.value,
            ServiceItem.secret.is_(False),
            GuideVersion.effective_to.is_(None),
        )
        .order_by(ServiceItem.id)
    )
    aliases: dict[str, list[str]] = {}
    for alias in session.scalars(select(SearchAlias).order_by(SearchAlias.id)):
        aliases.setdefault(alias.task_code, []).append(alias.words)
    entries = []
    for row in session.execute(current):
        own = faqs.get(row.body["task_code"], [])
        said = aliases.get(row.body["task_code"], [])
        entry = _item_entry(row.body, own, version=row.version, audiences=tuple(row.audiences))
        words = tuple(Passage("aliases", one) for one in said)
        entries.append(replace(entry, passages=entry.passages + words))
    return entries + [_faq_entry(faq) for faq in faqs.get(None, [])]


def _item_entry(
    body: dict[str, object], own: list[Faq], *, version: int, audiences: tuple[str, ...]
) -> Entry:
    passages = [Passage("task_name", str(body["task_name"]))]
    passages += [Passage("plain_names", name) for name in _texts(body, "plain_names")]
    passages.append(Passage("keywords", " ".join(_texts(body, "keywords"))))
    asked: dict[str, str] = {faq["question"]: faq["answer"] for faq in _objects(body, "faqs")}
    for faq in own:
        asked |= dict.fromkeys([faq.question, *faq.paraphrases], faq.answer)
    for question, answer in asked.items():
        passages.append(Passage("faqs", question, answer))
    passages += [Passage("answers", answer, answer) for answer in dict.fromkeys(asked.values())]
    passages += [Passage("accept_condition", condition) for condition in _texts(body, "accept_condition")]
    passages += [Passage("common_mistakes", mistake) for mistake in _texts(body, "common_mistakes")]
    passages.append(Passage("materials", " ".join(one["name"] for one in _objects(body, "materials"))))
    passages.append(Passage("department", f"{body['dept_name']} {body['theme']}"))
    read = tuple(passage for passage in passages if passage.text.strip())
    name, code, provenance = str(body["task_name"]), str(body["task_code"]), str(body["provenance"])
    return Entry(code, name, version, audiences, provenance, read)


def _faq_entry(faq: Faq) -> Entry:
    passages = [Passage("faqs", asked, faq.answer) for asked in [faq.question, *faq.paraphrases]]
    passages.append(Passage("answers", faq.answer, faq.answer))
    return Entry(None, faq.question, None, (), faq.provenance, tuple(passages))


def _texts(body: dict[str, object], field: str) -> list[str]:
    values = body.get(field)
    return [str(value) for value in values] if isinstance(values, list) else []


def _objects(body: dict[str, object], field: str) -> list[dict[str, str]]:
    values = body.get(field)
    return list(values) if isinstance(values, list) else []


def _hit(found: Found) -> Hit:
    passage = found.passage
    return Hit(
        kind="faq" if passage.field == "faqs" or found.entry.task_code is None else "guide",
        task_code=found.entry.task_code,
        name=found.entry.name,
        excerpt=passage.answer or passage.text,
        field="faqs" if passage.field == "answers" else passage.field,
        version=found.entry.version,
        matched=list(found.matched),
        score=round(found.score, 4),
        provenance=found.entry.provenance,
    )


def _understood(asked: str, letters: tuple[str, ...], found: list[Found]) -> str:
    """The question in simplified characters, its pinyin replaced by the words it spells."""
    plain = wording.simplified(asked[:LONGEST_QUESTION]).strip()
    for run in letters:
        spelled = (
            wording.spelled(wording.simplified(passage.text), run)
            for one in found[:3]
            for passage in one.entry.passages
        )
        plain = plain.replace(run, next((word for word in spelled if word), run))
    return plain
