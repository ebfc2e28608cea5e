"""Whether a sheet of paper goes on beyond the frame of its photo (边角未拍全).

The sheet is looked for in so few pixels that print and the desk's grain are gone. A row of pixels is then one
whole number, a bit for each pixel, so that looking costs next to nothing beside the decoding.
"""

from collections.abc import Sequence
from itertools import accumulate
from operator import or_

from PIL import Image, ImageChops, ImageStat

_SIDE = 64
# A sheet is told from the desk when it is so much brighter, fills such a share of the picture and has next
# to no bays. It is cut when so much of one side of the frame is sheet, while not all of the frame is.
_BRIGHTER_BY = 45
_SHARES = (0.25, 0.93)
_SOLID_FROM = 0.93
_CUT_FROM = 0.1
_FRAME_IS_SHEET_FROM = 0.6
_NARROWEST = _SIDE // 4

Rows = Sequence[int]


def goes_on_beyond(seen: Image.Image) -> bool:
    """A bright sheet on a darker desk that the frame cuts, in a grey picture.

    Where there is no desk, as in a scan, or no sheet that stands out, nothing is said.
    """
    scale = _SIDE / max(seen.size)
    width, height = (max(1, round(length * scale)) for length in seen.size)
    if min(width, height) < _NARROWEST:
        return False
    sheet = _sheet(seen.resize((width, height), Image.Resampling.BOX))
    if sheet is None:
        return False
    across = [(row & 1, row >> (width - 1)) for row in sheet]
    sides = (
        sheet[0].bit_count() / width,
        sheet[-1].bit_count() / width,
        sum(first for first, _ in across) / height,
        sum(last for _, last in across) / height,
    )
    return max(sides) >= _CUT_FROM and sum(sides) / len(sides) < _FRAME_IS_SHEET_FROM


def _sheet(small: Image.Image) -> Rows | None:
    """Where the sheet in the middle of the picture lies; None when none is to be told."""
    level = _parting_level(small.histogram())
    bright = small.point([255 if value > level else 0 for value in range(256)])
    dark = ImageChops.invert(bright)
    if bright.getbbox() is None or dark.getbbox() is None:
        return None
    apart = ImageStat.Stat(small, bright).mean[0] - ImageStat.Stat(small, dark).mean[0]
    if apart < _BRIGHTER_BY:
        return None
    sheet = _grown_from_the_middle(_rows(bright), small.width)
    pixels, (least, most) = _pixels(sheet), _SHARES
    if not least <= pixels / (small.width * small.height) <= most:
        return None
    return sheet if pixels >= _SOLID_FROM * _pixels(_without_bays(sheet)) else None


def _rows(mask: Image.Image) -> list[int]:
    """A mask as numbers: of each row, the last pixel is the lowest bit."""
    length = (mask.width + 7) // 8
    packed = mask.convert("1", dither=Image.Dither.NONE).tobytes()
    beyond = length * 8 - mask.width
    return [int.from_bytes(packed[at : at + length]) >> beyond for at in range(0, len(packed), length)]


def _grown_from_the_middle(bright: Rows, width: int) -> list[int]:
    """All that hangs together with what is bright in the middle."""
    middle = range(len(bright) * 2 // 5, len(bright) * 3 // 5)
    begin = (1 << width * 3 // 5) - (1 << width * 2 // 5)
    grown = [row & begin if at in middle else 0 for at, row in enumerate(bright)]
    before: list[int] = []
    while grown != before:
        before = grown
        grown = _swept(_swept(grown, bright)[::-1], bright[::-1])[::-1]
    return grown


def _swept(grown: Rows, bright: Rows) -> list[int]:
    """Each row grown by the one before it, and along itself."""
    done: list[int] = []
    above = 0
    for reached, row in zip(grown, bright, strict=True):
        above = _spread((above | reached) & row, row)
        done.append(above)
    return done


def _spread(reached: int, row: int) -> int:
    while (wider := (reached | reached << 1 | reached >> 1) & row) != reached:
        reached = wider
    return reached


def _without_bays(sheet: Rows) -> list[int]:
    """The sheet with every row and every column filled from its first to its last pixel."""
    from_above = list(accumulate(sheet, or_))
    from_below = list(accumulate(reversed(sheet), or_))[::-1]
    return [
        _span(row) | above & below for row, above, below in zip(sheet, from_above, from_below, strict=True)
    ]


def _span(row: int) -> int:
    return (1 << row.bit_length()) - (row & -row)


def _pixels(rows: Rows) -> int:
    return sum(row.bit_count() for row in rows)


def _parting_level(histogram: Sequence[int]) -> int:
    """The value that parts dark from bright best (Otsu's method)."""
    pixels, weight = sum(histogram), sum(value * count for value, count in enumerate(histogram))
    best, level, below, weight_below = -1.0, 0, 0, 0
    for value, count in enumerate(histogram):
        below += count
        weight_below += value * count
        if 0 < below < pixels:
            gap = weight_below / below - (weight - weight_below) / (pixels - below)
            spread = below * (pixels - below) * gap * gap
            if spread > best:
                best, level = spread, value
    return level
