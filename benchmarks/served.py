"""A program under the server of `make run`, and how many requests it answers (被测的服务)."""

import contextlib
import dataclasses
import http.client
import itertools
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.stage import Stage
from runner import programs
from runner.places import ROOT
from runner.processes import launch

SLICE_S = float(os.environ.get("SLICE_S", "1"))
CONNECTIONS = 32
_STARTING_S = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION, _USER, _SYSTEM = 3, 11, 12  # fields of /proc/…/stat behind the name


@dataclasses.dataclass(frozen=True)
class Served:
    """A running program: its port and the session of its processes."""

    port: int
    session: int


@dataclasses.dataclass(frozen=True)
class Side:
    """What is asked of a program, always the same or one after the other, and which status it must bring."""

    served: Served
    requests: bytes | Iterator[bytes]
    status: bytes


@dataclasses.dataclass(frozen=True)
class Rates:
    """Requests per second of the server's CPU and of the clock."""

    cpu: float
    clock: float


def request(path: str, **headers: str) -> bytes:
    """A GET as bytes."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {text}" for name, text in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclasses.dataclass(frozen=True)
class Shape:
    """How many processes and threads a server has, and the cores it may use."""

    workers: int
    threads: int
    cores: frozenset[int]


@contextlib.contextmanager
def kept_to(cores: frozenset[int]) -> Iterator[None]:
    """Use only these cores, also in what is started meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def started(stack: contextlib.ExitStack, ready: Stage, target: str, *, shape: Shape) -> Served:
    """Start a program under the server of `make run` in another shape."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    argv = list(programs.web(dataclasses.replace(ready.places, port=port)).argv)
    argv[argv.index("wsgi:app")] = target
    argv[argv.index("--workers") + 1] = str(shape.workers)
    argv[argv.index("--blocking-threads") + 1] = str(shape.threads)
    with kept_to(shape.cores):
        process = launch(argv, name=target, env=ready.env, output=Path(os.devnull), cwd=ROOT)
    stack.callback(process.stop)
    deadline = time.monotonic() + _STARTING_S
    while process.running and time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.sendall(request("/healthz", Connection="close"))
            if b" 200 " in connection.recv(200):
                return Served(port, process.pid)
        time.sleep(0.05)
    raise SystemExit(f"{target} did not start")


def tag_of(port: int) -> tuple[str, str]:
    """The code and the ETag of a guide of the demo city."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/api/v1/guides?limit=1")
    code = str(json.loads(connection.getresponse().read())["items"][0]["task_code"])
    connection.request("GET", f"/api/v1/guides/{code}")
    shown = connection.getresponse()
    shown.read()
    return code, str(shown.getheader("ETag"))


def rates(side: Side) -> Rates:
    """How many requests a program answers in one slice, by its own CPU and by the clock.

    Each connection asks again as soon as it is answered, one after the other, so that the others' requests
    wait at the server: it is busy and not woken for each request.
    """
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(_connected(side.served.port)) for _ in range(CONNECTIONS)]
        requests = itertools.repeat(side.requests) if isinstance(side.requests, bytes) else side.requests
        for connection in connections:
            connection.sendall(next(requests))
        count, before, began = 0, _cpu_seconds(side.served.session), time.monotonic()
        while time.monotonic() < began + SLICE_S:
            for connection in connections:
                _take_answer(connection, side.status)
                connection.sendall(next(requests))
            count += CONNECTIONS
        after, passed = _cpu_seconds(side.served.session), time.monotonic() - began
        for connection in connections:
            _take_answer(connection, side.status)
    spent = passed if before is None or after is None else after - before
    return Rates(count / spent, count / passed)


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _take_answer(connection: socket.socket, status: bytes) -> None:
    """Read one whole answer."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _received(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if head[9:12] != status:
        raise SystemExit(f"expected {status!r}, got {head[:60]!r}")
    missing = 0 if status == b"304" else _length(head) - len(body)
    while missing > 0:
        missing -= len(_received(connection))


def _length(head: bytes) -> int:
    """What the answer says of its body's length."""
    return int(head.lower().partition(b"content-length:")[2].split()[0])


def _received(connection: socket.socket) -> bytes:
    """What has come; the server must not hang up."""
    return connection.recv(65536) or sys.exit("the server closed the connection")


def _cpu_seconds(session: int) -> float | None:
    """CPU time so far of all processes of a session; None where the kernel does not tell."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[_SESSION]) == session:
            found += int(fields[_USER]) + int(fields[_SYSTEM])
    return found / _TICKS if found else None
