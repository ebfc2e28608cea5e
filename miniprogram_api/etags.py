"""Answers that a phone may keep (缓存校验): strong ETags over the bytes, 304 when nothing has changed."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

_CACHE_CONTROL = "public, no-cache"
_JSON = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as bytes, with its quoted ETag and its headers."""

    raw: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]


class Ready(Response):
    """A response that was finished before it was asked for: nothing is put together per request.

    Its bytes and headers go to the server as they are; it is not to be changed on the way.
    """

    def __init__(self, found: Kept, *, unchanged: bool) -> None:
        """The whole answer, or that it is unchanged."""
        # Response.__init__ would build headers and body anew, which costs more than everything else here.
        self._kept = found
        self._unchanged = unchanged

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as WSGI."""
        if self._unchanged:
            start_response("304 NOT MODIFIED", list(self._kept.headers))
            return ()
        length = ("Content-Length", str(len(self._kept.raw)))
        start_response("200 OK", [_JSON, length, *self._kept.headers])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self._kept.raw,)


def kept(body: dict[str, Any]) -> Kept:
    """Render a body once."""
    raw = orjson.dumps(body)
    etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
    return Kept(raw, etag, (("ETag", etag), ("Cache-Control", _CACHE_CONTROL)))


def answer(found: Kept) -> Response:
    """The bytes, or 304 when the phone has exactly these."""
    asked = request.environ.get("HTTP_IF_NONE_MATCH")
    unchanged = asked is not None and (asked == found.etag or _listed(asked, found.etag))
    return Ready(found, unchanged=unchanged)


def _listed(asked: str, etag: str) -> bool:
    """Whether a list of tags, or *, names this one; the comparison is weak as RFC 9110 13.1.2 demands."""
    return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in asked.split(","))
