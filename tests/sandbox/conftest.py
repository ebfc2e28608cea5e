"""A stand-in of this room's own, and a door at which it may knock instead of the program's."""

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class StandIn:
    """The running process, and what its consoles told the operator (app.env)."""

    url: str
    folder: Path
    env: dict[str, str]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Ask without any expectation."""
        return requests.request(method, self.url + path, timeout=60, **options)

    def sim(self, path: str, **body: Any) -> Any:
        """Drive the control plane."""
        answer = self.call("POST", f"/_sim{path}", json=body)
        assert answer.ok, answer.text
        return answer.json()

    def seen(self, path: str) -> Any:
        """Read from the control plane."""
        answer = self.call("GET", f"/_sim{path}")
        assert answer.ok, answer.text
        return answer.json()

    def person(self, person_id: str = "lin") -> dict[str, Any]:
        """Somebody with a phone."""
        found: dict[str, Any] = self.seen(f"/people/{person_id}")
        return found

    def token(self, account: str = "MINI") -> str:
        """A stable token of the mini-program (MINI) or the official account (OA)."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.env[f"WECHAT_{account}_APPID"],
            "secret": self.env[f"WECHAT_{account}_SECRET"],
        }
        answer = self.call("POST", "/cgi-bin/stable_token", json=asked).json()
        return str(answer["access_token"])

    def wechat(self, path: str, *, account: str = "MINI", **body: Any) -> Any:
        """Call a POST operation of WeChat with a good token."""
        return self.call("POST", path, params={"access_token": self.token(account)}, json=body).json()

    def fault(self, op: str, kind: str, times: int = 1, **detail: Any) -> None:
        """Plan a misbehaviour."""
        self.sim("/faults", op=op, kind=kind, times=times, **detail)


@dataclass(frozen=True)
class Knock:
    """One request that came to the door."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]


Answer = tuple[int, bytes]


@dataclass
class Door:
    """Stands where the program would: keeps what comes and answers as the test says."""

    url: str
    knocks: "queue.Queue[Knock]" = field(default_factory=queue.Queue)
    answer: Callable[[Knock], Answer] = lambda _knock: (200, b"success")

    def all(self) -> list[Knock]:
        """Everything that has come so far, oldest first."""
        return list(self.knocks.queue)


class _Handler(BaseHTTPRequestHandler):
    door: ClassVar[Door]

    def handle_any(self) -> None:
        """Keep the request, then answer it."""
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        knock = Knock(self.command, address.path, query, self.rfile.read(length), dict(self.headers))
        self.door.knocks.put(knock)
        status, body = self.door.answer(knock)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the stand-in had hung up, as it should after five seconds

    do_GET = do_POST = handle_any  # noqa: N815 the names are the standard library's

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 as above
        """Keep the test's output quiet."""


@pytest.fixture(scope="session")
def front_door() -> Iterator[Door]:
    """The door for the whole run."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    _Handler.door = Door(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield _Handler.door
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, front_door: Door) -> Iterator[StandIn]:
    """The stand-in as a process, for the whole run."""
    folder, port = tmp_path_factory.mktemp("stand-in"), free_port()
    arguments = ["--folder", str(folder), "--port", str(port), "--app-url", front_door.url]
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("sandbox ready"), "the stand-in did not start"
        lines = (folder / "app.env").read_text().splitlines()
        yield StandIn(f"http://127.0.0.1:{port}", folder, dict(line.split("=", 1) for line in lines))
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture
def stand_in(running: StandIn) -> StandIn:
    """The stand-in as after its first start."""
    running.sim("/reset")
    return running


@pytest.fixture
def door(front_door: Door, stand_in: StandIn) -> Door:
    """An empty door that says `success` until the test says otherwise."""
    front_door.knocks.queue.clear()
    front_door.answer = lambda _knock: (200, b"success")
    return front_door
