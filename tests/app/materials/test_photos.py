import io
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pillow_heif
import pytest
from PIL import Image, ImageDraw, JpegImagePlugin

from app.materials import photos
from app.materials.containers import Container
from app.materials.errors import PhotosBusy
from tests.patience import PATIENCE_S
from tests.photo_fixtures import (
    exif_of_a_phone,
    heic,
    jpeg,
    page,
    png,
)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


@pytest.mark.parametrize("make", [jpeg, png, heic])
def test_what_phones_make_is_taken_and_written_as_jpeg(make: Callable[[], bytes]) -> None:
    prepared = photos.prepare(make())
    shown = opened(prepared.content)

    assert (shown.format, shown.size) == ("JPEG", (1200, 900))
    assert (prepared.width, prepared.height) == (1200, 900)


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    original = jpeg(exif=exif_of_a_phone(), comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE")
    assert original.count(b"SECRET") == 3
    prepared = photos.prepare(original)

    assert b"SECRET" not in prepared.content
    assert b"Exif" not in prepared.content
    assert dict(opened(prepared.content).getexif()) == {}


def test_where_it_was_taken_is_gone_from_heic_too() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(page()).save(out, exif=exif_of_a_phone(1).tobytes())
    assert b"SECRET-PHONE" in out.getvalue()

    assert b"SECRET" not in photos.prepare(out.getvalue()).content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    image = Image.new("RGB", (1000, 800), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 300, 200), fill="red")
    turned = photos.prepare(jpeg(image, exif=exif_of_a_phone(orientation)))
    reference = Image.open(io.BytesIO(jpeg(image, exif=exif_of_a_phone(orientation))))
    upright = _red_corner(
        Image.Image.transpose(reference, photos._TURNS[orientation]) if orientation > 1 else image
    )

    assert _red_corner(opened(turned.content)) == upright
    assert (turned.width > turned.height) is (orientation < 5)


def _red_corner(image: Image.Image) -> tuple[bool, bool]:
    """Whether the red mark is left, and whether it is above."""
    red = image.convert("RGB").split()[1].point(lambda value: 255 if value < 128 else 0).getbbox()
    assert red is not None
    return red[0] < image.width / 4, red[1] < image.height / 4


def test_a_large_photo_is_kept_at_a_length_that_shows_small_print() -> None:
    prepared = photos.prepare(jpeg(page((4032, 3024)), exif=exif_of_a_phone(6)))

    assert (prepared.width, prepared.height) == (1512, 2016)


@pytest.mark.parametrize(
    "size", [(4000, 3000), (3000, 4000), (4624, 3468), (2016, 1512), (9000, 600), (700, 500)]
)
def test_no_photo_is_longer_than_it_need_be_and_none_is_blown_up(size: tuple[int, int]) -> None:
    prepared = photos.prepare(jpeg(page(size)))

    assert min(1790, max(size)) <= max(prepared.width, prepared.height) <= photos.LONG_SIDE
    assert prepared.width / prepared.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_a_twelve_megapixel_photo_is_never_held_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[tuple[int, int]] = []
    load = JpegImagePlugin.JpegImageFile.load

    def noted(image: JpegImagePlugin.JpegImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", noted)
    photos.prepare(jpeg(page((4032, 3024))))

    assert set(decoded) == {(2016, 1512)}


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_scans_and_screenshots_of_every_kind_are_taken(mode: str) -> None:
    image = (
        page((900, 700)).convert("L").convert("I").point(lambda value: value * 256)
        if mode == "I;16"
        else page((900, 700))
    )
    prepared = photos.prepare(png(image.convert(mode)))

    grey = opened(prepared.content).convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert not isinstance(grey, tuple | None)
    assert 60 < int(grey) < 220


def test_what_was_transparent_is_paper() -> None:
    clear = Image.new("RGBA", (900, 700), (0, 0, 0, 0))

    assert opened(photos.prepare(png(clear)).content).getpixel((5, 5)) == (255, 255, 255)


def test_colours_of_print_shops_are_taken() -> None:
    assert opened(photos.prepare(jpeg(page().convert("CMYK"))).content).mode == "RGB"


def test_a_small_picture_is_small() -> None:
    small = opened(photos.prepare(jpeg(exif=exif_of_a_phone(6))).small)

    assert small.size == (252, 336)


def test_in_a_crowd_two_are_decoded_four_wait_and_the_next_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finish, decode = threading.Event(), photos._prepared

    def slow(container: Container) -> photos.PreparedPhoto:
        finish.wait(PATIENCE_S)
        return decode(container)

    monkeypatch.setattr(photos, "_prepared", slow)
    content = jpeg(page((320, 240)))
    with ThreadPoolExecutor(7) as pool:
        sent = [pool.submit(photos.prepare, content) for _ in range(7)]
        told, _ = wait(sent, timeout=PATIENCE_S, return_when=FIRST_COMPLETED)
        finish.set()

    assert [isinstance(answer.exception(), PhotosBusy) for answer in told] == [True]
    assert sum(answer.exception() is None for answer in sent) == 6
