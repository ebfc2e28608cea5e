"""What a look at a photo tells (照片质量提示): hints before a clerk has to send it back; never a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageChops

from app.materials import sheets

# Photos are looked at in one size, so that the numbers below mean the same for every phone. They come from
# rendered pages of small, usual and large print, sharp and blurred, bright and dark, with and without noise,
# and from sheets on desks as `benchmarks/phone_photos.py` takes them: straight, turned, shaded, cut.
LOOK_SIDE = 1008
_LEAST_SIDES = (800, 400)
_DARK_BELOW = 90
_BURNT_FROM = 250
_BURNT_SHARES = (0.02, 0.25)
_PAPER_ITSELF_WHITE = 225
# Of 8-point print nine signs in ten are read where edges have 40 grey levels from one pixel to the next
# above the noise, every second one at 27, next to none at 18.
_SHARP_FROM = 28
_EDGE_SHARE = 0.995
_NOISE = 2


class Flaw(StrEnum):
    """What may be wrong with a photo."""

    TOO_SMALL = "too_small"
    DARK = "dark"
    GLARE = "glare"
    BLUR = "blur"
    CUT = "cut"


SENTENCES = {
    Flaw.TOO_SMALL: "照片偏小，文字可能看不清，请靠近一些重拍",
    Flaw.DARK: "照片偏暗，请到光线好的地方重拍",
    Flaw.GLARE: "照片有反光，请换个角度避开灯光重拍",
    Flaw.BLUR: "照片有些模糊，请拿稳手机对准后重拍",
    Flaw.CUT: "材料的边角可能没有拍全，请离远一点重拍",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One hint with its sentence for the citizen."""

    code: str
    sentence: str


def look_at(seen: Image.Image, *, size: tuple[int, int]) -> tuple[Finding, ...]:
    """What is to be said about a photo: `seen` in grey at `LOOK_SIDE`, `size` is what is kept of it."""
    brightness = seen.histogram()
    found = (
        (Flaw.TOO_SMALL, max(size) < _LEAST_SIDES[0] or min(size) < _LEAST_SIDES[1]),
        (Flaw.DARK, _at_share(brightness, 0.9) < _DARK_BELOW),
        (Flaw.GLARE, _glaring(brightness)),
        (Flaw.BLUR, _blurred(seen)),
        (Flaw.CUT, sheets.goes_on_beyond(seen)),
    )
    return tuple(Finding(flaw.value, SENTENCES[flaw]) for flaw, holds in found if holds)


def _glaring(brightness: Sequence[int]) -> bool:
    """A burnt-out patch on a page that is not white all over, as a scan is."""
    burnt = sum(brightness[_BURNT_FROM:]) / sum(brightness)
    least, most = _BURNT_SHARES
    return least <= burnt <= most and _at_share(brightness, 0.5) < _PAPER_ITSELF_WHITE


def _blurred(seen: Image.Image) -> bool:
    """No edge stands out of the camera's noise: how far each pixel is from the next ones."""
    width, height = seen.size
    here = seen.crop((0, 0, width - 1, height - 1))
    across = ImageChops.difference(here, seen.crop((1, 0, width, height - 1)))
    down = ImageChops.difference(here, seen.crop((0, 1, width - 1, height)))
    edges = ImageChops.lighter(across, down).histogram()
    return _at_share(edges, _EDGE_SHARE) - _NOISE * _at_share(edges, 0.5) < _SHARP_FROM


def _at_share(histogram: Sequence[int], share: float) -> int:
    """The value that this share of all pixels does not exceed."""
    wanted, passed = share * sum(histogram), 0
    for value, pixels in enumerate(histogram):
        passed += pixels
        if passed >= wanted:
            return value
    return len(histogram) - 1
