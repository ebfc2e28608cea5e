"""Taking a photo in (照片处理): judged by content, limited before decoding, turned, written anew."""

import hashlib
import io
import struct
import threading
from dataclasses import dataclass, replace

import pillow_heif
from PIL import Image

from app.materials import containers, scanning
from app.materials.containers import Container, Kind
from app.materials.errors import PhotoBroken, PhotoInfected, PhotosBusy, PhotoTooLarge, PhotoTooManyPixels
from app.materials.findings import LOOK_SIDE, Finding, look_at
from app.materials.scanning import Scan

MAX_BYTES = 12 * 1024 * 1024
# A baseline JPEG is decoded at a fraction of its size; the others need memory for every pixel.
MAX_PIXELS = 65_000_000
MAX_PIXELS_WHOLE = 26_000_000
MAX_PIXELS_HEIF = 50_000_000
MAX_SIDE = 20_000

# Small print of an A4 page is still readable at this length: ADR 15.
LONG_SIDE = 2016
_SHARP_ENOUGH = 1800
# A third of what is looked at, so that it is made by adding up pixels.
THUMB_SIDE = LOOK_SIDE // 3
QUALITY = 85
_THUMB_QUALITY = 75

# Decoding is the one place where a request takes much memory, so only a few may be in it at once; and of
# the sixteen threads of a web process only a few may wait for it, or nobody could book meanwhile.
_PLACES = threading.BoundedSemaphore(2)
_WAITING_ROOM = threading.BoundedSemaphore(4)
_PATIENCE_S = 10

# The C library keeps freed memory up to twice the largest piece it has seen come back, and gives the rest to
# the system, which hands it out again page by page. One piece of this size, never touched, has it keep what
# the two large pictures of an upload need; asking anew would cost as much as turning the picture.
bytes(16 * 1024 * 1024)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Everything the decoders raise on files made to break them.
_BROKEN = (
    EOFError,
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    RuntimeError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A photo as it will be kept: a JPEG of ours without metadata, its size in pixels, what was noticed.

    `small` is the same picture for lists, a JPEG too (缩略图); `scan` what the upload was found to be.
    """

    content: bytes
    small: bytes
    width: int
    height: int
    sha256: bytes
    findings: tuple[Finding, ...]
    scan: Scan = Scan.OFF


def prepare(content: bytes) -> PreparedPhoto:
    """Take an upload in; never call it inside a unit of work.

    Raises PhotoTooLarge, PhotosBusy, or a PhotoRefused that names what is wrong, such as PhotoInfected.
    """
    if len(content) > MAX_BYTES:
        raise PhotoTooLarge(most_mb=MAX_BYTES // 1024 // 1024)
    container = containers.read(content)
    scan = scanning.look_through(content)
    if scan is Scan.INFECTED:
        raise PhotoInfected
    if not _found_a_place():
        raise PhotosBusy(retry_after=5)
    try:
        return replace(_prepared(container), scan=scan)
    except _BROKEN as error:
        raise PhotoBroken from error
    finally:
        _PLACES.release()


def _found_a_place() -> bool:
    if _PLACES.acquire(blocking=False):
        return True
    if not _WAITING_ROOM.acquire(blocking=False):
        return False
    try:
        return _PLACES.acquire(timeout=_PATIENCE_S)
    finally:
        _WAITING_ROOM.release()


def _prepared(container: Container) -> PreparedPhoto:
    decode = {Kind.JPEG: _jpeg, Kind.PNG: _png, Kind.HEIF: _heif}[container.kind]
    image = _plain(decode(container))
    image = _within(image, LONG_SIDE, Image.Resampling.BICUBIC, gap=2.0)
    small, findings = _looked_at(image)
    turn = _TURNS.get(container.orientation)
    if turn is not None:
        image, small = image.transpose(turn), small.transpose(turn)
    content = _encoded(image, quality=QUALITY)
    return PreparedPhoto(
        content=content,
        small=_encoded(small, quality=_THUMB_QUALITY),
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(content).digest(),
        findings=findings,
    )


def _looked_at(image: Image.Image) -> tuple[Image.Image, tuple[Finding, ...]]:
    """The picture for lists, and what was noticed, whichever way it lies.

    One pass over the large picture; the rest is made from what it leaves, which is gone again before the
    large one is there twice, for turning.
    """
    half = _within(image, LOOK_SIDE, Image.Resampling.BOX, gap=1.0)
    # Green carries most of the light.
    findings = look_at(half if half.mode == "L" else half.getchannel("G"), size=image.size)
    return _within(half, THUMB_SIDE, Image.Resampling.BOX, gap=1.0), findings


def _within(image: Image.Image, side: int, how: Image.Resampling, *, gap: float) -> Image.Image:
    """The picture no longer than `side`; `gap`: how much longer it may be when the finer way begins."""
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(length * side / longest)) for length in image.size)
    return image.resize((width, height), how, reducing_gap=gap)


def _jpeg(container: Container) -> Image.Image:
    most = MAX_PIXELS_WHOLE if container.interlaced else MAX_PIXELS
    _refuse_too_many(container.width, container.height, most=most)
    image = Image.open(io.BytesIO(container.content), formats=["JPEG"])
    # The discrete cosine transform gives 1/2, 1/4 or 1/8 of the size for less than the whole costs.
    longest = max(image.size)
    scale = next((scale for scale in (8, 4, 2) if longest // scale >= _SHARP_ENOUGH), 1)
    image.draft(None, (image.width // scale, image.height // scale))
    image.load()
    return image


def _png(container: Container) -> Image.Image:
    _refuse_too_many(container.width, container.height, most=MAX_PIXELS_WHOLE)
    image = Image.open(io.BytesIO(container.content), formats=["PNG"])
    image.load()
    return image


def _heif(container: Container) -> Image.Image:
    opened = pillow_heif.open_heif(io.BytesIO(container.content), convert_hdr_to_8bit=True)
    width, height = opened.size
    _refuse_too_many(width, height, most=MAX_PIXELS_HEIF)
    image: Image.Image = opened.to_pillow()
    return image


def _refuse_too_many(width: int, height: int, *, most: int) -> None:
    if width * height > most or max(width, height) > MAX_SIDE:
        raise PhotoTooManyPixels(width=width, height=height)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in grey or in colours, on white where it was transparent."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _encoded(image: Image.Image, *, quality: int) -> bytes:
    """A JPEG that holds the pixels and nothing else."""
    image.info.clear()
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
