"""A stage for measurements: real servers on the real disk, the demo city, citizens, the web program."""

import contextlib
import os
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from runner import programs
from runner.keys import development_keys
from runner.places import ROOT, Places, environment_of
from runner.postgres import Postgres
from runner.processes import Process, launch
from runner.programs import Program
from runner.redis import Redis

_STARTING_S = 60.0

_MAKE_CITIZENS = """
INSERT INTO citizens (created_at) SELECT now() FROM generate_series(1, :count)
"""
_LOG_THEM_IN = """
INSERT INTO login_sessions (family, citizen_id, platform, access_hash, access_expires_at, refresh_hash,
  refresh_expires_at, created_at)
SELECT gen_random_uuid(), id, 'wechat', sha256(('bench-token-' || id)::bytea), now() + interval '1 day',
  sha256(('bench-refresh-' || id)::bytea), now() + interval '1 day', now()
FROM citizens
"""


@dataclass(frozen=True)
class Stage:
    """What a measurement works with."""

    postgres: Postgres
    places: Places
    env: dict[str, str]
    citizens: int


@contextlib.contextmanager
def stage(*, citizens: int) -> Iterator[Stage]:
    """Start the servers in a folder of their own, fill them and start the web program; all of it is stopped.

    Citizen n has the id n and the token `bench-token-n`.
    """
    with tempfile.TemporaryDirectory(prefix="yima-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, redis = Postgres(folder / "postgres"), Redis(folder / "redis")
        env = dict(os.environ) | {"DATABASE_URL": postgres.start()}
        stack.callback(postgres.stop)
        env["REDIS_URL"] = redis.start()
        stack.callback(redis.stop)
        places = Places("127.0.0.1", _free_port(), _free_port(), folder, "http://127.0.0.1:8000")
        env |= development_keys(folder) | {"YIMA_DATA_DIR": name, "YIMA_ENV": "development"}
        _finish(programs.sandbox(places, prepare=True), env)
        env |= environment_of((folder / "sandbox" / "app.env").read_text())
        _finish(programs.migrate(), env)
        _finish(programs.load_demo_city(), env)
        _fill(postgres.url, citizens)
        web = _start(programs.web(places), env)
        stack.callback(web.stop)
        _wait_for(f"{places.app_url}/readyz", web)
        yield Stage(postgres, places, env, citizens)


def _fill(url: str, citizens: int) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(_MAKE_CITIZENS), {"count": citizens})  # nobody lives there yet
        connection.execute(text(_LOG_THEM_IN))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _start(program: Program, env: dict[str, str]) -> Process:
    return launch(program.argv, name=program.name, env=env, output=Path(os.devnull), cwd=ROOT)


def _finish(program: Program, env: dict[str, str]) -> None:
    process = launch(program.argv, name=program.name, env=env, cwd=ROOT)
    ended = process.wait(_STARTING_S)
    if process.collect() != 0 or not ended:
        raise SystemExit(f"{program.name} failed; its lines above say why.")


def _wait_for(url: str, process: Process) -> None:
    deadline = time.monotonic() + _STARTING_S
    while process.running and time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"{url} did not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
