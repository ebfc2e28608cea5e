"""How a question is read (读懂问题): grams with weights, slips mended by what is known."""

import itertools
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.catalogue import elsewhere, sounding, wording

_SINGLE = 0.5  # a single character says less than a pair
_JOINING = 0.15  # such as 不 and 不想
_MENDED = 0.8  # what was probably meant
_SPELLED = 0.9
_BRIDGE = 0.45  # two known characters side by side that no entry holds so: where two words meet
_PAIRS_KNOWN, _INITIALS_KNOWN = 0.3, 0.6  # this share must be known for letters to be read so
_INITIALS_WORTH = 0.5


class Vocabulary(Protocol):
    """What is known of the grams of a catalogue."""

    @property
    def count(self) -> int:
        """How many entries there are."""

    def frequency(self, gram: str) -> int:
        """How many entries hold a gram."""


@dataclass(slots=True)
class Question:
    """What was asked: `weights` by gram, `total` the weight of all that was said, known or not.

    `meant` are the grams of the standard words for what was said, `asking` what the grams that ask rather
    than say what is asked for have added to `total`, `elsewhere` the words in it of what others handle.
    """

    text: str
    weights: dict[str, float] = field(default_factory=dict)
    total: float = 0.0
    letters: list[str] = field(default_factory=list)
    names_no_matter: bool = False
    alarming: bool = False
    to_the_machine: bool = False
    elsewhere: tuple[str, ...] = ()
    lettered: bool = False
    meant: frozenset[str] = frozenset()
    asking: dict[str, float] = field(default_factory=dict)

    def add(self, gram: str, weight: float, *, share: float = 1.0) -> None:
        """Count a gram; with a share, a part of its weight is doubt."""
        if self.weights.get(gram, 0.0) < weight * share:
            self.weights[gram] = weight * share

    def count(self, gram: str, weight: float) -> None:
        """Count what was said, known or not."""
        self.total += weight
        if wording.asks(gram):
            self.asking[gram] = self.asking.get(gram, 0.0) + weight


def look_alikes() -> dict[str, str]:
    """For each character those that are taken for it."""
    found: dict[str, set[str]] = {}
    path = Path(__file__).parent / "look_alikes.json"
    for group in json.loads(path.read_text(encoding="utf-8"))["groups"]:
        for character in group:
            found.setdefault(character, set()).update(group)
    return {character: "".join(sorted(group - {character})) for character, group in found.items()}


_LOOK_ALIKES = look_alikes()


class Reader:
    """Reads questions by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Rarity is taken from the vocabulary."""
        self._vocabulary = vocabulary
        self._weights: dict[str, float] = {}

    def weight(self, gram: str) -> float:
        """How much a gram says: the rarer, the more."""
        found = self._weights.get(gram)
        if found is None:
            found = self._weights[gram] = self._weigh(gram)
        return found

    def read(self, asked: str) -> Question:
        """Read a question: characters, pairs, and letters as pinyin or initials."""
        simplified = wording.simplified(asked)
        matter = wording.content(simplified)
        plain = wording.joined_letters(matter or simplified)
        question = Question(plain, names_no_matter=not matter, alarming=wording.alarming(simplified))
        question.to_the_machine = elsewhere.to_the_machine(matter)
        question.elsewhere = elsewhere.named(simplified)
        question.meant = frozenset(wording.grams(wording.standard_words(simplified)))
        for run in wording.words(plain):
            if run.isascii():
                self._read_letters(question, run)
            elif wording.has_letters(run):
                self._read_mixed(question, run)
            else:
                self._read_characters(question, run)
        question.total = max(question.total, sum(question.weights.values()))
        question.lettered = bool(question.weights) and all(
            gram[0] in sounding.PAIR + sounding.INITIALS for gram in question.weights
        )
        return question

    def _weigh(self, gram: str) -> float:
        count, found = self._vocabulary.count, self._vocabulary.frequency(gram)
        rarity = math.log(1 + (count - found + 0.5) / (found + 0.5))
        if wording.joins_only(gram):
            return rarity * _JOINING
        if gram[0] == sounding.INITIALS:
            return rarity * _INITIALS_WORTH
        return rarity * _SINGLE if len(gram) == 1 and not gram.isascii() else rarity

    def _known(self, gram: str) -> bool:
        return self._vocabulary.frequency(gram) > 0

    def _read_characters(self, question: Question, run: str) -> None:
        for character in run:
            question.add(character, self.weight(character))
            question.count(character, self.weight(character))
        for place, (first, second) in enumerate(itertools.pairwise(run)):
            gram = first + second
            if self._known(gram):
                question.add(gram, self.weight(gram))
                question.count(gram, self.weight(gram))
                continue
            meant = self._meant(run, place)
            for other in meant:
                question.add(other, self.weight(other), share=_MENDED)
            familiar = self._known(first) and self._known(second)
            weight = self.weight(gram) * (_BRIDGE if familiar else 1)
            question.count(gram, max(map(self.weight, meant)) if meant else weight)

    def _meant(self, run: str, place: int) -> list[str]:
        """What an unknown pair was probably meant to be: heard, seen, swapped, or with one too many."""
        first, second = run[place], run[place + 1]
        said = sounding.syllables(first + second)
        tries = [sounding.pair(*said)] if len(said) == 2 else []  # noqa: PLR2004 - a pair
        tries += [other + second for other in _LOOK_ALIKES.get(first, "")]
        tries += [first + other for other in _LOOK_ALIKES.get(second, "")]
        tries.append(second + first)
        if place + 2 < len(run) and not self._known(run[place + 1 : place + 3]):
            tries.append(first + run[place + 2])
        return [gram for gram in tries if self._known(gram) and not wording.joins_only(gram)]

    def _read_letters(self, question: Question, run: str) -> None:
        if run.isdigit() or len(run) == 1 or self._known(run):
            question.add(run, self.weight(run))
            question.total += self.weight(run)
            return
        said = sounding.cut(run, self._known)
        heard = sounding.pairs(said) or ({sounding.PAIR + sounding.heard(said[0])} if said else set())
        for grams, worth, least in (
            (heard, _SPELLED, _PAIRS_KNOWN),
            (sounding.initials(run), 1.0, _INITIALS_KNOWN),
        ):
            known = [gram for gram in grams if self._known(gram)]
            if grams and len(known) >= least * len(grams):
                for gram in grams:
                    if gram in known:
                        question.add(gram, self.weight(gram), share=worth)
                    question.total += self.weight(gram)
                question.letters.append(run)
                return
        question.total += self.weight(run)

    def _read_mixed(self, question: Question, run: str) -> None:
        """Characters and letters in one word: its characters as they are, all of it as it sounds."""
        said: list[str] = []
        for part in wording.runs(run):
            if part.isascii():
                heard = sounding.cut(part, self._known) if part.isalpha() else []
                said += heard
                if not heard:  # KTV许可证 is not wholly explained by 许可证
                    self._read_letters(question, part)
            else:
                said += sounding.syllables(part)
                self._read_characters(question, part)
        for gram in sounding.pairs(said):
            if self._known(gram):
                question.add(gram, self.weight(gram), share=_SPELLED / 2)
                question.total += self.weight(gram) / 2
