"""`make run`: the whole of 一码办 on this machine, for development."""

import argparse
import contextlib
import http.client
import io
import os
import shlex
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from runner import banner, child, programs
from runner.errors import CannotStart
from runner.folders import FolderLock
from runner.keys import development_keys
from runner.migrations import pending
from runner.places import Places, check_free, environment_of, given, read_places
from runner.postgres import Postgres
from runner.processes import Process, hurry, say, stopping
from runner.redis import Redis
from runner.supervisor import Supervisor

READY_WITHIN = 90.0  # seconds
LEAVING = 12.0
LOOKING = 0.1
SETTINGS_FILE = "environment.sh"  # for commands in another terminal


def main() -> int:
    """Start everything, look after it, and stop it when asked."""
    parser = argparse.ArgumentParser(prog="runner", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the parent (make) is gone")
    if parser.parse_args().with_parent:
        child.follow_parent(signal.SIGTERM)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would take our children's ends from us
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with contextlib.ExitStack() as stack:
            _run(stack)
    except KeyboardInterrupt:
        say("stopped")
    except (CannotStart, OSError) as error:  # such as a full disk
        for line in str(error).splitlines():
            say(line)
        return 1
    return 0


def _run(stack: contextlib.ExitStack) -> None:
    """Start what is needed in order; the stack undoes it in the opposite order."""
    places = read_places(given())
    lock = FolderLock(places.data).take()
    stack.callback(lock.give_back)
    patience = LEAVING if lock.abandoned else 0.0  # programs of a killed start may still be leaving
    check_free(places.host, places.port, setting="PORT", patience=patience)
    check_free(places.host, places.sandbox_port, setting="SANDBOX_PORT", patience=patience)

    env = _settings(places)
    supervisor = Supervisor(env)
    keys = supervisor.begin(programs.sandbox(places, prepare=True))  # takes as long as the servers do
    servers = _start_servers(stack, places, env)
    stack.callback(supervisor.stop)
    stack.callback(stopping.set)
    supervisor.finish(keys)
    for name, value in environment_of((places.data / "sandbox" / "app.env").read_text()).items():
        env.setdefault(name, value)

    _leave_settings(places.data, env)
    supervisor.keep(programs.sandbox(places))
    city = _fill_database(supervisor, env["DATABASE_URL"])
    supervisor.keep(programs.web(places))
    _wait_until_ready(places, supervisor)
    told = supervisor.finish(city)
    supervisor.keep(programs.worker())  # not sooner: a person waits for the page, no job does
    supervisor.keep(programs.scheduler())
    banner.show(places, city=told)
    while True:
        _look(supervisor, servers)
        time.sleep(LOOKING)


def _leave_settings(folder: Path, env: dict[str, str]) -> None:
    """Leave what we have set for a person's other terminal, readable by its owner alone."""
    ours = {name: value for name, value in env.items() if os.environ.get(name) != value}
    lines = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(ours.items()))
    kept = folder / SETTINGS_FILE
    kept.touch(mode=0o600)
    kept.write_text(lines, encoding="utf-8")


def _settings(places: Places) -> dict[str, str]:
    """Settings for every program: the person's own, and ours where there are none."""
    env = development_keys(places.data) | {"PUBLIC_URL": places.public_url} | given()
    direct = filter(
        None, (env.get("NO_PROXY") or env.get("no_proxy"), "127.0.0.1,localhost,::1", places.host)
    )
    no_proxy = ",".join(direct)  # the sandbox is never behind a proxy
    return env | {
        "YIMA_DATA_DIR": str(places.data),
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "PYTHONUNBUFFERED": "1",
    }


def _start_servers(
    stack: contextlib.ExitStack, places: Places, env: dict[str, str]
) -> list[Postgres | Redis]:
    """Start the servers whose addresses are not set, and set them."""
    servers: list[Postgres | Redis] = []
    for name, server in (
        ("DATABASE_URL", Postgres(places.data / "postgres")),
        ("REDIS_URL", Redis(places.data / "redis")),
    ):
        if name not in env:
            stack.callback(server.stop)
            env[name] = server.start()
            env["YIMA_EMBEDDED"] = "1"  # which a production start refuses
            servers.append(server)
    return servers


def _fill_database(supervisor: Supervisor, database_url: str) -> Process:
    """Bring shape and demo city up to date; where the shape was, the city is looked over meanwhile."""
    behind = pending(database_url)
    if behind:
        supervisor.finish(supervisor.begin(programs.migrate()))
    city = supervisor.begin(programs.load_demo_city())
    if behind:
        supervisor.finish(city)
    return city


def _wait_until_ready(places: Places, supervisor: Supervisor) -> None:
    """Wait until the program says that it and all it needs are ready."""
    deadline = time.monotonic() + READY_WITHIN
    answer = "nothing"
    while time.monotonic() < deadline:
        supervisor.look()
        try:
            answer = _ask_ready(places)
        except (OSError, http.client.HTTPException):
            time.sleep(LOOKING)
            continue
        if not answer:
            return
        time.sleep(LOOKING)
    raise CannotStart(f"{places.app_url}/readyz did not become ready; it said: {answer}")


def _ask_ready(places: Places) -> str:
    """Ask /readyz once; empty when it is ready, else what it said."""
    connection = http.client.HTTPConnection(places.local_host, places.port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
        return "" if answer.status == http.HTTPStatus.OK else f"{answer.status} {said}"


def _look(supervisor: Supervisor, servers: list[Postgres | Redis]) -> None:
    supervisor.look()
    for server in servers:
        if not server.running:
            raise CannotStart(f"A server has ended by itself: {server.log} says why.")


def _stop(number: int, frame: FrameType | None) -> None:
    """Stop in good order at the first signal, at once at the second."""
    del number, frame
    if stopping.is_set():
        hurry.set()
        return
    stopping.set()
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
