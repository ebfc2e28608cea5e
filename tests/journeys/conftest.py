"""A city that runs: web, workers, scheduler and sandbox as processes of their own, talked to over HTTP."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from app.queues import Queue
from runner.processes import Process, launch
from runner.redis import server_binary
from tests.conftest import ROOT, Sandbox, wait_for
from tests.databases import fresh_database
from tests.patience import until
from tests.ports import free_port


@dataclass(frozen=True)
class RunningCity:
    """Where everything is."""

    url: str
    sandbox: Sandbox
    environment: dict[str, str]
    redis: "RestartableRedis"


class RestartableRedis:
    """A Redis that can go away and come back at the same address, having forgotten everything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: Process | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, or start it again."""
        binary = server_binary()
        options = f"--port {self._port} --bind 127.0.0.1 --appendonly no --save"
        argv = [str(binary), *options.split(), ""]
        self._process = launch(argv, name="redis", env={}, output=self._folder / "redis.log")
        assert until(self._answers, every=0.05), "redis did not start"

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False

    def wait_for_workers(self) -> None:
        """Wait until every queue has its worker."""
        told = redis.Redis.from_url(self.url)
        assert until(lambda: told.scard("rq:workers") >= len(Queue)), "the workers did not come"

    def stop(self) -> None:
        """Have it go away."""
        if self._process is not None:
            self._process.stop()
            self._process = None


@pytest.fixture(scope="session")
def running_city(servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """One city for all journeys of this test process, with a database of its own."""
    with fresh_database(servers["DATABASE_URL"], name="journeys") as database:
        yield from _city(database, tmp_path_factory.mktemp("city"))


def _city(database: str, folder: Path) -> Iterator[RunningCity]:
    web, stand_in = free_port(), free_port()
    redis_server = RestartableRedis(folder)
    environment = _environment(database, folder, web=web) | {"REDIS_URL": redis_server.url}
    processes: list[Process] = []
    try:
        redis_server.start()
        processes.append(_start("sandbox", _sandbox_line(folder, stand_in, web), environment, folder))
        wait_for(f"http://127.0.0.1:{stand_in}/_sim/health")
        environment |= dict(
            line.split("=", 1) for line in (folder / "sandbox" / "app.env").read_text().splitlines() if line
        )
        for name, line in (("migrate", "-m alembic upgrade head"), ("demo", "-m flask --app wsgi demo load")):
            done = _start(name, line, environment, folder)
            assert done.wait(120)
            assert done.collect() == 0, (folder / f"{name}.log").read_text()
        server = "-m granian wsgi:app --interface wsgi --host 127.0.0.1 --workers 2 --blocking-threads 8"
        processes.append(_start("web", f"{server} --port {web} --no-access-log", environment, folder))
        processes.append(_start("worker", "worker.py", environment, folder))
        processes.append(_start("scheduler", "worker.py schedule", environment, folder))
        wait_for(f"http://127.0.0.1:{web}/readyz")
        redis_server.wait_for_workers()
        yield RunningCity(
            f"http://127.0.0.1:{web}",
            Sandbox(f"http://127.0.0.1:{stand_in}", folder / "sandbox"),
            environment,
            redis_server,
        )
    finally:
        for process in reversed(processes):
            process.stop()
        redis_server.stop()


def _environment(database: str, folder: Path, *, web: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "YIMA_ENV": "development",
        "DATABASE_URL": database,
        "SECRET_KEY": "a secret that only the journeys know",
        "FIELD_KEYS": "j1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SIGNING_KEYS": "j1:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
        "YIMA_DATA_DIR": str(folder),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
    }


def _sandbox_line(folder: Path, port: int, web: int) -> str:
    return f"-m sandbox --folder {folder / 'sandbox'} --port {port} --app-url http://127.0.0.1:{web}"


def _start(name: str, line: str, environment: dict[str, str], folder: Path) -> Process:
    return launch(
        [sys.executable, *line.split()], name=name, env=environment, output=folder / f"{name}.log", cwd=ROOT
    )
