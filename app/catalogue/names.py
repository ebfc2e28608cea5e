"""Completing what is typed (联想): the names of items in the order of their spellings."""

import bisect
from collections.abc import Iterable
from dataclasses import dataclass

from app.catalogue import wording
from app.catalogue.entries import Entry

NAMING = frozenset({"task_name", "plain_names"})
_MOST = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to complete what is being typed."""

    text: str
    task_code: str
    name: str
    provenance: str


class Names:
    """Every name of every item by characters, pinyin and initials."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Sort the names of the items by their spellings."""
        self._keys: list[tuple[str, int]] = []
        self._names: list[Suggestion] = []
        for entry in entries:
            for name in named(entry):
                number = len(self._names)
                self._names.append(name)
                self._keys += [
                    (spelling, number) for spelling in wording.spellings(wording.simplified(name.text))
                ]
        self._keys.sort()

    def beginning_with(self, typed: str) -> list[Suggestion]:
        """The names whose characters, pinyin or initials begin so, shortest first."""
        start = bisect.bisect_left(self._keys, (typed, -1))
        end = bisect.bisect_left(self._keys, (typed + "\U0010ffff", -1))
        found = {number for _, number in self._keys[start : min(end, start + _MOST)]}
        return sorted((self._names[number] for number in found), key=shortest)


def named(entry: Entry) -> list[Suggestion]:
    """The names of an item; none for a general question."""
    if entry.task_code is None:
        return []
    return [
        Suggestion(passage.text, entry.task_code, entry.name, entry.provenance)
        for passage in entry.passages
        if passage.field in NAMING
    ]


def shortest(name: Suggestion) -> tuple[int, str]:
    """The order of completions."""
    return len(name.text), name.text
