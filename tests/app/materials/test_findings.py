"""What is said about a photo before it is handed in, and about which photos nothing is said."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter

from app.materials import findings, photos
from benchmarks.phone_photos import Taken, photograph
from benchmarks.phone_photos import jpeg as of_a_phone
from tests.photo_fixtures import jpeg, page, png

GOOD = {
    "straight": Taken(),
    "a little turned": Taken(fills=0.86, turn=4),
    "far turned": Taken(fills=0.66, turn=20),
    "in a hand's shadow": Taken(shadow=True),
    "in dim light": Taken(light=150, desk=70, noise=9),
    "on a bright desk": Taken(desk=150),
    "on a desk as white as paper": Taken(desk=214),
    "from afar": Taken(fills=0.6),
    "a little soft": Taken(lens=2.5),
    "so near that no desk is seen": Taken(fills=1.5),
}
SPOILT = {
    "blurred": (Taken(lens=5), "blur"),
    "blurred in dim light": (Taken(lens=6, light=150, noise=14), "blur"),
    "dark": (Taken(light=70, desk=30), "dark"),
    "under a lamp": (Taken(lamp=True), "glare"),
    "below the frame": (Taken(shift=(0, 0.15)), "cut"),
    "beside the frame": (Taken(shift=(0.12, 0)), "cut"),
    "a corner outside": (Taken(fills=0.86, turn=8, shift=(0.06, 0.05)), "cut"),
    "three corners outside": (Taken(fills=1.0, turn=10), "cut"),
}


def said(content: bytes) -> list[str]:
    return [finding.code for finding in photos.prepare(content).findings]


@pytest.mark.parametrize("how", GOOD.values(), ids=GOOD.keys())
def test_a_good_photo_is_not_nagged_about(how: Taken) -> None:
    assert said(of_a_phone(photograph(how))) == []


@pytest.mark.parametrize(("how", "flaw"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_photo_is_told_by_what_is_wrong_with_it(how: Taken, flaw: str) -> None:
    assert said(of_a_phone(photograph(how))) == [flaw]


@pytest.mark.parametrize(
    ("spoil", "flaw"),
    [
        (lambda image: image.filter(ImageFilter.GaussianBlur(6)), "blur"),
        (lambda image: image.point(lambda value: int(value * 0.25)), "dark"),
        (lambda image: image.resize((500, 375)), "too_small"),
    ],
)
def test_a_page_of_large_print_is_judged_too(spoil: Callable[[Image.Image], Image.Image], flaw: str) -> None:
    assert flaw in said(jpeg(spoil(page((2016, 1512)))))
    assert said(jpeg(page((2016, 1512)))) == []


def test_a_white_scan_has_no_glare_and_no_corners() -> None:
    scan = Image.new("RGB", (1600, 1200), "white")
    ImageDraw.Draw(scan).multiline_text((100, 100), "permit 350100 " * 8, fill="black", font_size=40)

    assert said(png(scan)) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (3, 3), (9000, 600), (900, 12)])
def test_a_photo_of_any_shape_is_looked_at(size: tuple[int, int]) -> None:
    assert set(said(png(Image.new("L", size, 128)))) <= {flaw.value for flaw in findings.Flaw}


def test_each_flaw_has_one_sentence_that_says_what_to_do() -> None:
    assert set(findings.SENTENCES) == set(findings.Flaw)
    assert all("重拍" in sentence and "。" not in sentence for sentence in findings.SENTENCES.values())
