"""What can be found, read once (可检索的条目): entries, their passages, and which of them hold which gram."""

from dataclasses import dataclass

from app.catalogue import sounding, wording
from app.catalogue.reading import Reader

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
NAMES = frozenset({"task_name", "plain_names", "aliases", "keywords", "title"})
_WHOLE_NAME = 14.0  # a name of this weight that is wholly in the question settles it
# A question that looks exactly like a known one is that question, whatever the item is called.
_LIKENESS_WEIGHTS = {"faqs": 1.05, "keywords": 0.6}
# Of one passage: the weight of its grams, what a likeness to it is worth, what its whole name is worth.
_Measure = tuple[float, float, float]
FIRST = 0x30  # of the characters that number passages; those before it are long in JSON
_MOST = 10_000  # passages of one entry; the characters up to there are whole ones
_OF_SOUNDS = sounding.PAIR + sounding.INITIALS


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


@dataclass(slots=True)
class Document:
    """An entry that was read: its passages in plain characters, for each gram the best field that holds it.

    `holders` are, for each gram, the passages that hold it, each one character from FIRST on. So a question
    looks up its few grams, not every passage, and thousands of entries stay light for the garbage collector.
    """

    entry: Entry
    plains: list[str]
    grams: dict[str, float]
    holders: dict[str, str]
    _told: list[list[str]] | None = None
    _measured: tuple[object, list[_Measure | None]] | None = None

    def measured(self, reader: Reader) -> list[_Measure | None]:
        """What passages weigh by the rarities of this reader, as far as `measure` was asked; kept for it."""
        known = self._measured
        if known is None or known[0] is not reader:
            known = self._measured = (reader, [None] * len(self.plains))
        return known[1]

    def measure(self, number: int, reader: Reader) -> _Measure:
        """What one passage weighs; only when it is needed, for rarities may have to be looked up on disk."""
        if self._told is None:
            self._told = self._inverted()
        held = sum(map(reader.weight, self._told[number]))
        found = _measure(self.entry.passages[number].field, max(held, 0.001))
        self.measured(reader)[number] = found
        return found

    def _inverted(self) -> list[list[str]]:
        told: list[list[str]] = [[] for _ in self.plains]
        for gram, numbers in self.holders.items():
            if gram[0] not in _OF_SOUNDS:
                for place in map(ord, numbers):
                    told[place - FIRST].append(gram)
        return told


def _measure(of: str, held: float) -> _Measure:
    names = of in NAMES and of != "keywords"
    worth = _LIKENESS_WEIGHTS.get(of, FIELD_WEIGHTS[of])
    return held, worth, min(1.0, held / _WHOLE_NAME) if names else 0.0


def read_entry(entry: Entry) -> Document:
    """Read an entry once; the same for every vocabulary."""
    document = Document(entry, [], {}, {})
    for number, passage in enumerate(entry.passages[:_MOST]):
        plain = wording.simplified(passage.text)
        # A known question is read as a question is, so that the same words are the same grams.
        asked = wording.content(plain) if passage.field == "faqs" else ""
        grams = wording.grams(asked or plain)
        if passage.field in NAMES:
            grams |= _sounds(plain, initials=passage.field != "aliases")
        weight = FIELD_WEIGHTS[passage.field]
        for gram in grams:
            document.holders[gram] = document.holders.get(gram, "") + chr(FIRST + number)
            if document.grams.get(gram, 0.0) < weight:
                document.grams[gram] = weight
        document.plains.append(plain)
    return document


def _sounds(plain: str, *, initials: bool) -> set[str]:
    found: set[str] = set()
    for word in plain.split():
        said = sounding.syllables(wording.characters(word))
        found |= sounding.pairs(said)
        found |= {sounding.PAIR + sounding.heard(one) for one in said}
        if initials:
            found |= sounding.initials("".join(one[:1] for one in said))
    return found
