"""Answers that are ready before they are asked for."""

import gzip
import json
from collections.abc import Iterable
from typing import Any

import pytest

from web.edge import Edge
from web.ready import Shelf, kept, shelf

PATH = "/api/v1/guides/ready"
BODY = kept({"name": "居民身份证丢失补领"})


def the_long_way(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What stands behind the edge: it says only that it was asked."""
    del environ
    start_response("200 OK", [])
    return (b"the long way",)


def ask(**environ: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body of a request through the edge."""
    said: list[Any] = []
    request = {"REQUEST_METHOD": "GET", "PATH_INFO": PATH, "QUERY_STRING": "", **environ}
    body = b"".join(Edge(the_long_way)(request, lambda status, headers: said.extend((status, headers))))
    return said[0], dict(said[1]), body


@pytest.fixture(autouse=True)
def on_the_shelf() -> None:
    shelf.put(PATH, BODY, state=1, current=lambda: 1)


def test_what_is_ready_is_given_with_its_tag_and_the_headers_of_every_answer() -> None:
    status, headers, body = ask()

    assert (status, body, headers["ETag"]) == ("200 OK", BODY.raw, BODY.etag)
    assert headers["Content-Length"] == str(len(BODY.raw))
    assert {"X-Request-Id", "X-Content-Type-Options", "Content-Security-Policy"} <= headers.keys()


def test_who_takes_gzip_is_given_it_packed_under_a_weak_tag() -> None:
    status, headers, body = ask(HTTP_ACCEPT_ENCODING="gzip, deflate, br")

    assert (status, gzip.decompress(body), headers["ETag"]) == ("200 OK", BODY.raw, f"W/{BODY.etag}")
    assert (headers["Content-Encoding"], headers["Content-Length"]) == ("gzip", str(len(body)))


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity, gzip; q=0.0"])
def test_who_does_not_take_gzip_is_given_it_plain_and_caches_are_told_of_both(accepted: str) -> None:
    _, headers, body = ask(HTTP_ACCEPT_ENCODING=accepted)

    assert (body, headers["Vary"]) == (BODY.raw, "Accept-Encoding")
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize("known", [BODY.etag, f"W/{BODY.etag}"])
@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_a_tag_of_either_form_is_known_again_in_both(known: str, accepted: str) -> None:
    assert ask(HTTP_IF_NONE_MATCH=known, HTTP_ACCEPT_ENCODING=accepted)[0] == "304 NOT MODIFIED"


@pytest.mark.parametrize("known", [BODY.etag, f'"other", W/{BODY.etag}', "*"])
def test_who_has_it_already_is_told_so(known: str) -> None:
    status, headers, body = ask(HTTP_IF_NONE_MATCH=known)

    assert (status, body, headers["ETag"]) == ("304 NOT MODIFIED", b"", BODY.etag)
    assert "Content-Length" not in headers


@pytest.mark.parametrize(
    "other", [{"REQUEST_METHOD": "HEAD"}, {"QUERY_STRING": "at=2026-11-01"}, {"PATH_INFO": f"{PATH}/"}]
)
def test_everything_else_goes_the_long_way(other: dict[str, str]) -> None:
    assert ask(**other)[2] == b"the long way"


@pytest.mark.parametrize("now", [2, None])
def test_an_answer_made_from_an_older_state_is_never_given(now: int | None) -> None:
    shelf.put(PATH, BODY, state=1, current=lambda: now)

    assert ask()[2] == b"the long way"


@pytest.mark.parametrize(("known", "status"), [("", 200), (BODY.etag, 304)])
def test_the_access_log_tells_of_a_ready_answer(
    known: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr("app.logs.LineWriter.write", lambda _, line: written.append(line))
    _, headers, _ = ask(HTTP_IF_NONE_MATCH=known)

    assert [json.loads(line) for line in written] == [
        {
            "event": "request",
            "method": "GET",
            "path": PATH,
            "status": status,
            "ready": True,
            "request_id": headers["X-Request-Id"],
        }
    ]


def test_a_full_shelf_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.ready._MOST", 2)
    small = Shelf()
    for path in ("/a", "/b", "/c"):
        small.put(path, BODY, state=1, current=lambda: 1)

    assert [found(small, path) for path in ("/a", "/b", "/c")] == [None, None, BODY.raw]


def found(place: Shelf, path: str) -> bytes | None:
    answer = place.find({"REQUEST_METHOD": "GET", "PATH_INFO": path})
    return None if answer is None else b"".join(answer.body)
