"""The people of the sandbox, as the program asks for them: never twice in a moment, never for long."""

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from platforms import demo
from platforms.demo import DemoPeople, Persona
from platforms.errors import PlatformError, Refused
from tests.ports import free_port

from .conftest import Sandbox

HERE = "http://127.0.0.1:8000"


def people_of(url: str, *, here: str = HERE) -> DemoPeople:
    return DemoPeople(url, public_url=here)


def test_the_people_of_the_sandbox_are_told_apart_by_the_end_of_their_number(sandbox: Sandbox) -> None:
    assert people_of(sandbox.url).people()[0] == Persona("lin", "林晓燕", "手机尾号0001")


def test_they_are_asked_for_once_in_a_while(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    known = people_of(sandbox.url)
    listed = iter([(Persona("lin", "林晓燕", ""),)])
    monkeypatch.setattr(known, "_listed", lambda: next(listed))

    assert {known.people()[0].key for _ in range(5)} == {"lin"}


def test_a_sandbox_that_is_away_is_not_asked_by_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    known = people_of(f"http://127.0.0.1:{free_port()}")
    assert known.people() == ()
    monkeypatch.setattr(known, "_listed", lambda: pytest.fail("asked again"))

    assert known.people() == ()


def test_those_who_come_first_all_learn_the_list_though_one_asks(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = people_of(sandbox.url)
    only, together = [known._listed], threading.Barrier(4)

    def listed() -> tuple[Persona, ...]:
        return only.pop()()

    monkeypatch.setattr(known, "_listed", listed)

    def come(_: int) -> str:
        together.wait()
        return known.people()[0].key

    with ThreadPoolExecutor(4) as crowd:
        assert set(crowd.map(come, range(4))) == {"lin"}


def test_when_its_time_is_over_the_list_is_asked_for_again(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_AGAIN_S", 0)
    known = people_of(f"http://127.0.0.1:{free_port()}")
    assert known.people() == ()
    monkeypatch.setattr(known, "_sandbox_url", sandbox.url)

    assert known.people()[0].key == "lin"


@pytest.mark.parametrize("key", ["nobody", "", "a/b", "林", "x" * 33])
def test_a_person_whom_nobody_knows_is_refused(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(Refused):
        people_of(sandbox.url).login_code(key)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"code": 7}', b"<html>"])
def test_a_stranger_on_the_port_is_neither_believed_nor_fatal(body: bytes) -> None:
    with stranger(body) as url:
        assert people_of(url).people() == ()
        with pytest.raises(PlatformError):
            people_of(url).login_code("lin")


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001"),
        ("http://192.168.1.7:8000", "http://192.168.1.7:8001"),
        ("http://[::1]:8000", "http://[::1]:8001"),
    ],
)
def test_a_browser_reaches_it_where_it_reaches_the_program(here: str, there: str) -> None:
    assert people_of("http://127.0.0.1:8001", here=here).address == there


def test_a_sandbox_on_the_usual_port_is_named_without_one() -> None:
    assert people_of("http://127.0.0.1").address == "http://127.0.0.1"


class stranger:  # noqa: N801 - used as a function
    """Something that is not the sandbox and answers everything alike."""

    def __init__(self, body: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815 - the names are the standard library's

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
