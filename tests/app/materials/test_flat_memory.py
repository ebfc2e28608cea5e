"""Hostile files cost no memory: each is refused in a process of its own that says how far it rose."""

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.photo_fixtures import jpeg, jpeg_claiming, jpeg_of_scans, moving_gif, moving_png, png_bomb

_MB = 1024 * 1024
# The file itself, what is cut out of it, and what the program needs to say no.
_MOST_MB = 2 * 12 + 8
_REFUSE = """
import sys
from pathlib import Path
from app.materials import photos
from app.materials.errors import PhotoRefused, PhotoTooLarge

def mb(which):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) / 1024

base = mb("VmRSS")
try:
    with open(sys.argv[1], "rb") as file:
        photos.prepare(file.read(photos.MAX_BYTES + 1))
except (PhotoRefused, PhotoTooLarge) as refused:
    print(refused.code, mb("VmHWM") - base)
"""
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a picture of 2.5 gigapixels": png_bomb,
    "a jpeg that claims 3.6 gigapixels": lambda: jpeg_claiming(60_000, 60_000),
    "endless scans": lambda: jpeg_of_scans(5000),
    "a hundred megabytes": lambda: jpeg() + bytes(100 * _MB),
    "a zip behind a photo": lambda: jpeg() + b"PK\x03\x04" + bytes(11 * _MB),
    "a page behind a photo": lambda: jpeg() + b"<html><script>" + b"a" * (11 * _MB),
    "a drawing": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * (3 * _MB),
    "half a photo": lambda: jpeg()[:-2000] + b"\x00" * (11 * _MB),
    "a moving png": moving_png,
    "a moving gif": moving_gif,
    "a sequence of heic": lambda: (
        struct.pack(">I", 24) + b"ftyphevc" + bytes(4) + b"hevcmsf1" + bytes(11 * _MB)
    ),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_made_to_hurt_is_refused_with_flat_memory(make: Callable[[], bytes], tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(make())
    asked = [sys.executable, "-c", _REFUSE, str(file)]
    code, risen = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()

    assert code
    assert float(risen) < _MOST_MB
