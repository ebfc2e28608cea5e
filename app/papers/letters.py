"""Which font has which letter (字库): our own first, then those that the city adds for rare names (生僻字).

GB 18030-2022 asks of public services that no name is too rare for them (实现级别 3); a font with all of its
87,887 letters is larger than this program, so the city names the ones it has: PAPER_FONTS. A letter that no
font has is printed as its number, 〔U+20BB7〕: a box would make two names the same.
"""

import functools
import logging
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from app import settings

log = logging.getLogger(__name__)

FONT_FILE = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
_OWN, _ADDED = "NotoSansSC", "added-"
_TRUETYPE = frozenset({b"\x00\x01\x00\x00", b"true"})
# Controls, joiners and selectors of variants: they stand for nothing that could be seen.
_UNSEEN = frozenset({"Cc", "Cf"})
_VARIANTS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_reading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Run:
    """Letters beside each other that one font has."""

    font: str
    letters: str


def refuse_unusable() -> None:
    """Read the first bytes of the city's fonts at a start of the program; raises UnsafeSettingError."""
    for file in settings.current().paper_fonts:
        if not file.is_file() or not _begins_as_truetype(file):
            raise settings.UnsafeSettingError(f"PAPER_FONTS: {file} is no TrueType font (.ttf).")


def runs(text: str) -> list[Run]:
    """The text as it is printed, font by font."""
    if _letters_of(_OWN).issuperset(text):
        return [Run(_OWN, text)]
    printed = filter(None, map(_printed, text))
    return [
        Run(font, "".join(one.letters for one in group))
        for font, group in groupby(printed, key=attrgetter("font"))
    ]


def width_of(text: str, size: float) -> float:
    """How wide a text is printed, in points."""
    return sum(float(pdfmetrics.stringWidth(run.letters, run.font, size)) for run in runs(text))


def write(canvas: Canvas, text: str, *, left: float, low: float, size: float, mode: int = 0) -> None:
    """Print a text whose letters stand on `low`; `mode` is PDF's, 2 draws the edges of the letters too."""
    written = canvas.beginText(left, low)
    written.setTextRenderMode(mode)
    for run in runs(text):
        written.setFont(run.font, size)
        written.textOut(run.letters)
    canvas.drawText(written)


@functools.cache
def _printed(letter: str) -> Run | None:
    """How a letter is printed; None for what cannot be seen."""
    for font in _fonts():
        if letter in _letters_of(font):
            return Run(font, letter)
    number = ord(letter)
    if unicodedata.category(letter) in _UNSEEN or any(number in variants for variants in _VARIANTS):
        return None
    log.warning("letter_without_font", extra={"letter": f"U+{number:04X}"})
    return Run(_OWN, f"〔U+{number:04X}〕")


def _fonts() -> Iterator[str]:
    """The fonts in the order in which they are asked; one that nobody needs is not read."""
    yield _OWN
    yield from (f"{_ADDED}{place}" for place in range(len(settings.current().paper_fonts)))


def _begins_as_truetype(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) in _TRUETYPE


@functools.cache
def _letters_of(font: str) -> frozenset[str]:
    # One thread reads and the others wait: a second reading would take the font away from a page being drawn.
    with _reading:
        return _read(font)


@functools.cache
def _read(font: str) -> frozenset[str]:
    """The letters of a font, which can be drawn with from now on; none of one that nobody can read."""
    file = FONT_FILE if font == _OWN else settings.current().paper_fonts[int(font.removeprefix(_ADDED))]
    try:
        read = TTFont(font, str(file))
    except TTFError:
        log.exception("font_unreadable", extra={"font": file.name})
        return frozenset()
    pdfmetrics.registerFont(read)
    return frozenset(map(chr, read.face.charToGlyph))
