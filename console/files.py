"""The console's own files (样式、脚本): each under its hash, so browsers keep what has not changed."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("static")
_KINDS = {".css": "text/css", ".js": "text/javascript"}
HTMX = "vendor/htmx-2.0.11.min.js"
ECHARTS = "vendor/echarts-6.1.0.common.min.js"
# Nothing else in the folder is given out.
NAMES = frozenset({"console.css", "charts.js", "keys.js", "viewer.js", HTMX, ECHARTS})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: plain, and packed by gzip."""

    content: bytes
    packed: bytes
    kind: str
    version: str


@cache
def asset(name: str) -> Asset:
    """One of NAMES, read and packed once per process."""
    path = _FOLDER / name
    content = path.read_bytes()
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, mtime=0), _KINDS[path.suffix], version)


def address(name: str) -> str:
    """Where a page finds a file."""
    return f"/console/static/{name}?v={asset(name).version}"
