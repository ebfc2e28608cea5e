"""Taking a 12-megapixel photo in, against merely decoding it in full; its memory; what small print keeps.

The same library decodes on both sides, Pillow's libjpeg-turbo; the full decoding does nothing else. Each side
works in a process of its own, one photo after the other as an upload follows an upload: in one process each
would live off the memory that the other has just given back. The photos are drawn by `phone_photos`: one
plain as the specification's, and sheets of 8-point print as phones take them, near and far, bright and dim.
"""

import io
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageDraw

from app.materials import photos
from benchmarks import phone_photos, print_reader
from benchmarks.phone_photos import FRAME, Taken
from benchmarks.ratios import report

FLOOR = 1.0
MOST_MB = 40.0
PRINT_FLOOR = 0.95
ROUNDS, PHOTOS = 5, 9
SHEETS = {
    "a sheet": Taken(),
    "a sheet in dim light": Taken(light=150, desk=70, noise=9),
    "a sheet from afar": Taken(fills=0.6),
}


def main() -> int:
    """Measure time, memory and print; whether every floor is reached."""
    files = {"plain": phone_photos.jpeg(_plain())}
    taken = {name: phone_photos.photograph(how) for name, how in SHEETS.items()}
    files |= {name: phone_photos.jpeg(image) for name, image in taken.items()}
    reached = [_as_quick_and_small(name, content) for name, content in files.items()]
    reached += [_as_legible(name, taken[name], files[name]) for name in SHEETS]
    return 0 if all(reached) else 1


def _plain() -> Image.Image:
    image = Image.new("RGB", FRAME, (90, 90, 90))
    draw = ImageDraw.Draw(image)
    draw.rectangle((250, 250, FRAME[0] - 250, FRAME[1] - 250), fill=(212, 212, 205))
    for y in range(400, FRAME[1] - 400, 90):
        draw.text((400, y), "permit 350100 " * 7, font=phone_photos.font(44), fill=(40, 40, 40))
    noise = Image.effect_noise(FRAME, 6).convert("RGB")
    return Image.blend(image, noise, 0.15)


def _as_quick_and_small(name: str, content: bytes) -> bool:
    ratios, peaks = [], {"ours": 0.0, "decoding": 0.0}
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(content)
        file.flush()
        for _ in range(ROUNDS):
            spent = {}
            for side in random.sample(sorted(peaks), 2):
                spent[side], peak = _of_a_process(side, file.name)
                peaks[side] = max(peaks[side], peak)
            ratios.append(spent["decoding"] / spent["ours"])
    print(f"{name}, {len(content) / 1e6:.1f} MB: MB over the base process: ", end="")
    print(f"decoding {peaks['decoding']:.0f}, taking in {peaks['ours']:.0f}")
    small = report(f"{MOST_MB:.0f} MB : taking in", MOST_MB / peaks["ours"], floor=1.0)
    return report("full decoding : taking in", statistics.median(ratios), floor=FLOOR) and small


def _as_legible(name: str, whole: Image.Image, content: bytes) -> bool:
    """What of the print is read in the kept photo, in the whole one, and in one of half the kept length."""
    kept = Image.open(io.BytesIO(photos.prepare(content).content))
    smaller = kept.resize((kept.width // 2, kept.height // 2), Image.Resampling.BOX)
    how = SHEETS[name]
    read, of_whole, of_smaller = (print_reader.read_share(one, how) for one in (kept, whole, smaller))
    print(f"8-point print, {name}: whole {of_whole:.2f}, kept {read:.2f}, half as long {of_smaller:.2f}")
    return report(f"print read in the kept photo : in the whole, {name}", read / of_whole, floor=PRINT_FLOOR)


def _of_a_process(side: str, path: str) -> tuple[float, float]:
    asked = [sys.executable, "-m", "benchmarks.photo", side, path]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    return float(told[0]), float(told[1])


def _tell(side: str, path: Path) -> None:
    """In a process of its own: the CPU time of one photo, and how far the memory rose, its bytes included."""
    base = _memory_mb("VmRSS")
    content, spent = path.read_bytes(), []
    for _ in range(PHOTOS):
        began = time.process_time()
        if side == "ours":
            photos.prepare(content)
        else:
            Image.open(io.BytesIO(content)).load()
        spent.append(time.process_time() - began)
    print(statistics.median(spent), _memory_mb("VmHWM") - base)


def _memory_mb(which: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) / 1024


if __name__ == "__main__":
    if sys.argv[2:]:
        _tell(sys.argv[1], Path(sys.argv[2]))
        sys.exit(0)
    sys.exit(main())
