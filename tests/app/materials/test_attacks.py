"""Files made to break the intake, or to smuggle something through it."""

import io
import struct
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.materials import containers, photos
from app.materials.errors import (
    NotAPhoto,
    PhotoAnimated,
    PhotoBroken,
    PhotoHasForeignData,
    PhotoRefused,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoTruncated,
)
from tests.photo_fixtures import (
    heic,
    jpeg,
    jpeg_claiming,
    jpeg_of_scans,
    moving_gif,
    moving_png,
    page,
    png,
    png_bomb,
    png_chunk,
)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"MZ\x90\x00" + bytes(2000), "程序"),
        (b"\x7fELF" + bytes(2000), "程序"),
        (b"PK\x03\x04" + bytes(2000), "压缩包或Office文档"),
        (b"%PDF-1.7\n", "PDF文档"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG矢量图"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "XML或SVG文件"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
        (b"<script>alert(1)</script>", "网页或SVG文件"),
        (moving_gif(), "GIF动图"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP图片"),
        (b"BM" + bytes(200), "BMP图片"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x00\x00isomiso2mp41avc1", "视频"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", "AVIF图片"),
        (b"\xff", "其他类型的文件"),
    ],
    ids=range(14),
)
def test_what_is_no_photo_is_told_by_its_content(content: bytes, kind: str) -> None:
    with pytest.raises(NotAPhoto) as refused:
        photos.prepare(content)

    assert kind in refused.value.sentence


def test_a_file_with_too_many_bytes_is_refused() -> None:
    with pytest.raises(PhotoTooLarge) as refused:
        photos.prepare(jpeg() + bytes(photos.MAX_BYTES))

    assert "12MB" in refused.value.sentence


@pytest.mark.parametrize(
    "make", [png_bomb, lambda: jpeg_claiming(60_000, 60_000), lambda: jpeg_claiming(20_001, 2)]
)
def test_a_bomb_is_refused_by_what_it_claims_and_costs_nothing(make: Callable[[], bytes]) -> None:
    bomb = make()
    tracemalloc.start()
    try:
        with pytest.raises(PhotoTooManyPixels):
            photos.prepare(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4 * len(bomb) + 1_000_000


def test_a_heic_that_claims_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PIXELS_HEIF", 1_000_000)

    with pytest.raises(PhotoTooManyPixels):
        photos.prepare(heic())


def test_a_progressive_photo_has_a_smaller_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PIXELS_WHOLE", 1_000_000)

    assert photos.prepare(jpeg()).width == 1200
    with pytest.raises(PhotoTooManyPixels):
        photos.prepare(jpeg(progressive=True))


def test_components_that_come_one_by_one_have_the_smaller_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = jpeg_of_scans(3, progressive=False)
    assert photos.prepare(apart).width == 320

    monkeypatch.setattr(photos, "MAX_PIXELS_WHOLE", 70_000)
    with pytest.raises(PhotoTooManyPixels):
        photos.prepare(apart)


def test_a_photo_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    assert photos.prepare(jpeg_of_scans(12)).width == 320
    with pytest.raises(PhotoBroken):
        photos.prepare(jpeg_of_scans(2000))


@pytest.mark.parametrize(
    "content",
    [
        jpeg()[:2] + b"\xff\xfe\x00\x02" * 10_000 + jpeg()[2:],
        png()[:33] + png_chunk(b"IDAT", b"") * 10_000 + png()[33:],
        heic() + b"\x00\x00\x00\x08free" * 10_000,
        b"\x00\x00\x40\x00ftypheic" + b"heic" * 4093,
    ],
    ids=["segments", "chunks", "boxes", "brands"],
)
def test_a_file_of_countless_parts_is_not_walked_to_its_end(content: bytes) -> None:
    with pytest.raises(PhotoRefused):
        containers.read(content)


def test_a_png_may_not_change_its_size_on_the_way() -> None:
    content = png()
    second = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))

    with pytest.raises(PhotoBroken):
        photos.prepare(content[:33] + second + content[33:])


@pytest.mark.parametrize(
    "content", [moving_png(), b"\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00msf1hevc"], ids=["png", "heic"]
)
def test_moving_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(PhotoAnimated):
        photos.prepare(content)


@pytest.mark.parametrize("make", [jpeg, png, heic])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_photo_that_did_not_arrive_whole_is_refused(make: Callable[[], bytes], share: float) -> None:
    content = make()

    with pytest.raises(PhotoTruncated):
        photos.prepare(content[: int(len(content) * share)])


@pytest.mark.parametrize("make", [jpeg, png, heic])
@pytest.mark.parametrize(
    "tail",
    [
        b"PK\x03\x04" + bytes(50),
        b"<script>alert(1)</script>",
        b"<?php system($_GET[0]); ?>",
        b"MZ\x90\x00" + bytes(50),
        jpeg(page((64, 64))),
    ],
    ids=["zip", "html", "php", "exe", "jpeg"],
)
def test_what_is_hung_on_the_end_is_refused(make: Callable[[], bytes], tail: bytes) -> None:
    with pytest.raises(PhotoRefused) as refused:
        photos.prepare(make() + tail)

    assert isinstance(refused.value, PhotoHasForeignData)


def test_padding_and_what_phones_themselves_hang_on_is_dropped() -> None:
    plain = photos.prepare(jpeg())
    of_a_set = b"\xff\xe2" + struct.pack(">H", 10) + b"MPF\x00" + bytes(4)
    motion = b"\xff\xe1" + struct.pack(">H", 40) + b"http://ns.adobe.com MotionPhoto".ljust(38)
    clip = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
    for content in (
        jpeg() + bytes(600),
        jpeg()[:2] + of_a_set + jpeg()[2:] + jpeg(page((64, 64))),
        jpeg()[:2] + motion + jpeg()[2:] + clip,
        jpeg() + b"SEFH" + bytes(64) + b"SEFT",
    ):
        assert photos.prepare(content).sha256 == plain.sha256


@pytest.mark.parametrize("make", [jpeg, png, heic])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_broken_photo_is_taken_or_refused_by_name(
    make: Callable[[Image.Image], bytes], data: st.DataObject
) -> None:
    content = bytearray(make(page((320, 240))))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        prepared = photos.prepare(bytes(content))
    except PhotoRefused:
        return
    assert opened(prepared.content).size == (prepared.width, prepared.height)


def test_a_heic_whose_picture_ends_early_is_refused() -> None:
    content = bytearray(heic(page((320, 240))))
    content[380] = 0  # the length of its picture: the decoder says end of file, which is no OSError
    with pytest.raises(PhotoRefused):
        photos.prepare(bytes(content))


@settings(max_examples=200)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x18ftypheic"]),
    st.binary(max_size=400),
)
def test_no_bytes_break_the_intake(start: bytes, rest: bytes) -> None:
    with pytest.raises(PhotoRefused):
        photos.prepare(start + rest)


def test_a_zip_inside_a_chunk_does_not_come_through() -> None:
    content = png()
    hidden = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"PK\x03\x04" + bytes(100)))
    prepared = photos.prepare(content[:33] + hidden + content[33:])

    assert prepared.sha256 == photos.prepare(content).sha256
