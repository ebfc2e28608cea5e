"""Copies that leave the house (带用途水印的副本): what they are for is across them, the original stays.

The words repeat over the whole picture, so that none of it can be used for something else, and are so pale
that small print stays readable beneath; `tests/app/test_copies.py` measures both.
"""

import io
import math

from PIL import Image, ImageDraw, ImageFont

from app.papers.letters import FONT_FILE

_QUALITY = 85
_LINE_OF_SIDE = 0.62  # how much of the longer side one line of words takes
_SIZES = (14, 64)  # pixels
_ANGLE = 30  # degrees
_GAP = 4.5  # lines, from one to the next
_TINT, _SHARE = (140, 120, 120), 70  # colour, and how much of 255 of it


def marked(content: bytes, words: str) -> bytes:
    """A JPEG of ours with words across it, as a new JPEG without metadata; never inside a unit of work."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as opened:
        image = opened.convert("RGB")
    image.paste(_TINT, mask=_across(image.size, words))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _across(size: tuple[int, int], words: str) -> Image.Image:
    """How much of the tint each pixel gets: lines of words, turned."""
    width, height = size
    least, most = _SIZES
    pixels = max(least, min(most, round(max(size) * _LINE_OF_SIDE / max(1, len(words)))))
    font = ImageFont.truetype(FONT_FILE, pixels)
    side = math.ceil(math.hypot(width, height))
    lines = Image.new("L", (side, side))
    draw = ImageDraw.Draw(lines)
    step = max(1, round(font.getlength(words) + 2 * pixels))
    for number, y in enumerate(range(0, side, round(pixels * _GAP))):
        for x in range(-(number % 2) * step // 2, side, step):
            draw.text((x, y), words, fill=_SHARE, font=font)
    turned = lines.rotate(_ANGLE, Image.Resampling.BILINEAR)
    left, top = (side - width) // 2, (side - height) // 2
    return turned.crop((left, top, left + width, top + height))
