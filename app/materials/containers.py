"""What a file is, told by its bytes (照片封装): JPEG, PNG or HEIC, and nothing hung on.

Each container is walked before any decoder sees it. JPEG and PNG are written anew from the parts that make
the picture, so that a decoder never meets metadata; the orientation is the only thing read from it.
"""

import re
import struct
from dataclasses import dataclass
from enum import StrEnum

from app.materials.errors import (
    NotAPhoto,
    PhotoAnimated,
    PhotoBroken,
    PhotoHasForeignData,
    PhotoTruncated,
)


class Kind(StrEnum):
    """The kinds of photo that phones make."""

    JPEG = "JPEG"
    PNG = "PNG"
    HEIF = "HEIF"


@dataclass(frozen=True, slots=True)
class Container:
    """A walked file: `content` holds only what makes the picture; sizes in pixels, 0 where not told yet.

    `orientation` is EXIF's 1 to 8; `interlaced` pictures need all of their memory at once.
    """

    kind: Kind
    content: bytes
    width: int = 0
    height: int = 0
    orientation: int = 1
    interlaced: bool = False


# What people pick by mistake, and what attackers rename.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF动图"),
    (b"BM", "BMP图片"),
    (b"%PDF", "PDF文档"),
    (b"PK\x03\x04", "压缩包或Office文档"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"#!", "程序"),
    (b"\xd0\xcf\x11\xe0", "Office文档"),
    (b"II*\x00", "TIFF图片"),
    (b"MM\x00*", "TIFF图片"),
    (b"<svg", "SVG矢量图"),
    (b"<!doctype", "网页"),
    (b"<html", "网页"),
    (b"<?xml", "XML或SVG文件"),
    (b"<", "网页或SVG文件"),
)
_STILL_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_MOVING_BRANDS = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})

# A photo has some hundred parts and a dozen scans. Each scan is one more pass over every pixel.
_MOST_PARTS, _MOST_SCANS, _LONGEST_BRANDS = 8192, 100, 1024

_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_PADDING = b"\x00\xff\r\n\t "

# Inside a scan 0xFF is followed by 0x00 (data) or by a restart marker; anything else ends the scan.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_FILL = re.compile(rb"\xff+")
_SOI, _EOI, _SOS, _COM, _APP1, _APP2 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE1, 0xE2
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
# JFIF and Adobe say how colours are meant; every other application segment is dropped.
_APPS_KEPT = frozenset({0xE0, 0xEE})
_ORIENTATION_TAG = 0x0112
_TIFF_SHORT = 3


def read(content: bytes) -> Container:
    """Walk a file; raises NotAPhoto, PhotoAnimated, PhotoTruncated, PhotoBroken or PhotoHasForeignData."""
    if content.startswith(b"\xff\xd8\xff"):
        return _JpegWalk(content).walk()
    if content.startswith(_PNG_MARK):
        return _PngWalk(content).walk()
    if content[4:8] == b"ftyp":
        return _heif(content)
    raise NotAPhoto(kind=_other(content))


def _other(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP图片"
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((name for mark, name in _OTHERS if start.startswith(mark.lower())), "其他类型的文件")


class _JpegWalk:
    """One pass over a JPEG's segments and scans, to its end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._view = memoryview(content)
        self._at = 2
        self._kept: list[bytes | memoryview] = [b"\xff\xd8"]
        self._size: tuple[int, int] | None = None
        self._orientation = 1
        self._parts = self._scans = 0
        self._components = b""
        self._interlaced = False
        self._several = False
        self._motion = False

    def walk(self) -> Container:
        while (marker := self._marker()) != _EOI:
            self._parts += 1
            if marker == _SOI or self._parts > _MOST_PARTS:
                raise PhotoBroken
            self._segment(marker)
        self._kept.append(b"\xff\xd9")
        self._refuse_foreign()
        if self._size is None or 0 in self._size:
            raise PhotoBroken
        return Container(
            Kind.JPEG,
            b"".join(self._kept),
            width=self._size[0],
            height=self._size[1],
            orientation=self._orientation,
            interlaced=self._interlaced,
        )

    def _marker(self) -> int:
        content = self._content
        fill = _FILL.match(content, self._at)
        if fill is None:
            raise PhotoTruncated if self._at >= len(content) else PhotoBroken
        if fill.end() >= len(content):
            raise PhotoTruncated
        self._at = fill.end() + 1
        return content[fill.end()]

    def _segment(self, marker: int) -> None:
        start = self._at
        end = start + int.from_bytes(self._content[start : start + 2], "big")
        if end > len(self._content):
            raise PhotoTruncated
        if end < start + 2:
            raise PhotoBroken
        body = self._content[start + 2 : end]
        if marker in _FRAMES:
            self._frame(marker, body)
        elif marker == _APP1 and body.startswith(b"Exif\x00\x00"):
            self._orientation = _orientation(body[6:])
        elif marker == _APP1:
            self._motion = self._motion or b"MotionPhoto" in body or b"MicroVideo" in body
        elif marker == _APP2:
            self._several = self._several or body.startswith(b"MPF\x00")
        if marker == _SOS:
            end = self._scan_end(body, end)
        if marker in _APPS_KEPT or not (0xE0 <= marker <= 0xEF or marker == _COM):  # noqa: PLR2004 - APP0 to APP15
            self._kept += [b"\xff", bytes([marker]), self._view[start:end]]
        self._at = end

    def _frame(self, marker: int, body: bytes) -> None:
        if self._size is not None or len(body) < 6:  # noqa: PLR2004 - precision, height, width, components
            raise PhotoBroken
        height, width = struct.unpack(">HH", body[1:5])
        self._size = (width, height)
        self._components = body[5:6]
        self._interlaced = marker in _PROGRESSIVE

    def _scan_end(self, body: bytes, start: int) -> int:
        self._scans += 1
        if self._scans > _MOST_SCANS:
            raise PhotoBroken
        # A scan without all components makes a decoder keep the whole picture, as a progressive one does.
        self._interlaced = self._interlaced or body[:1] != self._components
        found = _NEXT_MARKER.search(self._content, start)
        if found is None:
            raise PhotoTruncated
        return found.start()

    def _refuse_foreign(self) -> None:
        """After the end only padding may come, and what phones themselves hang on; all of it is dropped.

        Those are further pictures of a set (MPF), a motion photo's clip and Samsung's trailer.
        """
        rest = memoryview(self._content)[self._at :]
        head, tail = bytes(rest[:64]).lstrip(_PADDING[:1]), bytes(rest[-64:])
        if not bytes(rest).strip(_PADDING):
            return
        of_a_set = self._several and head.startswith(b"\xff\xd8\xff")
        clip = self._motion and b"ftyp" in head[:8]
        if not (of_a_set or clip or tail.endswith(b"SEFT")):
            raise PhotoHasForeignData


class _PngWalk:
    """One pass over a PNG's chunks, to its end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = len(_PNG_MARK)
        self._kept = [_PNG_MARK]
        self._header = b""
        self._parts = 0
        self._orientation = 1

    def walk(self) -> Container:
        while self._chunk() != b"IEND":
            pass
        if self._content[self._at :].strip(_PADDING):
            raise PhotoHasForeignData
        if len(self._header) != 13:  # noqa: PLR2004 - the PNG standard's header
            raise PhotoBroken
        width, height = struct.unpack(">II", self._header[:8])
        if 0 in (width, height):
            raise PhotoBroken
        return Container(
            Kind.PNG,
            b"".join(self._kept),
            width=width,
            height=height,
            orientation=self._orientation,
            interlaced=True,
        )

    def _chunk(self) -> bytes:
        at, content = self._at, self._content
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            raise PhotoTruncated
        if kind == b"acTL":
            raise PhotoAnimated
        self._parts += 1
        # The header comes first and once: a second one would bring another size past the limits.
        if (kind == b"IHDR") == bool(self._header) or self._parts > _MOST_PARTS:
            raise PhotoBroken
        if kind == b"IHDR":
            self._header = content[at + 8 : end - 4]
        elif kind == b"eXIf":
            self._orientation = _orientation(content[at + 8 : end - 4])
        if kind in _PNG_KEPT:
            self._kept.append(content[at:end])
        self._at = end
        return kind


def _heif(content: bytes) -> Container:
    """Boxes to the very end; the decoder tells the size without decoding, and turns the picture itself."""
    ftyp_end = int.from_bytes(content[:4], "big")
    if not 16 <= ftyp_end <= min(len(content), _LONGEST_BRANDS):  # noqa: PLR2004 - the shortest ftyp box
        raise PhotoBroken
    brands = {content[8:12]} | {content[at : at + 4] for at in range(16, ftyp_end, 4)}
    if content[8:12] in _MOVING_BRANDS:
        raise PhotoAnimated
    if not brands & _STILL_BRANDS or b"avif" in brands:
        raise NotAPhoto(kind="AVIF图片" if b"avif" in brands else "视频")
    at = parts = 0
    while at < len(content):
        parts += 1
        size, header = int.from_bytes(content[at : at + 4], "big"), 8
        kind = content[at + 4 : at + 8]
        if size == 1:
            size, header = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        if size == 0:
            size = len(content) - at
        if size < header or not kind.isascii() or not kind.decode().isprintable() or parts > _MOST_PARTS:
            raise PhotoHasForeignData
        if at + size > len(content):
            raise PhotoTruncated if kind in {b"mdat", b"meta"} else PhotoHasForeignData
        at += size
    return Container(Kind.HEIF, content)


def _orientation(tiff: bytes) -> int:
    """EXIF's orientation, 1 when it is not told or not readable."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(min(entries, 512)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + entry * 12)
            if tag == _ORIENTATION_TAG and kind == _TIFF_SHORT and 1 <= value <= 8:  # noqa: PLR2004 - EXIF
                return int(value)
    except struct.error:
        return 1
    return 1
