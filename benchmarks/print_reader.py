"""Reads the print of a sheet taken straight (辨认小字): how much of 8-point print a picture still shows.

Each sign is compared with every sign that looks like it; the nearest one is what was read. It is no reader of
texts: it knows where each sign lies, and so measures the picture alone.
"""

import functools

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from benchmarks.phone_photos import FRAME, LOOK_ALIKES, SHEET_MM, Taken, cell_mm, font, per_mm, printed

_SIDE = 24
_FINE = 8  # patterns are drawn so many times finer, then seen as the camera sees them
_SHIFTS = (-0.6, 0.0, 0.6)


def read_share(picture: Image.Image, taken: Taken, *, seed: int = 1, every: int = 7) -> float:
    """The share of signs read right, one in `every` looked at; the picture may have any size."""
    grey = picture.convert("L")
    scale = grey.height / FRAME[1]
    left = (FRAME[0] / per_mm(taken) - SHEET_MM[0]) / 2
    top = (FRAME[1] / per_mm(taken) - SHEET_MM[1]) / 2
    pixels = per_mm(taken) * scale
    signs = [
        (line, column, sign) for line, text in enumerate(printed(seed)) for column, sign in enumerate(text)
    ][::every]
    right = 0
    for line, column, sign in signs:
        x, y, em = cell_mm(line, column)
        right += _nearest(grey, ((left + x) * pixels, (top + y) * pixels, em * pixels)) == sign
    return right / len(signs)


def _nearest(grey: Image.Image, cell: tuple[float, float, float]) -> str:
    left, top, em = cell
    seen = [
        _flat(
            grey.transform(
                (_SIDE, _SIDE),
                Image.Transform.EXTENT,
                (left + dx, top + dy, left + dx + em, top + dy + em),
                Image.Resampling.BICUBIC,
            )
        )
        for dx in _SHIFTS
        for dy in _SHIFTS
    ]
    return min(LOOK_ALIKES, key=lambda sign: min(_apart(one, _pattern(sign)) for one in seen))


def _apart(one: Image.Image, other: Image.Image) -> float:
    return float(ImageStat.Stat(ImageChops.difference(one, other)).sum2[0])


def _flat(image: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(image, cutoff=2)


@functools.cache
def _pattern(sign: str) -> Image.Image:
    side = _SIDE * _FINE
    image = Image.new("L", (side, side), 255)
    ImageDraw.Draw(image).text((0, 0), sign, fill=0, font=font(side), anchor="lt")
    blurred = image.filter(ImageFilter.GaussianBlur(_FINE))
    return _flat(blurred.resize((_SIDE, _SIDE), Image.Resampling.BOX))
