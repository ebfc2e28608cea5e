"""`make run` as a person lives it: addresses, Ctrl-C, a kill, and the same city again."""

import contextlib
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from tests.ports import free_port
from tests.runner.conftest import ROOT, all_gone, clean_environment


@dataclass
class Run:
    """A launcher of everything."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def heard(self, pattern: str) -> re.Match[str]:
        """Read on until a line matches."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found
        pytest.fail(f"never said {pattern!r}:\n{''.join(self.lines)}")

    def family(self) -> list[int]:
        """The launcher and everything below it."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One data folder and two ports for all starts in this file, as one person has them."""
    folder = str(tmp_path_factory.mktemp("data"))
    return clean_environment(YIMA_DATA_DIR=folder, PORT=str(free_port()), SANDBOX_PORT=str(free_port()))


@pytest.fixture
def run(settings: dict[str, str]) -> Iterator[Callable[[], Run]]:
    """Start the launcher; what a test leaves running is killed."""
    runs: list[Run] = []

    def start() -> Run:
        process = subprocess.Popen(
            [sys.executable, "-m", "runner"], cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True
        )
        runs.append(Run(process))
        return runs[-1]

    yield start
    for started in runs:
        with contextlib.suppress(ProcessLookupError):
            started.process.kill()
        started.process.wait()
        assert started.process.stdout is not None
        started.process.stdout.close()


def test_everything_runs_takes_no_second_start_and_ctrl_c_stops_everything(
    run: Callable[[], Run], settings: dict[str, str]
) -> None:
    started = run()
    phone = started.heard(r"phone .*(http\S+)").group(1)
    family = started.family()

    assert requests.get(phone, timeout=30).ok
    assert ready(settings)
    another_terminal_gets_the_settings(settings)
    a_second_start_is_told_so_and_harms_nothing(run(), beside=started, settings=settings)
    started.process.send_signal(signal.SIGINT)

    started.heard("stopped")
    assert started.process.wait(timeout=60) == 0
    assert len(family) > 8
    assert all_gone(family)


def ready(settings: dict[str, str]) -> bool:
    return requests.get(f"http://127.0.0.1:{settings['PORT']}/readyz", timeout=30).ok


def another_terminal_gets_the_settings(settings: dict[str, str]) -> None:
    kept = Path(settings["YIMA_DATA_DIR"], "environment.sh")
    asked = f". {kept} && echo $DATABASE_URL"
    found = subprocess.run(["sh", "-c", asked], capture_output=True, text=True, check=True, env={})

    assert found.stdout.startswith("postgresql+psycopg://")
    assert kept.stat().st_mode & 0o077 == 0


def a_second_start_is_told_so_and_harms_nothing(
    second: Run, *, beside: Run, settings: dict[str, str]
) -> None:
    second.heard(f"in use by process {beside.process.pid}")

    assert second.process.wait(timeout=60) == 1
    assert ready(settings)


def test_killing_the_launcher_leaves_nothing_and_the_next_start_finds_the_city(
    run: Callable[[], Run], settings: dict[str, str]
) -> None:
    first = run()
    first.heard("console")
    family = first.family()

    first.process.kill()
    second = run()  # at once: it waits for what is still leaving

    assert all_gone(family)
    second.heard("console")
    assert not any("ended" in line for line in second.lines)
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(timeout=60) == 0


def test_a_taken_port_is_said_before_anything_is_started(
    run: Callable[[], Run], settings: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings["PORT"] = str(taken.getsockname()[1])
        refused = run()
        refused.heard(f"Port {settings['PORT']} is taken")
        assert refused.process.wait(timeout=60) == 1
