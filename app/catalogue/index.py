"""What can be found and how well it fits a question (检索评判): passages of guides and answers.

A score is the share of the question's weight that an entry covers, plus how much its best passage looks
like the question. An answer is confident when the share is large enough and no other entry is as good.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.catalogue import elsewhere, wording
from app.catalogue.entries import FIRST, Document, Entry, Passage
from app.catalogue.reading import Question, Reader, Vocabulary

_SYNONYM = 0.6  # a standard word that stands for what was said
_LIKENESS = 0.6
_CANDIDATES = 48
_CLOSELY = 20  # so many are compared with the question passage by passage
_LEAST = 0.1  # what scores less is not worth showing
# Sums differ in their last digits by the order of a set; what is equal has one order in every process.
_EQUAL, _NO_MORE = 9, 1e-9
COVERAGE_NEEDED = 0.5
GENERAL_COVERAGE_NEEDED = 0.7  # 几点下班 is also asked of banks
LIKENESS_NEEDED = 0.42
# One of the two must be plain: 律师执业证 has half its words and half its look from 护士执业注册.
PLAIN_MATTER, PLAIN_LIKENESS = 0.78, 0.65
FAINT_LIKENESS, WHOLE_MATTER = 0.5, 0.82  # a passage that looks no more like it must hold nearly all of it
LEAD_NEEDED = 0.92  # the second best may reach this share of the best, not more


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with the passage that matched best and the share of the question it covers.

    Each piece of the question counts as much as the field that holds it tells. `matter` is the share without
    the words that only ask, where the entry does not hold them. `grams` are what the entry holds.
    """

    entry: Entry
    passage: Passage
    plain: str
    score: float
    coverage: float
    matter: float
    likeness: float
    grams: Mapping[str, float]


class _Judged(NamedTuple):
    """A document with its score, the weight it covers, how like its likest passage is, and which that is."""

    document: Document
    score: float
    covered: float
    likeness: float
    likest: int


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
        asked = list(question.weights.items())
        meant = question.meant - question.weights.keys()
        beside = [(gram, _SYNONYM * self.reader.weight(gram)) for gram in meant]
        scored = []
        for one in documents:
            if audience is None or not one.entry.audiences or audience in one.entry.audiences:
                covered = _covered(one.grams, asked)
                meant_too = _covered(one.grams, beside) if beside else 0.0
                scored.append((covered + meant_too, covered, one))
        scored.sort(key=lambda one: (round(-one[0], _EQUAL), one[2].entry.key))
        judged = []
        for place, (score, covered, one) in enumerate(scored):
            likeness, passage = self._likest(one, question) if place < _CLOSELY else (0.0, 0)
            whole = score / question.total + _LIKENESS * likeness
            judged.append(_Judged(one, whole, covered, likeness, passage))
        judged.sort(key=lambda one: (round(-one.score, _EQUAL), one.document.entry.key))
        return [_found(question, one) for one in judged[:limit] if one.score >= _LEAST]

    def _likest(self, document: Document, question: Question) -> tuple[float, int]:
        """How like the likest passage is, and its number.

        Twice what both hold over what either holds (Dice), or that the whole name was said; by weight.
        """
        measured, holders = document.measured(self.reader), document.holders
        both = [0.0] * (FIRST + len(measured))
        for gram, weight in question.weights.items():
            for place in map(ord, holders.get(gram, "")):
                both[place] += weight
        total, likest, best = question.total, 0.0, 0
        for number, shared in enumerate(both[FIRST:]):
            if not shared:
                continue
            held, worth, whole = measured[number] or document.measure(number, self.reader)
            if question.lettered:
                likeness = min(1.0, shared / total)
            else:
                likeness = 2 * shared / (total + max(shared, held))
                if whole > likeness:
                    likeness = max(likeness, whole * min(1.0, shared / held) ** 3)
            if likeness * worth > likest + _NO_MORE:
                likest, best = likeness * worth, number
        return likest, best


def _covered(grams: Mapping[str, float], asked: Iterable[tuple[str, float]]) -> float:
    """How much of what was asked the fields of an entry hold."""
    return sum([weight * grams[gram] for gram, weight in asked if gram in grams])


def _found(question: Question, judged: _Judged) -> Found:
    document, total, grams = judged.document, question.total, judged.document.grams
    asking = sum([weight for gram, weight in question.asking.items() if gram not in grams])
    return Found(
        document.entry,
        document.entry.passages[judged.likest],
        document.plains[judged.likest],
        score=judged.score,
        coverage=judged.covered / total,
        matter=min(1.0, judged.covered / max(total - asking, 0.001)),
        likeness=judged.likeness,
        grams=grams,
    )


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
    plain = found.plain
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
