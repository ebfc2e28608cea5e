"""Codes as pictures (二维码图片)."""

import io

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

_QUIET_ZONE = 4  # modules, ISO/IEC 18004
_DARK, _LIGHT = 0, 255
# A code that lives for a minute is drawn with a fixed mask: choosing the best of eight costs two thirds of
# the time and gains nothing a phone's reader would notice.
QUICK_MASK = 3

Matrix = list[list[bool]]


def png(content: str, *, mask: int | None = None, scale: int = 8) -> bytes:
    """A black and white PNG, `scale` pixels per module, with the quiet zone around it."""
    rows = matrix(content, mask=mask)
    size = len(rows)
    pixels = bytes(_DARK if dark else _LIGHT for row in rows for dark in row)
    picture = Image.frombytes("L", (size, size), pixels)
    out = io.BytesIO()
    picture.resize((size * scale, size * scale), Image.Resampling.NEAREST).convert("1").save(out, "PNG")
    return out.getvalue()


def svg(content: str, *, mask: int | None = None) -> bytes:
    """An SVG of one path that scales to any size; black on white, also in dark mode."""
    size, path = drawn(content, mask=mask)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"'
        f' role="img" aria-label="二维码"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{path}"/></svg>'
    ).encode()


def drawn(content: str, *, mask: int | None = None) -> tuple[int, str]:
    """The width in modules and the path of an SVG, for pages that draw it themselves."""
    rows = matrix(content, mask=mask)
    return len(rows), "".join(_runs(y, row) for y, row in enumerate(rows))


def matrix(content: str, *, mask: int | None = None) -> Matrix:
    """The modules row by row, dark ones true, with the quiet zone around them."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_ZONE, mask_pattern=mask)
    code.add_data(content)
    rows: Matrix = code.get_matrix()
    return rows


def _runs(y: int, row: list[bool]) -> str:
    """The dark stretches of one row as rectangles of height one."""
    drawn, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            drawn.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(drawn)
