"""Documents as PDF (文书版式): the city's printed pages, with codes, a place for the seal, page x of y.

The same document gives the same bytes, whoever draws it and when.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from app.codes import qr
from app.documents.facts import day
from app.documents.seal import Mark
from app.documents.sheet import Part, Sheet
from app.papers import letters
from app.papers.pdf import BODY, HEIGHT, INNER, MARGIN, SMALL, WIDTH, Cell, Pages, wrapped
from app.plain_text import readable

_LABEL_WIDTH = 112.0
_CODE = 76.0  # points: 27 mm, read from a hand's breadth
_CODE_GAP = 20.0
_FOOT = 124.0  # what the last block needs: it stays on one page
_RING = 52.0
_RED = Color(0.78, 0.1, 0.1)
_INK = Color(0, 0, 0)
_SHADOW = "演示"


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on the paper besides the sheet."""

    title: str
    number: str
    dept_name: str
    issued_on: date
    verify: str


def draw(printed: Printed, sheet: Sheet, mark: Mark) -> bytes:
    """The document as PDF."""
    pages = Pages(
        title=f"{printed.title}{printed.number}",
        author=printed.dept_name,
        footer=f"{printed.dept_name}　{printed.title}　{printed.number}",
        watermark=_SHADOW if sheet.demo else "",
    )
    pages.paragraph(printed.dept_name, size=BODY + 3, centred=True)
    pages.heading(printed.title)
    pages.paragraph(printed.number, centred=True)
    pages.gap(14)
    pages.paragraph(f"{_line(sheet.addressee)}：")
    pages.gap(4)
    pages.paragraph(f"　　{_line(sheet.opening)}")
    pages.gap(10)
    for name, value in sheet.rows:
        pages.row(
            Cell(_LABEL_WIDTH, texts=(name,), centred=True),
            Cell(INNER - _LABEL_WIDTH, texts=(_line(value),), centred=True),
        )
    for part in sheet.parts:
        _part(pages, part)
    if sheet.closing:
        pages.gap(10)
        pages.paragraph(f"　　{sheet.closing}")
    _signs(pages, sheet.signs)
    _foot(pages, printed, follow=sheet.follow, mark=mark)
    return pages.finish()


def _line(text: str) -> str:
    """A text on one paragraph, with only what can be shown."""
    return " ".join(readable(text).split("\n"))


def _part(pages: Pages, part: Part) -> None:
    pages.gap(10)
    pages.keep_together(3 * BODY * 1.5)  # a heading does not stay behind alone
    pages.paragraph(part.heading, bold=True)
    for text in part.paragraphs:
        for paragraph in readable(text).split("\n"):
            pages.paragraph(paragraph)


def _signs(pages: Pages, signs: Sequence[str]) -> None:
    for sign in signs:
        pages.gap(12)
        pages.keep_together(24)
        pages.text(MARGIN, pages.top, sign)
        reach = letters.width_of(sign, BODY)
        pages.rule(MARGIN + reach, pages.top + 16, INNER - reach)
        pages.gap(18)


def _foot(pages: Pages, printed: Printed, *, follow: str, mark: Mark) -> None:
    """The codes on the left, the department with its seal and the day on the right."""
    pages.gap(16)
    pages.keep_together(_FOOT)
    top = pages.top
    left = MARGIN
    for content, said in ((follow, "扫码看办理进度"), (printed.verify, "扫码核验真伪")):
        if content:
            code(pages, content, left=left, top=top)
            over = (_CODE - letters.width_of(said, SMALL)) / 2
            pages.text(left + over, top + _CODE + 2, said, size=SMALL)
            left += _CODE + _CODE_GAP
    middle = WIDTH - MARGIN - 100
    # The ring first: what is written stands above it and can be read.
    stamp(pages, mark, middle=middle, centre=top + 58)
    lines = [*wrapped(printed.dept_name, 200, BODY), day(printed.issued_on)]
    below = top + 58 - len(lines) * BODY * 0.75 + (0 if mark.ring else 26)
    for line in lines:
        pages.text(middle - letters.width_of(line, BODY) / 2, below, line)
        below += BODY * 1.6
    pages.gap(_FOOT)


def code(pages: Pages, content: str, *, left: float, top: float, side: float = _CODE) -> None:
    """A code as black squares, so many points wide and high."""
    rows = qr.matrix(content)
    module = side / len(rows)

    def paint(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor(Color(1, 1, 1))
        canvas.rect(left, HEIGHT - top - side, side, side, stroke=0, fill=1)
        canvas.setFillColor(_INK)
        path = canvas.beginPath()
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    path.rect(left + x * module, HEIGHT - top - (y + 1) * module, module, module)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()

    pages.put(paint)


def _centred(canvas: Canvas, text: str, *, middle: float, low: float, size: float) -> None:
    letters.write(canvas, text, left=middle - letters.width_of(text, size) / 2, low=low, size=size)


def stamp(pages: Pages, mark: Mark, *, middle: float, centre: float) -> None:
    """What stands at the seal's place."""

    def paint(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setStrokeColor(_RED)
        canvas.setFillColor(_RED)
        low = HEIGHT - centre
        if mark.ring:
            canvas.setLineWidth(2)
            canvas.setDash(6, 3)  # no seal has a broken ring
            canvas.circle(middle, low, _RING, stroke=1, fill=0)
            reach = _RING * math.sqrt(0.5)
            _centred(canvas, mark.words, middle=middle, low=low + reach - 8, size=12)
            _centred(canvas, mark.below, middle=middle, low=low - reach - 2, size=SMALL)
        else:
            canvas.setFillColor(_INK)
            _centred(canvas, mark.words, middle=middle, low=low + _RING - 12, size=BODY)
        canvas.restoreState()

    pages.put(paint)
