"""What can be found and how well it fits a question (检索评判): passages of guides and answers.

A score is the share of the question's weight that an entry covers, plus how much its best passage looks
like the question. An answer is confident when the share is large enough and no other entry is as good.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.catalogue import elsewhere, sounding, wording
from app.catalogue.reading import Question, Reader, Vocabulary

# A passage's weight says how much a match in that field tells about the entry.
FIELD_WEIGHTS = {
    "task_name": 1.0,
    "plain_names": 1.0,
    "aliases": 1.0,
    "keywords": 0.9,
    "faqs": 0.8,
    "answers": 0.5,
    "accept_condition": 0.4,
    "common_mistakes": 0.4,
    "materials": 0.4,
    "department": 0.3,
    # Of policies in plain words, which are found beside guides and never among them.
    "title": 1.0,
    "summary": 0.8,
    "source": 0.8,
    "text": 0.4,
}
_SILENT: frozenset[str] = frozenset()
NAMES = frozenset({"task_name", "plain_names", "aliases", "keywords", "title"})
# A question that looks exactly like a known one is that question, whatever the item is called.
_LIKENESS_WEIGHTS = {"faqs": 1.05, "keywords": 0.6}
_SYNONYM = 0.6  # a standard word that stands for what was said
_LIKENESS = 0.6
_WHOLE_NAME = 14.0  # a name of this weight that is wholly in the question settles it
_CANDIDATES = 48
_CLOSELY = 20  # so many are compared with the question passage by passage
_LEAST = 0.1  # what scores less is not worth showing
COVERAGE_NEEDED = 0.5
GENERAL_COVERAGE_NEEDED = 0.7  # 几点下班 is also asked of banks
LIKENESS_NEEDED = 0.42
# One of the two must be plain: 律师执业证 has half its words and half its look from 护士执业注册.
PLAIN_MATTER, PLAIN_LIKENESS = 0.78, 0.65
FAINT_LIKENESS, WHOLE_MATTER = 0.5, 0.82  # a passage that looks no more like it must hold nearly all of it
LEAD_NEEDED = 0.92  # the second best may reach this share of the best, not more


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text of an entry; `answer` is set for a question."""

    field: str
    text: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: an item with its passages, or a general question."""

    task_code: str | None
    name: str
    version: int | None
    audiences: tuple[str, ...]
    provenance: str
    passages: tuple[Passage, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with the passage that matched best and the share of the question it covers.

    Each piece of the question counts as much as the field that holds it tells. `matter` is the share without
    the words that only ask, where the entry does not hold them. `grams` are what the entry holds.
    """

    entry: Entry
    passage: Passage
    plain: str | None
    score: float
    coverage: float
    matter: float
    likeness: float
    grams: Mapping[str, float]


@dataclass(slots=True)
class Read:
    """A passage with its grams; `held` is their weight by the rarities of `by`."""

    passage: Passage
    plain: str
    grams: frozenset[str]
    sounds: frozenset[str] = _SILENT
    held: float = 0.0
    by: object = None


@dataclass(slots=True)
class Document:
    """An entry that was read: its passages, and for each gram the best field that holds it."""

    entry: Entry
    reads: list[Read] = field(default_factory=list)
    grams: dict[str, float] = field(default_factory=dict)
    closed: Sequence[tuple[str, str, str]] = ()

    def opened(self) -> list[Read]:
        """Its passages; of an entry that lay on disk they are unpacked when they are first needed."""
        if not self.reads:
            self.reads = [
                Read(passage, plain, frozenset(grams.split()), frozenset(sounds.split()))
                for passage, (plain, grams, sounds) in zip(self.entry.passages, self.closed, strict=True)
            ]
        return self.reads


def read(entry: Entry) -> Document:
    """Read an entry once; the same for every vocabulary."""
    document = Document(entry)
    for passage in entry.passages:
        plain = wording.simplified(passage.text)
        # A known question is read as a question is, so that the same words are the same grams.
        asked = wording.content(plain) if passage.field == "faqs" else ""
        grams = frozenset(wording.grams(asked or plain))
        sounds = _sounds(plain, initials=passage.field != "aliases") if passage.field in NAMES else _SILENT
        weight = FIELD_WEIGHTS[passage.field]
        for gram in grams | sounds:
            if document.grams.get(gram, 0.0) < weight:
                document.grams[gram] = weight
        document.reads.append(Read(passage, plain, grams, sounds))
    return document


def _sounds(plain: str, *, initials: bool) -> frozenset[str]:
    found: set[str] = set()
    for word in plain.split():
        said = sounding.syllables(wording.characters(word))
        found |= sounding.pairs(said)
        found |= {sounding.PAIR + sounding.heard(one) for one in said}
        if initials:
            found |= sounding.initials("".join(one[:1] for one in said))
    return frozenset(found)


class Judge:
    """Says how well documents fit a question, by the rarities of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the vocabulary."""
        self.reader = Reader(vocabulary)

    def best(
        self, question: Question, documents: Iterable[Document], *, limit: int, audience: str | None = None
    ) -> list[Found]:
        """The best of these documents, best first."""
        if not question.total:
            return []
        meant = question.meant - question.weights.keys()
        beside = {gram: _SYNONYM * self.reader.weight(gram) for gram in meant}
        scored = [
            (*self._covered(document.grams, question, beside), document)
            for document in documents
            if audience is None or not document.entry.audiences or audience in document.entry.audiences
        ]
        scored.sort(key=lambda one: (-one[0], one[2].entry.key))
        found = [
            self._judged(document, question, score=score, covered=covered, closely=place < _CLOSELY)
            for place, (score, covered, document) in enumerate(scored)
        ]
        found.sort(key=lambda one: (-one.score, one.entry.key))
        return [one for one in found[:limit] if one.score >= _LEAST]

    @staticmethod
    def _covered(
        grams: dict[str, float], question: Question, beside: dict[str, float]
    ) -> tuple[float, float]:
        """How much of the question the fields of an entry hold, with and without synonyms."""
        asked = question.weights
        covered = sum([asked[gram] * grams[gram] for gram in asked.keys() & grams.keys()])
        more = sum([beside[gram] * grams[gram] for gram in beside.keys() & grams.keys()]) if beside else 0.0
        return covered + more, covered

    def _judged(
        self, document: Document, question: Question, *, score: float, covered: float, closely: bool
    ) -> Found:
        likest, place = 0.0, 0
        for number, one in enumerate(document.opened() if closely else ()):
            likeness = self._likeness(one, question)
            if likeness:
                likeness *= _LIKENESS_WEIGHTS.get(one.passage.field, FIELD_WEIGHTS[one.passage.field])
                if likeness > likest:
                    likest, place = likeness, number
        plain = document.reads[place].plain if closely else None
        passage, total = document.entry.passages[place], question.total
        asking = sum([weight for gram, weight in question.asking.items() if gram not in document.grams])
        return Found(
            document.entry,
            passage,
            plain,
            score=score / total + _LIKENESS * likest,
            coverage=covered / total,
            matter=min(1.0, covered / max(total - asking, 0.001)),
            likeness=likest,
            grams=document.grams,
        )

    def _likeness(self, one: Read, question: Question) -> float:
        """Twice what both share over what both hold (Dice), or that the whole name was said, by weight."""
        asked = question.weights
        both, sounded = asked.keys() & one.grams, asked.keys() & one.sounds
        if not both and not sounded:
            return 0.0
        shared = sum([asked[gram] for gram in both])
        heard = sum([asked[gram] for gram in sounded])
        if question.lettered:
            return min(1.0, heard / question.total)
        if one.by is not self:
            one.held, one.by = sum(map(self.reader.weight, one.grams)), self
        held = max(one.held, 0.001)
        dice = 2 * (shared + heard) / (question.total + max(held, shared + heard))
        if one.passage.field not in NAMES or one.passage.field == "keywords":
            return dice
        return max(dice, (min(1.0, (shared + heard) / held)) ** 3 * min(1.0, held / _WHOLE_NAME))


def confident(question: Question, found: Sequence[Found]) -> bool:
    """Whether the first may be given as the answer: it covers enough, and nothing else is as good."""
    if question.names_no_matter or question.alarming or question.to_the_machine or not found:
        return False
    best = found[0]
    if elsewhere.strange(question.elsewhere, best.grams):
        return False
    needed = COVERAGE_NEEDED if best.entry.task_code else GENERAL_COVERAGE_NEEDED
    if best.coverage < needed or best.likeness < LIKENESS_NEEDED:
        return False
    if best.matter < PLAIN_MATTER and best.likeness < PLAIN_LIKENESS:
        return False
    if best.likeness < FAINT_LIKENESS and best.matter < WHOLE_MATTER:
        return False
    return len(found) == 1 or found[1].score < LEAD_NEEDED * best.score


class Index:
    """All documents of a small catalogue in memory; immutable once built."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Note which document holds which gram."""
        self.documents = list(documents)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, document in enumerate(self.documents):
            for gram in document.grams:
                self._postings[gram].append(number)
        self.count = len(self.documents)
        self.judge = Judge(self)

    def frequency(self, gram: str) -> int:
        """How many documents hold a gram."""
        return len(self._postings.get(gram, ()))

    def find(self, question: Question, *, limit: int, audience: str | None = None) -> list[Found]:
        """The best entries, best first."""
        return self.judge.best(question, self.candidates(question), limit=limit, audience=audience)

    def candidates(self, question: Question) -> list[Document]:
        """The documents that hold most of what was said."""
        scores: dict[int, float] = defaultdict(float)
        for gram in question.weights.keys() | question.meant:
            weight = self.judge.reader.weight(gram)
            for number in self._postings.get(gram, ()):
                scores[number] += weight * self.documents[number].grams[gram]
        best = sorted(scores, key=lambda number: (-scores[number], number))[:_CANDIDATES]
        return [self.documents[number] for number in best]


def matched(question: Question, found: Found) -> tuple[str, ...]:
    """The longest pieces of the question that the best passage holds; for pinyin the characters it spells."""
    plain = found.plain or wording.simplified(found.passage.text)
    pieces = [wording.spelled(plain, run) or "" for run in question.letters]
    start = 0
    while start < len(question.text):
        end = start
        while end < len(question.text) and question.text[start : end + 1] in plain:
            end += 1
        piece = question.text[start:end].strip()
        if piece and (len(piece) > 1 or piece.isdigit()):
            pieces.append(piece)
        start = max(end, start + 1)
    return tuple(dict.fromkeys(piece for piece in pieces if piece))
