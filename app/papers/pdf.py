"""Printed pages (排版): A4 sheets with Chinese text, tables, boxes and page numbers, as PDF.

The same content always gives the same bytes: no times and no random names are in them. Sizes are points,
1/72 inch; places are counted from the top of the page.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reportlab import rl_config
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from app.papers import letters
from app.papers.letters import width_of

WIDTH, HEIGHT = 595.28, 841.89  # A4
MARGIN = 56.0
INNER = WIDTH - 2 * MARGIN
BODY, SMALL, TITLE = 10.5, 8.5, 18.0

_BOTTOM = HEIGHT - 52.0
_LEADING = 1.5
_PADDING = 6.0
_BASELINE = 0.82  # of the line's height: where letters stand
_BOLD_STROKE = 0.035  # of the size: there is one weight of the font, a title's edge is drawn too
_INK, _PALE, _RULE = Color(0, 0, 0), Color(0.42, 0.42, 0.42), Color(0.35, 0.35, 0.35)
_MARK = Color(0.9, 0.9, 0.9)
_MARK_SIZE = 150.0
_NOT_FIRST = frozenset("，。、；：！？）》”’】…—,.;:!?)")  # 避头: what no line begins with
_HANGING = 1.0  # of the size: how far such marks stand out at most before the next line takes them

rl_config.useA85 = 0  # files may hold bytes; as letters they are a quarter larger

Draw = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row: texts above each other; `draw` adds what is no text.

    `draw` gets the canvas, the left edge and the top of the free space below the texts; `room` is the height
    it needs there.
    """

    width: float
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    room: float = 0.0
    draw: Callable[["Pages", float, float], None] | None = None
    centred: bool = False


class Pages:
    """Pages being filled from above; what does not fit begins the next page."""

    def __init__(self, *, title: str, author: str, footer: str, watermark: str = "") -> None:
        """`footer` stands beside the page number, `watermark` behind the text of every page."""
        self._title, self._author, self._footer, self._watermark = title, author, footer, watermark
        self._pages: list[list[Draw]] = [[]]
        self._top = MARGIN

    def heading(self, text: str) -> None:
        """A title in the middle."""
        self._lines(text, size=TITLE, centred=True, bold=True)
        self.gap(6)

    def paragraph(self, text: str, *, size: float = BODY, centred: bool = False, bold: bool = False) -> None:
        """Text over the whole width, broken into lines."""
        self._lines(text, size=size, centred=centred, bold=bold)

    def gap(self, height: float) -> None:
        """Some free space."""
        self._top += height

    def row(self, *cells: Cell, least: float = 26.0) -> None:
        """One row of a table; a row stays on one page."""
        height = max(least, *(self._height(cell) for cell in cells))
        self._need(height)
        left = MARGIN
        for cell in cells:
            self.box(left, self._top, width=cell.width, height=height)
            self._fill(cell, left, height)
            left += cell.width
        self._top += height

    def writing_lines(self, count: int, text: str = "") -> None:
        """Ruled lines to write on; `text` is written on the first of them."""
        said = list(wrapped(text, INNER - 2 * _PADDING, BODY)) if text else []
        for number in range(max(count, len(said))):
            self._need(26)
            if number < len(said):
                self.text(MARGIN + _PADDING, self._top + 4, said[number])
            self.rule(MARGIN, self._top + 24, INNER)
            self._top += 26

    @property
    def top(self) -> float:
        """Where the free space of this page begins."""
        return self._top

    def keep_together(self, height: float) -> None:
        """Begin the next page unless so much fits on this one."""
        self._need(height)

    def put(self, draw: Draw) -> None:
        """Draw something on this page; its places are the canvas' own, counted from below."""
        self._put(draw)

    def text(
        self,
        left: float,
        top: float,
        said: str,
        *,
        size: float = BODY,
        pale: bool = False,
        bold: bool = False,
    ) -> None:
        """One line at a place of this page."""

        def draw(canvas: Canvas) -> None:
            canvas.saveState()  # a bold line would make all that follows bold
            canvas.setFillColor(_PALE if pale else _INK)
            if bold:
                canvas.setLineWidth(size * _BOLD_STROKE)
                canvas.setStrokeColor(_INK)
            low = HEIGHT - top - size * _LEADING * _BASELINE
            letters.write(canvas, said, left=left, low=low, size=size, mode=2 if bold else 0)
            canvas.restoreState()

        self._put(draw)

    def box(self, left: float, top: float, *, width: float, height: float) -> None:
        """An empty rectangle."""

        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColor(_RULE)
            canvas.setLineWidth(0.6)
            canvas.rect(left, HEIGHT - top - height, width, height)

        self._put(draw)

    def rule(self, left: float, top: float, width: float) -> None:
        """A line to write on."""

        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColor(_RULE)
            canvas.setLineWidth(0.5)
            canvas.line(left, HEIGHT - top, left + width, HEIGHT - top)

        self._put(draw)

    def tick(self, left: float, top: float, size: float) -> None:
        """A tick as large as a box."""

        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColor(_INK)
            canvas.setLineWidth(1.2)
            low = HEIGHT - top - size
            canvas.line(left + size * 0.15, low + size * 0.5, left + size * 0.4, low + size * 0.15)
            canvas.line(left + size * 0.4, low + size * 0.15, left + size * 0.95, low + size * 1.05)

        self._put(draw)

    def finish(self) -> bytes:
        """The whole file."""
        file = io.BytesIO()
        canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang="zh-CN")
        canvas.setTitle(self._title)
        canvas.setAuthor(self._author)
        for number, page in enumerate(self._pages, start=1):
            self._draw_frame(canvas, number)
            for draw in page:
                draw(canvas)
            canvas.showPage()
        canvas.save()
        return file.getvalue()

    def _draw_frame(self, canvas: Canvas, number: int) -> None:
        if self._watermark:
            canvas.saveState()
            canvas.setFillColor(_MARK)
            canvas.translate(WIDTH / 2, HEIGHT / 2)
            canvas.rotate(45)
            left = -width_of(self._watermark, _MARK_SIZE) / 2
            letters.write(canvas, self._watermark, left=left, low=-_MARK_SIZE / 3, size=_MARK_SIZE)
            canvas.restoreState()
        canvas.setFillColor(_PALE)
        letters.write(canvas, self._footer, left=MARGIN, low=34, size=SMALL)
        page = f"第{number}页　共{len(self._pages)}页"
        letters.write(canvas, page, left=WIDTH - MARGIN - width_of(page, SMALL), low=34, size=SMALL)

    def _lines(self, text: str, *, size: float, centred: bool, bold: bool = False) -> None:
        for line in wrapped(text, INNER, size):
            self._need(size * _LEADING)
            left = MARGIN + (INNER - width_of(line, size)) / 2 if centred else MARGIN
            self.text(left, self._top, line, size=size, bold=bold)
            self._top += size * _LEADING

    def _need(self, height: float) -> None:
        if self._top + height > _BOTTOM and self._pages[-1]:
            self._pages.append([])
            self._top = MARGIN

    def _put(self, draw: Draw) -> None:
        self._pages[-1].append(draw)

    def _height(self, cell: Cell) -> float:
        return 2 * _PADDING + cell.room + sum(size * _LEADING for _, size in _lines_of(cell))

    def _fill(self, cell: Cell, left: float, height: float) -> None:
        top = self._top + ((height - self._height(cell)) / 2 if cell.centred else 0) + _PADDING
        for line, size in _lines_of(cell):
            self.text(left + _PADDING, top, line, size=size, pale=size < BODY)
            top += size * _LEADING
        if cell.draw is not None:
            cell.draw(self, left + _PADDING, top)


def _lines_of(cell: Cell) -> Iterator[tuple[str, float]]:
    width = cell.width - 2 * _PADDING
    for text in cell.texts:
        yield from ((line, BODY) for line in wrapped(text, width, BODY))
    for note in cell.notes:
        yield from ((line, SMALL) for line in wrapped(note, width, SMALL))


def wrapped(text: str, width: float, size: float) -> Iterator[str]:
    """The text in lines of `width`; a line begins with no closing mark (避头), within the margin."""
    for paragraph in text.split("\n"):
        line = ""
        for letter in paragraph:
            if width_of(line + letter, size) > width and (
                letter not in _NOT_FIRST or width_of(line, size) > width + _HANGING * size
            ):
                yield line
                line = ""
            line += letter
        yield line
