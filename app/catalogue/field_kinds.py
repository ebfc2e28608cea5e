"""What a field of an item can be (字段种类)."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

from app.catalogue.codes import CodeList


class Absent(Enum):
    """That there is no value, where null would be one."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Kind(StrEnum):
    """What a field's value is."""

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    TEXTS = "texts"
    ROWS = "rows"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: what it may hold, and whom it is asked of.

    `rule` is the rule that is broken when it is missing or empty. `ours`: demanded of our own shape only, for
    other sources rarely publish it. `derived`: words beside a code, not asked of a clerk. `fewest` counts
    characters of a text, elements of a list. `plain`: it stands in addresses, so only plain characters.
    `digest`: it names a file by the SHA-256 of its bytes. `blank`: what an empty cell of a sheet stands for.
    """

    name: str
    label: str
    kind: Kind
    needed: bool = False
    ours: bool = False
    words: CodeList | None = None
    longest: int = 4000
    fewest: int = 0
    nullable: bool = False
    rule: str = "required"
    derived: bool = False
    plain: bool = False
    digest: bool = False
    date: bool = False
    note: str = ""
    blank: Any = ABSENT
    parts: tuple["Field", ...] = ()


def text(name: str, label: str, **more: object) -> Field:
    """A text (文本)."""
    return Field(name=name, label=label, kind=Kind.TEXT, **more)  # type: ignore[arg-type]


def code(name: str, label: str, words: CodeList, **more: object) -> Field:
    """One word of a code list (代码)."""
    return Field(name=name, label=label, kind=Kind.TEXT, words=words, **more)  # type: ignore[arg-type]


def whole(name: str, label: str, longest: int, **more: object) -> Field:
    """A whole number from 0 to `longest` (整数)."""
    return Field(name=name, label=label, kind=Kind.WHOLE, longest=longest, **more)  # type: ignore[arg-type]


def flag(name: str, label: str, **more: object) -> Field:
    """Yes or no (是否)."""
    return Field(name=name, label=label, kind=Kind.FLAG, **more)  # type: ignore[arg-type]


def texts(name: str, label: str, **more: object) -> Field:
    """A list of texts, or of words of a code list (多行文本)."""
    return Field(name=name, label=label, kind=Kind.TEXTS, **more)  # type: ignore[arg-type]


def rows(name: str, label: str, *parts: Field, **more: object) -> Field:
    """A list of objects, on a sheet of its own (子表)."""
    return Field(name=name, label=label, kind=Kind.ROWS, parts=parts, **more)  # type: ignore[arg-type]


def group(name: str, label: str, *parts: Field, **more: object) -> Field:
    """An object whose parts stand as columns of their own (分组)."""
    return Field(name=name, label=label, kind=Kind.GROUP, parts=parts, **more)  # type: ignore[arg-type]
