"""Mini-program codes: a picture that carries a scene (小程序码)."""

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from .wechat_errors import Refusal

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
PAGE = re.compile(r"[\w\-.]+(?:/[\w\-.]+)*", re.ASCII)
NARROWEST, USUAL, WIDEST = 280, 430, 1280
VERSIONS = {"release", "trial", "develop"}


@dataclass(frozen=True)
class CodeRequest:
    """What a code shall carry: `scene` is at most 32 visible characters, `width` is pixels."""

    scene: str
    page: str
    width: int


def check_request(asked: dict[str, Any], *, pages: set[str]) -> CodeRequest:
    """Check what getwxacodeunlimit checks; raises Refusal 40129, 41030 or 40097.

    `pages` are those that have been published; when it is empty, any well-formed page will do.
    """
    scene = asked.get("scene")
    if not isinstance(scene, str) or not SCENE.fullmatch(scene):
        raise Refusal(40129)
    page = asked.get("page") or "pages/index/index"
    if not isinstance(page, str) or not PAGE.fullmatch(page):
        raise Refusal(41030)
    if pages and asked.get("check_path", True) is True and page not in pages:
        raise Refusal(41030)
    width = asked.get("width", USUAL)
    if type(width) is not int or not NARROWEST <= width <= WIDEST:
        raise Refusal(40097)
    if asked.get("env_version", "release") not in VERSIONS:
        raise Refusal(40097)
    return CodeRequest(scene=scene, page=page, width=width)


@lru_cache(maxsize=512)
def draw(scene: str, *, width: int) -> bytes:
    """Draw a square JPEG which a camera decodes to the scene."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, box_size=1)
    code.add_data(scene)
    modules = code.get_matrix()
    size = len(modules)
    picture = Image.new("L", (size, size), 255)
    picture.putdata([0 if dark else 255 for row in modules for dark in row])
    # Whole multiples keep every module square; the rest of the width is quiet margin.
    scale = max(1, width // size)
    sheet = Image.new("L", (width, width), 255)
    corner = (width - size * scale) // 2
    sheet.paste(picture.resize((size * scale, size * scale), Image.Resampling.NEAREST), (corner, corner))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=92)
    return out.getvalue()
