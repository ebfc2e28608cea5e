"""Photos for tests: a page of print as a phone takes it, and files made to break a decoder (照片夹具)."""

import io
import struct
import zlib
from functools import cache
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw, ImageFont


def page(size: tuple[int, int] = (1200, 900), *, text: str = "permit 350100", desk: int = 90) -> Image.Image:
    """A page of print on a desk."""
    return _page(size, text, desk).copy()


@cache
def _page(size: tuple[int, int], text: str, desk: int) -> Image.Image:
    image = Image.new("RGB", size, (desk, desk, desk))
    draw = ImageDraw.Draw(image)
    margin = min(size) // 12
    draw.rectangle((margin, margin, size[0] - margin, size[1] - margin), fill=(212, 212, 205))
    font = ImageFont.load_default(max(size) // 60)
    for y in range(margin * 2, size[1] - margin * 2, max(size) // 36):
        draw.text((margin * 2, y), f"{text} {y} " * 3, font=font, fill=(40, 40, 40))
    return image


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    """The page as JPEG; `exif`, `progressive`, `quality` and so on as Pillow takes them."""
    out = io.BytesIO()
    (image or page()).save(out, "JPEG", **options)
    return out.getvalue()


def png(image: Image.Image | None = None) -> bytes:
    """The page as PNG."""
    out = io.BytesIO()
    (image or page()).save(out, "PNG")
    return out.getvalue()


def heic(image: Image.Image | None = None) -> bytes:
    """The page as HEIC, as iPhones take it."""
    return _heic(image) if image else _heic_page()


@cache
def _heic_page() -> bytes:
    return _heic(page())


def _heic(image: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=70)
    return out.getvalue()


def exif_of_a_phone(orientation: int = 6) -> Image.Exif:
    """Orientation, the phone's name, and where the picture was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "SECRET-PHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 4.0, 30.0), 3: "E", 4: (119.0, 18.0, 0.0)})
    return exif


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk with its length and its sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few kilobytes that claim to be gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size than it has."""
    content = bytearray(jpeg())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def jpeg_of_scans(scans: int, *, progressive: bool = True) -> bytes:
    """A JPEG of many scans that hold next to nothing; a baseline one has its components apart."""
    plain = jpeg(page((320, 240)), subsampling=0)
    frame, start = plain.index(b"\xff\xc0"), plain.index(b"\xff\xda")
    head = plain[: frame + 1] + (b"\xc2" if progressive else b"\xc0") + plain[frame + 2 : start]
    if not progressive:
        return head + b"".join(_scan(1 + number % 3, 0, 63) for number in range(scans)) + b"\xff\xd9"
    first = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x00\x00" + bytes(20)
    return head + first + b"".join(_scan(1, 1, 1) for _ in range(scans - 1)) + b"\xff\xd9"


def _scan(component: int, first: int, last: int) -> bytes:
    tables = 0x00 if component == 1 else 0x11
    return b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, component, tables, first, last, 0) + b"\xa0" * 4


def moving_png() -> bytes:
    """An animated PNG of two frames."""
    out = io.BytesIO()
    frames = [page((300, 200)), page((300, 200), desk=20)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def moving_gif() -> bytes:
    """An animated GIF of two frames."""
    out = io.BytesIO()
    frames = [page((300, 200)), page((300, 200), desk=20)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()
