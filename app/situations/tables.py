"""The questions and decision tables of a guide as data (情形问题、决策表).

A guide carries them as `situations`: `questions` in the order in which they are asked, and `rows`, of which
every one whose conditions all hold applies. Nothing in them is a program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an answer is."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    DATE = "date"


class Test(StrEnum):
    """How a condition compares; years and days are counted between an answered date and today.

    HAS: at least one of several choices was ticked; HAS_NOT: none of them was.
    """

    IS = "is"
    IN = "in"
    HAS = "has"
    HAS_NOT = "has_not"
    AT_LEAST = "at_least"
    BELOW = "below"
    YEARS_AT_LEAST = "years_at_least"
    YEARS_BELOW = "years_below"
    DAYS_AT_LEAST = "days_at_least"
    DAYS_BELOW = "days_below"
    WITHIN_DAYS = "within_days"
    NOT_WITHIN_DAYS = "not_within_days"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one answer."""

    question: str
    test: Test
    value: Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `ask_when` names the answers that make it worth asking.

    `changeable` tells whether the person could do something about the answer. `known_from` names the proven
    fact that may answer it (see `known`), `known_by` the certificates, `known_as` the choice that is proven;
    `stable`: what was answered last time may be proposed again.
    """

    key: str
    text: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    help: str = ""
    unit: str = ""
    known_from: str | None = None
    known_by: tuple[str, ...] = ()
    known_as: str | None = None
    stable: bool = False
    ask_when: tuple[Condition, ...] = ()
    changeable: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody cannot apply, by which rule, and what they can do instead."""

    reason: str
    law: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What follows when all conditions hold; materials and fees by code, limits in days of their unit."""

    when: tuple[Condition, ...]
    need: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    fees: tuple[str, ...] | None = None
    limit: tuple[int, str] | None = None
    place: str | None = None
    visits: int | None = None
    refuse: Refusal | None = None
    note: str = ""
    effective_from: date = date.min
    effective_to: date = date.max

    def is_in_force(self, today: date) -> bool:
        """Whether the row holds on this day; the last day counts."""
        return self.effective_from <= today <= self.effective_to


@dataclass(frozen=True, slots=True)
class Table:
    """All questions and rows of one guide."""

    questions: tuple[Question, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    def question(self, key: str) -> Question | None:
        """The question of this key."""
        return next((one for one in self.questions if one.key == key), None)


EMPTY = Table()
# Kinds that are answered by choices, and comparisons with a list of them.
CHOOSING = frozenset({Kind.CHOICE, Kind.SEVERAL})
LISTING = frozenset({Test.IN, Test.HAS, Test.HAS_NOT})


def read(raw: Mapping[str, Any] | None) -> Table:
    """The tables of a guide that was checked before publication; without them there are no questions."""
    if not raw:
        return EMPTY
    return Table(
        tuple(_question(one) for one in raw["questions"]),
        tuple(_row(one) for one in raw.get("rows", [])),
    )


def _question(raw: Mapping[str, Any]) -> Question:
    return Question(
        key=raw["key"],
        text=raw["text"],
        kind=Kind(raw["kind"]),
        choices=tuple(Choice(one["value"], one["text"]) for one in raw.get("choices", [])),
        help=raw.get("help", ""),
        unit=raw.get("unit", ""),
        known_from=raw.get("known_from"),
        known_by=tuple(raw.get("known_by", [])),
        known_as=raw.get("known_as"),
        stable=raw.get("stable", False),
        ask_when=_conditions(raw.get("ask_when", [])),
        changeable=raw.get("changeable", raw["kind"] != Kind.DATE),
    )


def _row(raw: Mapping[str, Any]) -> Row:
    limit, refuse = raw.get("limit"), raw.get("refuse")
    return Row(
        when=_conditions(raw["when"]),
        need=tuple(raw.get("need", [])),
        skip=tuple(raw.get("skip", [])),
        optional=tuple(raw.get("optional", [])),
        fees=tuple(raw["fees"]) if "fees" in raw else None,
        limit=(limit["days"], limit["unit"]) if limit else None,
        place=raw.get("place"),
        visits=raw.get("visits"),
        refuse=Refusal(**refuse) if refuse else None,
        note=raw.get("note", ""),
        effective_from=date.fromisoformat(raw["effective_from"]) if "effective_from" in raw else date.min,
        effective_to=date.fromisoformat(raw["effective_to"]) if "effective_to" in raw else date.max,
    )


def _conditions(raw: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """`{"q": "born", "years_below": 16}` as a condition; IN, HAS, HAS_NOT take a list."""
    found = []
    for one in raw:
        (test, value), *_ = ((name, value) for name, value in one.items() if name != "q")
        found.append(Condition(one["q"], Test(test), tuple(value) if isinstance(value, list) else value))
    return tuple(found)
