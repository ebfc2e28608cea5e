"""Answers that a phone may keep (缓存校验): strong ETags over the bytes, 304 when nothing has changed."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

from web.ready import Kept, kept, kept_bytes

__all__ = ["Kept", "answer", "kept", "kept_bytes"]


class Ready(Response):
    """A response that was finished before it was asked for: nothing is put together per request.

    Its bytes and headers go to the server as they are; it is not to be changed on the way.
    """

    def __init__(self, found: Kept) -> None:
        """Response.__init__ would build headers and body anew, which costs more than everything else here."""
        self._kept = found

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as WSGI."""
        status, headers, body = self._kept.answer_to(environ)
        start_response(status, list(headers))
        return body


def answer(found: Kept) -> Response:
    """The bytes, or 304 when the phone has exactly these."""
    return Ready(found)
