"""Launchers as processes of their own, and a look at what they leave behind."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import until

ROOT = Path(__file__).resolve().parents[2]
STARTER = Path(__file__).with_name("starter.py")


@dataclass
class Started:
    """A launcher that runs, with its servers' addresses and numbers."""

    process: subprocess.Popen[str]
    database: str
    redis: str
    pids: list[int]


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet collected does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def all_gone(pids: list[int]) -> bool:
    """Wait until none of the processes runs."""
    return until(lambda: not any(alive(pid) for pid in pids))


def clean_environment(**more: str) -> dict[str, str]:
    """An environment without the settings of the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT)} | more


@pytest.fixture
def start() -> Iterator[Callable[[Path], Started]]:
    """Start both servers in a folder by a launcher that can be killed."""
    launchers: list[subprocess.Popen[str]] = []

    def start_in(folder: Path) -> Started:
        command = [sys.executable, str(STARTER), str(folder)]
        process = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE, text=True)
        launchers.append(process)
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        return Started(process, said["urls"][0], said["urls"][1], said["pids"])

    yield start_in
    for process in launchers:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
