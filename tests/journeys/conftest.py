"""A city that runs: web, workers, scheduler and sandbox as processes of their own, talked to over HTTP."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from runner.processes import Process, launch
from tests.conftest import ROOT, Sandbox, free_port, wait_for


@dataclass(frozen=True)
class RunningCity:
    """Where everything is."""

    url: str
    sandbox: Sandbox
    environment: dict[str, str]


@pytest.fixture(scope="session")
def running_city(servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """One city for all journeys of this test process, with a database of its own."""
    folder = tmp_path_factory.mktemp("city")
    web, stand_in = free_port(), free_port()
    environment = _environment(servers, folder, web=web)
    processes: list[Process] = []
    try:
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
        wait_for(f"http://127.0.0.1:{web}/readyz", seconds=60)
        yield RunningCity(
            f"http://127.0.0.1:{web}",
            Sandbox(f"http://127.0.0.1:{stand_in}", folder / "sandbox"),
            environment,
        )
    finally:
        for process in reversed(processes):
            process.stop()


def _environment(servers: dict[str, str], folder: Path, *, web: int) -> dict[str, str]:
    address = make_url(servers["DATABASE_URL"])
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS journeys WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE journeys"))
    server.dispose()
    return {
        "PATH": os.environ["PATH"],
        "YIMA_ENV": "development",
        "DATABASE_URL": address.set(database="journeys").render_as_string(hide_password=False),
        "REDIS_URL": _next_numbered(servers["REDIS_URL"]),
        "SECRET_KEY": "a secret that only the journeys know",
        "FIELD_KEYS": "j1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "YIMA_DATA_DIR": str(folder),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
    }


def _next_numbered(url: str) -> str:
    """Another of the sixteen numbered databases of the same Redis."""
    address = urlsplit(url)
    number = int(address.path.strip("/") or 0)
    return urlunsplit(address._replace(path=f"/{(number - 1) % 16}"))


def _sandbox_line(folder: Path, port: int, web: int) -> str:
    return f"-m sandbox --folder {folder / 'sandbox'} --port {port} --app-url http://127.0.0.1:{web}"


def _start(name: str, line: str, environment: dict[str, str], folder: Path) -> Process:
    return launch(
        [sys.executable, *line.split()], name=name, env=environment, output=folder / f"{name}.log", cwd=ROOT
    )
