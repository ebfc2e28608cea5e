"""What a document says (文书内容), as data: its file is drawn from this and from nothing else."""

from dataclasses import dataclass, field
from typing import Any

import orjson

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Some paragraphs under a heading."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document: whom it is for, what it says, in rows and paragraphs, and where to ask.

    `follow` is what the code beside the department's name says (办理进度); `demo`: made from demonstration
    data, and marked so. `signs`: lines for the signature of whoever takes it.
    """

    addressee: str
    opening: str
    rows: tuple[Row, ...]
    parts: tuple[Part, ...] = ()
    closing: str = ""
    follow: str = ""
    demo: bool = False
    signs: tuple[str, ...] = field(default=())


def sealed(sheet: Sheet) -> str:
    """A sheet as text for its encrypted column."""
    return orjson.dumps(sheet).decode()


def opened(text: str) -> Sheet:
    """A sheet from its column."""
    kept: dict[str, Any] = orjson.loads(text)
    kept["rows"] = tuple((name, value) for name, value in kept["rows"])
    kept["parts"] = tuple(Part(part["heading"], tuple(part["paragraphs"])) for part in kept["parts"])
    kept["signs"] = tuple(kept["signs"])
    return Sheet(**kept)


def corrected(sheet: Sheet, *, earlier: str, said: str) -> Sheet:
    """The same document once more, as it is now, naming the one that it corrects (更正)."""
    part = Part("更正说明", (f"本文书更正并取代{earlier}，原文书不再使用。", said))
    return Sheet(
        addressee=sheet.addressee,
        opening=sheet.opening,
        rows=sheet.rows,
        parts=(part, *sheet.parts),
        closing=sheet.closing,
        follow=sheet.follow,
        demo=sheet.demo,
        signs=sheet.signs,
    )
