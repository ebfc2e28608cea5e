"""A guide's detail, whole (200) and unchanged (304), against a bare Flask hello under the same server.

Both programs run at once under the settings of `make run`; shuffled slices; the median over rounds. What is
compared is requests per second of the server's own CPU time, so that the client, which shares the cores, does
not count. Where the kernel does not tell CPU times, requests per second of the clock are compared.
"""

import contextlib
import dataclasses
import http.client
import json
import os
import random
import socket
import statistics
import sys
import threading
import time
from pathlib import Path

from benchmarks.ratios import report
from benchmarks.stage import Stage, stage
from runner import programs
from runner.places import ROOT
from runner.processes import launch

ROUNDS = int(os.environ.get("ROUNDS", "7"))
SLICE_S = float(os.environ.get("SLICE_S", "1"))
CONNECTIONS = 8
STARTING_S = 30.0
# A fifth under the medians of two runs (1.12 and 1.19 whole, 1.19 and 1.41 unchanged) on a busy machine.
FLOORS = {"guide detail 200": 0.9, "guide detail 304": 1.0}
_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION, _USER, _SYSTEM = 3, 11, 12  # fields of /proc/…/stat behind the name


@dataclasses.dataclass(frozen=True)
class Side:
    """One request to one server, and which status it must bring."""

    port: int
    session: int
    request: bytes
    status: bytes


def request(path: str, **headers: str) -> bytes:
    """A GET as bytes."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def cpu_seconds(session: int) -> float | None:
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


def ask_until(side: Side, until: float, answered: list[int]) -> None:
    """One keep-alive connection that asks again as soon as it is answered."""
    count = 0
    with socket.create_connection(("127.0.0.1", side.port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < until:
            connection.sendall(side.request)
            head, body = b"", b""
            while b"\r\n\r\n" not in head:
                head += received(connection)
            head, _, body = head.partition(b"\r\n\r\n")
            if head[9:12] != side.status:
                raise SystemExit(f"expected {side.status!r}, got {head[:60]!r}")
            length = (
                0 if side.status == b"304" else int(head.lower().partition(b"content-length:")[2].split()[0])
            )
            while len(body) < length:
                body += received(connection)
            count += 1
    answered.append(count)


def received(connection: socket.socket) -> bytes:
    """What has come; the server must not hang up."""
    return connection.recv(65536) or sys.exit("the server closed the connection")


def rate(side: Side) -> float:
    """Requests per second of the server's CPU in one slice."""
    answered: list[int] = []
    before, began = cpu_seconds(side.session), time.monotonic()
    until = began + SLICE_S
    clients = [threading.Thread(target=ask_until, args=(side, until, answered)) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    after, ended = cpu_seconds(side.session), time.monotonic()
    if len(answered) < CONNECTIONS:
        raise SystemExit("a connection failed; its lines above say why")
    spent = ended - began if before is None or after is None else after - before
    return sum(answered) / spent


def sides(port: int, session: int) -> dict[str, Side]:
    """The guide whole and unchanged; the guide is one of the demo city."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/api/v1/guides?limit=1")
    code = json.loads(connection.getresponse().read())["items"][0]["task_code"]
    path = f"/api/v1/guides/{code}"
    connection.request("GET", path)
    shown = connection.getresponse()
    shown.read()
    unchanged = request(path, **{"If-None-Match": str(shown.getheader("ETag"))})
    return {
        "guide detail 200": Side(port, session, request(path), b"200"),
        "guide detail 304": Side(port, session, unchanged, b"304"),
    }


def main() -> int:
    """Measure and say whether the floors are reached."""
    with stage(citizens=1) as ready, contextlib.ExitStack() as stack:
        web_port, web_session = started(stack, ready, "wsgi:app")
        bare_port, bare_session = started(stack, ready, "benchmarks.bare:app")
        compared = sides(web_port, web_session)
        compared["bare"] = Side(bare_port, bare_session, request("/healthz"), b"200")
        reached = [
            report(f"{name} : bare Flask hello", ratio, floor=FLOORS[name])
            for name, ratio in measured(compared).items()
        ]
    return 0 if all(reached) else 1


def started(stack: contextlib.ExitStack, ready: Stage, target: str) -> tuple[int, int]:
    """Start a program under the server settings of `make run`; its port and session."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = programs.web(dataclasses.replace(ready.places, port=port))
    argv = [target if word == "wsgi:app" else word for word in program.argv]
    process = launch(argv, name=target, env=ready.env, output=Path(os.devnull), cwd=ROOT)
    stack.callback(process.stop)
    deadline = time.monotonic() + STARTING_S
    while process.running and time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.sendall(request("/healthz", Connection="close"))
            if b" 200 " in connection.recv(200):
                return port, process.pid
        time.sleep(0.05)
    raise SystemExit(f"{target} did not start")


def measured(compared: dict[str, Side]) -> dict[str, float]:
    """The median over the rounds of each side's rate against the bare one of the same round."""
    ratios: dict[str, list[float]] = {name: [] for name in FLOORS}
    for side in compared.values():
        rate(side)  # warm
    for _ in range(ROUNDS):
        order = random.sample(sorted(compared), len(compared))
        rates = {name: rate(compared[name]) for name in order}
        for name, found in ratios.items():
            found.append(rates[name] / rates["bare"])
    return {name: statistics.median(found) for name, found in ratios.items()}


if __name__ == "__main__":
    sys.exit(main())
