"""The scanner's client against the stand-in, and against daemons that misbehave."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from platforms.clamav import ClamAv
from tests.patience import PATIENCE_S
from tests.platforms.conftest import ROOT
from tests.ports import free_port

# In two parts, so that no scanner takes this file for what it looks for.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(params=["tcp", "unix"])
def daemon(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a running stand-in."""
    file, port = tmp_path / "clamd.sock", free_port()
    where = ["--socket", str(file)] if request.param == "unix" else ["--port", str(port)]
    command = [sys.executable, "-m", "sandbox.clamd", *where]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
        yield f"unix://{file}" if request.param == "unix" else f"tcp://127.0.0.1:{port}"
        process.terminate()


def test_what_is_clean_and_what_is_not_is_told(daemon: str) -> None:
    scanner = ClamAv(daemon)

    assert scanner.is_clean(b"a photo" * 50_000) is True
    assert scanner.is_clean(b"a photo" * 50_000 + EICAR + b"more") is False
    assert scanner.is_clean(b"") is True


def test_a_stream_that_is_too_long_for_the_daemon_is_not_told(daemon: str) -> None:
    assert ClamAv(daemon).is_clean(bytes(26 * 1024 * 1024)) is None


def test_many_ask_at_once(daemon: str) -> None:
    scanner, told = ClamAv(daemon), []
    asking = [
        threading.Thread(target=lambda each=each: told.append(scanner.is_clean(EICAR * (each % 2))))
        for each in range(8)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert sorted(told, key=str) == [False] * 4 + [True] * 4


def test_a_scanner_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert ClamAv(f"tcp://127.0.0.1:{free_port()}").is_clean(b"photo") is None
    assert ClamAv(f"unix://{tmp_path}/nothing.sock").is_clean(b"photo") is None


def _hangs(line: socket.socket) -> None:
    line.settimeout(PATIENCE_S)
    while line.recv(65_536):
        pass


def _drips(line: socket.socket) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        line.sendall(b"s")
        time.sleep(0.1)


@pytest.mark.parametrize(
    "misbehave",
    [
        _hangs,
        _drips,
        lambda line: None,
        lambda line: line.sendall(b"stream: OK, or not FOUND at all"),
        lambda line: line.sendall(b"INSTREAM size limit exceeded. ERROR\0"),
        lambda line: line.sendall(b"\xff" * 100_000),
    ],
    ids=["hangs", "drips", "hangs up", "says something else", "refuses", "floods"],
)
def test_a_daemon_that_misbehaves_tells_nothing_and_costs_no_more_than_its_time(
    misbehave: Callable[[socket.socket], None],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                try:
                    misbehave(line)
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        began = time.monotonic()
        told = ClamAv(f"tcp://127.0.0.1:{server.getsockname()[1]}", whole_s=1.0).is_clean(bytes(200_000))
        spent = time.monotonic() - began
        thread.join()

    assert told is None
    assert spent < PATIENCE_S / 2, "as long as the daemon goes on"


@pytest.mark.parametrize("address", ["", "clamav", "http://clamav:3310", "tcp://clamav", "unix://host/path"])
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="tcp://"):
        ClamAv(address)
