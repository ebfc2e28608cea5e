"""What a look at a photo tells (照片质量提示): hints before a clerk has to send it back; never a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageFilter

# Photos are looked at in one size, so that the numbers below mean the same for every phone. They come from
# rendered pages of small, usual and large print, sharp and blurred, bright and dark, with and without noise.
_LOOK_SIDE = 1008
_LEAST_SIDES = (800, 400)
_DARK_BELOW = 90
_BURNT_FROM = 250
_BURNT_SHARES = (0.02, 0.25)
_PAPER_ITSELF_WHITE = 225
_SHARP_FROM = 16
_EDGE_SHARE = 0.995
# Of pure noise, the value at `_EDGE_SHARE` is this many times its median: 2.81 against 0.674 deviations.
_NOISE = 4.2

_EDGES = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


class Flaw(StrEnum):
    """What may be wrong with a photo."""

    TOO_SMALL = "too_small"
    DARK = "dark"
    GLARE = "glare"
    BLUR = "blur"


SENTENCES = {
    Flaw.TOO_SMALL: "照片偏小，文字可能看不清，请靠近一些重拍",
    Flaw.DARK: "照片偏暗，请到光线好的地方重拍",
    Flaw.GLARE: "照片有反光，请换个角度避开灯光重拍",
    Flaw.BLUR: "照片有些模糊，请拿稳手机对准后重拍",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One hint with its sentence for the citizen."""

    code: str
    sentence: str


def look_at(image: Image.Image) -> tuple[Finding, ...]:
    """What is to be said about a photo at its kept size."""
    seen = image.convert("L")
    seen.thumbnail((_LOOK_SIDE, _LOOK_SIDE), Image.Resampling.BOX)
    brightness = seen.histogram()
    found = (
        (Flaw.TOO_SMALL, _too_small(image)),
        (Flaw.DARK, _at_share(brightness, 0.9) < _DARK_BELOW),
        (Flaw.GLARE, _glaring(brightness)),
        (Flaw.BLUR, _blurred(seen)),
    )
    return tuple(Finding(flaw.value, SENTENCES[flaw]) for flaw, holds in found if holds)


def _too_small(image: Image.Image) -> bool:
    return max(image.size) < _LEAST_SIDES[0] or min(image.size) < _LEAST_SIDES[1]


def _glaring(brightness: Sequence[int]) -> bool:
    """A burnt-out patch on a page that is not white all over, as a scan is."""
    burnt = sum(brightness[_BURNT_FROM:]) / sum(brightness)
    least, most = _BURNT_SHARES
    return least <= burnt <= most and _at_share(brightness, 0.5) < _PAPER_ITSELF_WHITE


def _blurred(seen: Image.Image) -> bool:
    """No edge stands out of the camera's noise (variation of the Laplacian, noise taken off)."""
    both = seen.filter(_EDGES).histogram()
    edges = [both[128]] + [both[128 + step] + both[128 - step] for step in range(1, 128)]
    edges.append(both[0])
    return _at_share(edges, _EDGE_SHARE) - _NOISE * _at_share(edges, 0.5) < _SHARP_FROM


def _at_share(histogram: Sequence[int], share: float) -> int:
    """The value that this share of all pixels does not exceed."""
    wanted, passed = share * sum(histogram), 0
    for value, pixels in enumerate(histogram):
        passed += pixels
        if passed >= wanted:
            return value
    return len(histogram) - 1
