"""What every test may ask for: real servers of its own, a clean database, the program, the sandbox."""

import base64
import contextlib
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg
import pytest
import requests
from alembic import command
from alembic.config import Config
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from werkzeug.serving import make_server

import bootstrap
from app import events, queues, settings
from app.db import unit_of_work
from app.evaluations import published
from app.figures import queries as figures
from app.staff import passwords
from runner.postgres import NAME, Postgres
from runner.redis import Redis
from tests import city_snapshot, emptying
from tests.databases import fresh_database
from tests.patience import until
from tests.ports import free_port
from tests.staff_fixtures import QUICK_HASHER
from web.flask_app import YimaFlask

# A slow machine is no fault of the code: no test asserts a time, and neither does Hypothesis.
hypothesis.settings.register_profile(
    "yima", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("yima")

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Spare the collector what stays until the end: it would look at all of it thousands of times."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Sandbox:
    """A running stand-in of the platforms."""

    url: str
    folder: Path

    def post(self, path: str, **body: Any) -> Any:
        """Drive it: POST /_sim…"""
        answer = requests.post(f"{self.url}{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def forget_faults(self) -> None:
        """Drop every planned fault."""
        requests.delete(f"{self.url}/_sim/faults", timeout=30).raise_for_status()

    def get(self, path: str) -> Any:
        """Ask it."""
        answer = requests.get(f"{self.url}{path}", timeout=30)
        answer.raise_for_status()
        return answer.json()


def wait_for(url: str) -> None:
    """Wait until an address answers 200."""
    assert until(lambda: _answers(url), every=0.05), f"{url} does not answer"


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis of this test process; or, when DATABASE_URL / REDIS_URL are set, places in those.

    A given PostgreSQL gets a database for this process, a given Redis the last of its numbered databases.
    """
    folder = tmp_path_factory.mktemp("servers")
    with contextlib.ExitStack() as running:
        yield {
            "DATABASE_URL": running.enter_context(_database(folder)),
            "REDIS_URL": running.enter_context(_redis(folder)),
        }


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if not given:
        postgres = Postgres(folder / "postgres", durable=False)
        try:
            url = postgres.start()
            with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
                admin.execute(f"GRANT SET ON PARAMETER session_replication_role TO {NAME}")
            yield url
        finally:
            postgres.stop()
        return
    with fresh_database(given, name=f"yima_test_{os.getpid()}") as url:
        yield url


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    given = os.environ.get("REDIS_URL")
    if given:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        yield urlunsplit(urlsplit(given)._replace(path=f"/{15 - 2 * int(worker)}"))
        return
    redis = Redis(folder / "redis")
    try:
        yield redis.start()
    finally:
        redis.stop()


@pytest.fixture(scope="session")
def prepared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path, dict[str, str]]:
    """Port, folder and settings of a sandbox that need not run yet."""
    port, folder = free_port(), tmp_path_factory.mktemp("sandbox")
    arguments = ["--folder", str(folder), "--port", str(port), "--prepare"]
    subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    lines = (folder / "app.env").read_text().splitlines()
    return port, folder, dict(line.split("=", 1) for line in lines if line)


@pytest.fixture(scope="session")
def environment(
    servers: dict[str, str],
    prepared_sandbox: tuple[int, Path, dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, str]]:
    """The settings of the program under test, also for processes that a test starts."""
    values = {
        **servers,
        **prepared_sandbox[2],
        "YIMA_ENV": "test",
        "SECRET_KEY": "a secret that only the tests know",
        "FIELD_KEYS": "t1:" + base64.b64encode(bytes(range(32))).decode(),
        "SIGNING_KEYS": "t1:" + base64.b64encode(bytes(range(32, 64))).decode(),
        "YIMA_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
    }
    before = dict(os.environ)
    os.environ.update(values)
    settings.current.cache_clear()
    yield values
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def migrated(environment: dict[str, str]) -> str:
    """A database in which every migration has run."""
    url = environment["DATABASE_URL"]
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    command.upgrade(config, "head")
    engine = create_engine(url)
    with engine.begin() as connection:
        emptying.prepare(connection)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def app(migrated: str) -> YimaFlask:
    """The whole web program in this process; it hashes passwords as production does, and far quicker."""
    del migrated
    passwords._HASHER = QUICK_HASHER
    return bootstrap.create_app()


@pytest.fixture
def database(app: YimaFlask) -> None:
    """An empty, connected database and Redis; emptied again by the next test that asks."""
    del app
    emptying.empty()
    queues.connection().flushdb()
    published.numbers.forget()
    figures.published.forget()


@pytest.fixture
def city(app: YimaFlask, database: None) -> None:
    """The demo city, as an operator loads it."""
    del database
    city_snapshot.load(app)


@pytest.fixture
def client(app: YimaFlask, database: None) -> FlaskClient:
    """A phone without a login."""
    del database
    return app.test_client()


@pytest.fixture(scope="session")
def served(app: YimaFlask, environment: dict[str, str]) -> Iterator[str]:
    """The program of this process over HTTP, where the platforms call back; its address."""
    address = environment["PUBLIC_URL"]
    server = make_server("127.0.0.1", int(address.rsplit(":", 1)[1]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def sandbox(
    prepared_sandbox: tuple[int, Path, dict[str, str]], environment: dict[str, str]
) -> Iterator[Sandbox]:
    """The stand-in of the platforms as a process of its own."""
    port, folder, _ = prepared_sandbox
    arguments = ["--folder", str(folder), "--port", str(port), "--app-url", environment["PUBLIC_URL"]]
    process = subprocess.Popen([sys.executable, "-m", "sandbox", *arguments], cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/_sim/health")
        yield Sandbox(f"http://127.0.0.1:{port}", folder)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def deliver() -> Any:
    """Tell every event that waits, as the worker would."""

    def run() -> None:
        with unit_of_work() as session:
            session.execute(text("UPDATE outbox SET next_attempt_at = created_at WHERE delivered_at IS NULL"))
        events.deliver()

    return run
