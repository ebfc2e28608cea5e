"""A copy says what it is for, and still shows what it is a copy of."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from app import copies
from app.materials import photos
from benchmarks.phone_photos import Taken, jpeg, photograph
from benchmarks.print_reader import read_share
from tests.photo_fixtures import jpeg as page_as_jpeg
from tests.photo_fixtures import page

WORDS = "仅用于居民身份证丢失补领，示例市，2026年11月21日"


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


def test_small_print_is_read_as_well_beneath_the_words() -> None:
    kept = photos.prepare(jpeg(photograph(Taken()))).content
    copy = opened(copies.marked(kept, WORDS))

    assert copy.size == opened(kept).size
    assert read_share(copy, Taken(), every=11) >= 0.95 * read_share(opened(kept), Taken(), every=11)


def test_the_words_are_on_every_part_of_it() -> None:
    blank = page_as_jpeg(Image.new("RGB", (1512, 2016), "white"))
    copy = opened(copies.marked(blank, WORDS)).convert("L")
    parts = [copy.crop((x, y, x + 504, y + 504)) for x in range(0, 1512, 504) for y in range(0, 2016, 504)]

    assert all(ImageStat.Stat(part).extrema[0][0] < 235 for part in parts)


def test_other_words_make_another_copy() -> None:
    content = page_as_jpeg()
    copied = [
        opened(copies.marked(content, words)) for words in (WORDS, "仅用于结婚登记，示例市，2026年11月21日")
    ]

    assert ImageChops.difference(*copied).getbbox() is not None


@pytest.mark.parametrize("size", [(1, 1), (2016, 12), (300, 2016)])
@pytest.mark.parametrize("words", ["", "仅", "仅用于" + "很长的事项名称" * 40])
def test_any_size_and_any_words_make_a_copy(size: tuple[int, int], words: str) -> None:
    assert opened(copies.marked(page_as_jpeg(page((400, 300)).resize(size)), words)).size == size
