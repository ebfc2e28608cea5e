"""The search index of one process (检索索引): passages of guides and answers, found by pairs and pinyin.

A score is the share of the question's weight that an entry covers, plus how much its best passage looks
like the question. An answer is confident when the share is large enough and no other entry is as good.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalogue import wording

# A passage's weight says how much a match in that field tells about the entry.
FIELD_WEIGHTS = {
    "task_name": 1.0,
    "plain_names": 1.0,
    "aliases": 0.95,
    "keywords": 0.9,
    "faqs": 0.8,
    "answers": 0.5,
    "accept_condition": 0.4,
    "common_mistakes": 0.4,
    "materials": 0.4,
    "department": 0.3,
}
# A question that looks exactly like a known one is that question, whatever the item is called.
_LIKENESS_WEIGHTS = {"faqs": 1.0}
_SINGLE = 0.5  # a single character says less than a pair
_JOINING = 0.15  # such as 不 and 不想
_SYNONYM = 0.6  # a standard word that stands for what was said
_LIKENESS = 0.6
_MARKS = wording.PINYIN + wording.INITIALS
_CANDIDATES = 40
_LEAST = 0.1  # what scores less is not worth showing
_COMMON = 0.25  # single characters in more entries than this are not followed in a large catalogue
_LARGE = 500
COVERAGE_NEEDED = 0.45
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


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with the passage that matched best and the share of the question it covers."""

    entry: Entry
    passage: Passage
    matched: tuple[str, ...]
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as the index reads it."""

    text: str
    weights: dict[str, float]
    pinyin: tuple[str, ...]
    names_no_matter: bool

    @property
    def total(self) -> float:
        """The weight of the whole question."""
        return sum(self.weights.values())


@dataclass(slots=True)
class _Read:
    """A passage with its grams and, once the rarity of all grams is known, with their weight."""

    passage: Passage
    characters: frozenset[str]
    pinyin: frozenset[str]
    characters_weight: float = 0.0
    pinyin_weight: float = 0.0


class Index:
    """Immutable once built; a new publication builds a new one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Read every entry; about a second for ten thousand guides."""
        self.entries: list[Entry] = []
        self._passages: list[list[_Read]] = []
        self._postings: dict[str, dict[int, float]] = defaultdict(dict)
        for entry in entries:
            self._add(entry)
        count = len(self.entries)
        self._rarity = {
            gram: math.log(1 + (count - len(found) + 0.5) / (len(found) + 0.5))
            for gram, found in self._postings.items()
        }
        self._unknown = math.log(1 + (count + 0.5) / 0.5)
        for reads in self._passages:
            for read in reads:
                read.characters_weight = sum(map(self._weight, read.characters))
                read.pinyin_weight = sum(map(self._weight, read.pinyin))

    def question(self, asked: str) -> Question:
        """Read a question: its characters and pairs, or its letters as pinyin or initials."""
        simplified = wording.simplified(asked)
        matter = wording.content(simplified)
        plain = matter or simplified
        grams = wording.grams(plain)
        spelled = []
        for run in wording.latin_runs(plain):
            letters = self._letters(run)
            if letters:
                grams = (grams - {run}) | letters
                spelled.append(run)
        return Question(plain, {gram: self._weight(gram) for gram in grams}, tuple(spelled), not matter)

    def find(self, question: Question, *, limit: int, audience: str | None = None) -> list[Found]:
        """The best entries, best first."""
        total = question.total
        if not total:
            return []
        scores, covered = self._scores(question, audience)
        best = sorted(scores, key=lambda number: (-scores[number], number))[: max(limit, _CANDIDATES)]
        found = [
            self._judge(number, question, score=scores[number], covered=covered[number]) for number in best
        ]
        found.sort(key=lambda one: -one.score)
        return [one for one in found[:limit] if one.score >= _LEAST]

    @staticmethod
    def confident(question: Question, found: Sequence[Found]) -> bool:
        """Whether the first may be given as the answer: it covers enough, and nothing else is as good."""
        if (
            question.names_no_matter
            or wording.alarming(question.text)
            or not found
            or found[0].coverage < COVERAGE_NEEDED
        ):
            return False
        return len(found) == 1 or found[1].score < LEAD_NEEDED * found[0].score

    def _add(self, entry: Entry) -> None:
        number = len(self.entries)
        self.entries.append(entry)
        read: list[_Read] = []
        for passage in entry.passages:
            plain = wording.simplified(passage.text)
            # A known question is read as a question is, so that the same words are the same grams.
            characters = frozenset(
                wording.grams((wording.content(plain) if passage.field == "faqs" else "") or plain)
            )
            is_name = passage.field in {"task_name", "plain_names", "keywords"}
            pinyin = frozenset(wording.pinyin_grams(plain)) if is_name else frozenset()
            weight = FIELD_WEIGHTS[passage.field]
            for gram in characters | pinyin:
                postings = self._postings[gram]
                if postings.get(number, 0.0) < weight:
                    postings[number] = weight
            read.append(_Read(passage, characters, pinyin))
        self._passages.append(read)

    def _letters(self, run: str) -> set[str]:
        """Letters as full pinyin when the catalogue knows them so, else as initials, else nothing."""
        for windows in (wording.letters_as_pinyin(run), wording.letters_as_initials(run)):
            if windows and all(window in self._postings for window in windows):
                return windows
        return set()

    def _weight(self, gram: str) -> float:
        rarity = self._rarity.get(gram, self._unknown)
        if wording.joins_only(gram):
            return rarity * _JOINING
        single = len(gram) == 1 and not gram.isascii()
        return rarity * _SINGLE if single else rarity

    def _scores(self, question: Question, audience: str | None) -> tuple[dict[int, float], dict[int, float]]:
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for gram, weight in question.weights.items():
            for number, field_weight in self._followed(gram).items():
                scores[number] += weight * field_weight
                covered[number] += weight
        for gram in wording.grams(wording.standard_words(question.text)) - question.weights.keys():
            for number, field_weight in self._followed(gram).items():
                scores[number] += _SYNONYM * self._weight(gram) * field_weight
        if audience is not None:
            scores = {
                number: score
                for number, score in scores.items()
                if not self.entries[number].audiences or audience in self.entries[number].audiences
            }
        return scores, covered

    def _followed(self, gram: str) -> dict[int, float]:
        found = self._postings.get(gram, {})
        count = len(self.entries)
        too_common = len(gram) == 1 and count > _LARGE and len(found) > _COMMON * count
        return {} if too_common else found

    def _judge(self, number: int, question: Question, *, score: float, covered: float) -> Found:
        total = question.total
        likest, best = -1.0, self._passages[number][0]
        for read in self._passages[number]:
            likeness = self._likeness(read, question.weights, total) * _LIKENESS_WEIGHTS.get(
                read.passage.field, FIELD_WEIGHTS[read.passage.field]
            )
            if likeness > likest:
                likest, best = likeness, read
        return Found(
            self.entries[number],
            best.passage,
            _matched(question, best),
            score / total + _LIKENESS * likest,
            covered / total,
        )

    @staticmethod
    def _likeness(read: _Read, asked: dict[str, float], total: float) -> float:
        """Twice what both share over what both hold (Dice), by weight."""
        in_letters = all(gram[0] in _MARKS for gram in asked)
        held = read.pinyin_weight if in_letters else read.characters_weight
        shared = sum(
            weight for gram, weight in asked.items() if gram in read.characters or gram in read.pinyin
        )
        return 2 * shared / (total + held) if shared else 0.0


def _matched(question: Question, read: _Read) -> tuple[str, ...]:
    """The longest pieces of the question that the passage holds; for pinyin the characters it spells."""
    plain = wording.simplified(read.passage.text)
    pieces = [wording.spelled(plain, run) or "" for run in question.pinyin]
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
