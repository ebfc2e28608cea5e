"""Answers that were finished before they were asked for (现成的答复), given in front of Flask.

A guide is read far more often than it changes. From here it costs a look into a dictionary: no routing, no
request object, no serialisation.
"""

import functools
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from werkzeug.http import parse_accept_header

from web.security_headers import DEFAULTS, SECURITY_HEADERS

_CACHE_CONTROL = "public, no-cache"
_MOST = 4096  # answers kept by one process; a guide takes some 10 KB

Headers = tuple[tuple[str, str], ...]

# An answer that is kept says itself how it may be cached.
_OF_EVERY_ANSWER: Headers = (
    *SECURITY_HEADERS,
    *(default for default in DEFAULTS if default[0] != "Cache-Control"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as bytes, with its ETag and its headers, whole (200) and unchanged (304)."""

    raw: bytes
    etag: str
    whole: Headers
    unchanged: Headers

    def answer_to(self, environ: dict[str, Any]) -> tuple[str, Headers, list[bytes]]:
        """Status, headers and body: the bytes, or that the asker has exactly these."""
        if self.is_had(environ):
            return "304 NOT MODIFIED", self.unchanged, []
        return "200 OK", self.whole, [] if environ["REQUEST_METHOD"] == "HEAD" else [self.raw]

    def is_had(self, environ: dict[str, Any]) -> bool:
        """Whether the asker has exactly these bytes; compared weakly, as RFC 9110 13.1.2 demands."""
        asked = environ.get("HTTP_IF_NONE_MATCH")
        return asked is not None and (asked == self.etag or self._is_listed(asked))

    def _is_listed(self, asked: str) -> bool:
        known = {self.etag.removeprefix("W/"), "*"}
        return any(tag.strip().removeprefix("W/") in known for tag in asked.split(","))


def kept(body: dict[str, Any]) -> Kept:
    """Render a body once."""
    return kept_bytes(orjson.dumps(body))


def kept_bytes(raw: bytes) -> Kept:
    """The answer of bytes that are JSON already."""
    return _answer(raw, f'"{hashlib.sha256(raw).hexdigest()[:32]}"')


def _answer(raw: bytes, etag: str, *more: tuple[str, str]) -> Kept:
    unchanged = (("ETag", etag), ("Cache-Control", _CACHE_CONTROL), ("Vary", "Accept-Encoding"))
    whole = (("Content-Type", "application/json"), ("Content-Length", str(len(raw))), *more, *unchanged)
    return Kept(raw, etag, whole, unchanged)


@functools.lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    """Whether an asker takes gzip, by its Accept-Encoding; few different ones come."""
    return bool(parse_accept_header(accepted).quality("gzip") > 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is given to an asker, and how the access log tells of it but for the request's id.

    The body is a list because the server writes a list at once and walks anything else.
    """

    status: str
    headers: Headers
    body: list[bytes]
    logged: str


class _Variant:
    """One form of an answer, whole and unchanged, with the headers of every answer."""

    def __init__(self, path: str, answer: Kept) -> None:
        self._answer = answer
        self._whole = _finished(path, "200 OK", headers=answer.whole, body=[answer.raw])
        self._unchanged = _finished(path, "304 NOT MODIFIED", headers=answer.unchanged, body=[])

    def answer_to(self, environ: dict[str, Any]) -> Answer:
        """The bytes, or that the asker has them."""
        return self._unchanged if self._answer.is_had(environ) else self._whole


def _finished(path: str, status: str, *, headers: Headers, body: list[bytes]) -> Answer:
    told = {"event": "request", "method": "GET", "path": path, "status": int(status[:3]), "ready": True}
    begun = orjson.dumps(told).decode().removesuffix("}")
    return Answer(status, headers + _OF_EVERY_ANSWER, body, f'{begun},"request_id":')


class _Shelved:
    """One answer on the shelf; packed when somebody first takes it so."""

    def __init__(self, path: str, plain: Kept, *, state: object, current: Callable[[], object]) -> None:
        self._path, self._plain = path, plain
        self.plain = _Variant(path, plain)
        self.state = state
        self.current = current

    @functools.cached_property
    def packed(self) -> _Variant:
        """The same as gzip; its tag is weak, because the bytes differ and what they say does not."""
        raw = gzip.compress(self._plain.raw, compresslevel=6, mtime=0)
        packed = _answer(raw, f"W/{self._plain.etag}", ("Content-Encoding", "gzip"))
        return _Variant(self._path, packed)


class Shelf:
    """The ready answers of this process, each good for one state of what it was made from.

    `current` tells that state at once, or None when somebody has to look first; then the request goes the
    long way round, which looks and puts the answer back.
    """

    def __init__(self) -> None:
        self._answers: dict[str, _Shelved] = {}

    def put(self, path: str, answer: Kept, *, state: object, current: Callable[[], object]) -> None:
        """Keep the answer to a plain GET of a path while `current()` is `state`."""
        if len(self._answers) >= _MOST:
            self._answers.clear()
        self._answers[path] = _Shelved(path, answer, state=state, current=current)

    def find(self, environ: dict[str, Any]) -> Answer | None:
        """The answer to this request, when it may be given as it is."""
        found = self._answers.get(environ["PATH_INFO"])
        if found is None or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        if found.current() != found.state:
            return None
        packed = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        return (found.packed if packed else found.plain).answer_to(environ)


shelf = Shelf()
