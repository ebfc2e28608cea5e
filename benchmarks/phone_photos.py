"""Papers as a phone takes them (手机拍的材料): print of a known size on a sheet, a desk, light, lens, noise.

Nothing here is a photograph: every property that matters is a number, and the truth about it is known.
"""

import functools
import io
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from app.papers.letters import FONT_FILE

# What a phone's main camera gives: 12 megapixels, three to four.
FRAME = (3024, 4032)
SHEET_MM = (210.0, 297.0)  # A4
PRINT_PT = 8.0
_MM_OF_PT = 25.4 / 72
_DRAWN_PER_MM = 14.0  # the sheet is drawn finer than any camera sees it

# Signs that are taken for each other when strokes run together; in a citizen's papers they decide.
LOOK_ALIKES = "己已巳未末土士日曰目天夭人入大太干千王玉0O1l3856"
_BURNT = 248
_MARGIN_MM, _LINE_MM = 22.0, 5.0
PER_LINE = 48


@dataclass(frozen=True, slots=True)
class Taken:
    """How a sheet is taken: `fills` is the share of the frame's height, the others are as a phone has them.

    `turn` in degrees, `shift` in shares of the frame, `lens` and `noise` in pixels and grey levels; `light`
    is how bright paper comes out, `desk` how bright the desk is; `shadow` darkens one half as a hand does,
    `lamp` burns a patch out.
    """

    fills: float = 0.92
    turn: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    lens: float = 1.1
    noise: float = 5.0
    light: int = 215
    desk: int = 95
    shadow: bool = False
    lamp: bool = False


@functools.cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """The font of the print, so many pixels high."""
    return ImageFont.truetype(FONT_FILE, pixels)


def printed(seed: int) -> list[str]:
    """Lines of signs that look alike, the same for the same seed."""
    chance = random.Random(seed)
    lines = int((SHEET_MM[1] - 2 * _MARGIN_MM) / _LINE_MM)
    return ["".join(chance.choices(LOOK_ALIKES, k=PER_LINE)) for _ in range(lines)]


def cell_mm(line: int, column: int) -> tuple[float, float, float]:
    """Where a sign's cell lies on the sheet: left, top, and its length, all in millimetres."""
    em = PRINT_PT * _MM_OF_PT
    pitch = (SHEET_MM[0] - 2 * _MARGIN_MM) / PER_LINE
    return _MARGIN_MM + column * pitch, _MARGIN_MM + line * _LINE_MM, em


@functools.cache
def sheet(seed: int = 1) -> Image.Image:
    """A sheet of 8-point print, grey, drawn finer than it is seen."""
    image = Image.new("L", (round(SHEET_MM[0] * _DRAWN_PER_MM), round(SHEET_MM[1] * _DRAWN_PER_MM)), 255)
    draw = ImageDraw.Draw(image)
    face = font(round(PRINT_PT * _MM_OF_PT * _DRAWN_PER_MM))
    for line, text in enumerate(printed(seed)):
        for column, sign in enumerate(text):
            left, top, _ = cell_mm(line, column)
            draw.text((left * _DRAWN_PER_MM, top * _DRAWN_PER_MM), sign, fill=25, font=face, anchor="lt")
    return image


def per_mm(taken: Taken) -> float:
    """How many pixels of the frame a millimetre of the sheet has."""
    return taken.fills * FRAME[1] / SHEET_MM[1]


def photograph(taken: Taken, *, seed: int = 1) -> Image.Image:
    """The sheet on a desk as the camera gives it, in colours."""
    frame = _desk(taken.desk)
    scale = per_mm(taken) / _DRAWN_PER_MM
    whole = sheet(seed)
    small = whole.resize((round(whole.width * scale), round(whole.height * scale)), Image.Resampling.LANCZOS)
    mask = Image.new("L", small.size, 255)
    if taken.turn:
        small = small.rotate(taken.turn, Image.Resampling.BICUBIC, expand=True)
        mask = mask.rotate(taken.turn, Image.Resampling.BICUBIC, expand=True)
    paper = small.point([round(value * taken.light / 255) for value in range(256)])
    at = (
        round((FRAME[0] - small.width) / 2 + taken.shift[0] * FRAME[0]),
        round((FRAME[1] - small.height) / 2 + taken.shift[1] * FRAME[1]),
    )
    frame.paste(paper, at, mask)
    return _seen(frame, taken)


def jpeg(image: Image.Image, *, quality: int = 90) -> bytes:
    """The picture as the phone's file: lying on its side, with how it was held and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 4.0, 30.0), 3: "E", 4: (119.0, 18.0, 0.0)})
    out = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def _desk(brightness: int) -> Image.Image:
    """Wood: grain along one direction, no two places quite alike."""
    grain = Image.effect_noise((FRAME[0] // 8, FRAME[1] // 128), 40).resize(FRAME, Image.Resampling.BICUBIC)
    return grain.point([max(0, min(255, round(brightness + (value - 128) * 0.35))) for value in range(256)])


def _seen(frame: Image.Image, taken: Taken) -> Image.Image:
    """Light that falls off, a shadow, a lamp; then the lens and the sensor."""
    fall = ImageChops.invert(Image.radial_gradient("L")).resize(FRAME, Image.Resampling.BICUBIC)
    lit = ImageChops.multiply(frame, fall.point([min(255, 205 + value // 4) for value in range(256)]))
    if taken.shadow:
        edge = Image.linear_gradient("L").rotate(35, expand=False).resize(FRAME, Image.Resampling.BICUBIC)
        lit = ImageChops.multiply(lit, edge.point([150 if value < 110 else 255 for value in range(256)]))
    if taken.lamp:
        lamp = Image.new("L", FRAME, 0)
        ImageDraw.Draw(lamp).ellipse((900, 1200, 2100, 2300), fill=255)
        lit = ImageChops.lighter(lit, lamp.filter(ImageFilter.GaussianBlur(60)))
    noise = Image.effect_noise(FRAME, taken.noise)
    grey = ImageChops.add(lit.filter(ImageFilter.GaussianBlur(taken.lens)), noise, offset=-128)
    return Image.merge("RGB", (grey, _cast(grey, 0.985), _cast(grey, 0.95)))


def _cast(grey: Image.Image, share: float) -> Image.Image:
    """One channel in the warm light of a room; what is burnt out is burnt out in every channel."""
    return grey.point([value if value >= _BURNT else round(value * share) for value in range(256)])
