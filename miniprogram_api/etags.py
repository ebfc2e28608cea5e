"""Answers that a phone may keep (缓存校验): strong ETags over the bytes, 304 when nothing has changed."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

_CACHE_CONTROL = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as bytes, with its quoted ETag and its headers."""

    raw: bytes
    etag: str
    headers: list[tuple[str, str]]


def kept(body: dict[str, Any]) -> Kept:
    """Render a body once."""
    raw = orjson.dumps(body)
    etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
    headers = [("Content-Type", "application/json"), ("ETag", etag), ("Cache-Control", _CACHE_CONTROL)]
    return Kept(raw, etag, headers)


def answer(found: Kept) -> Response:
    """The bytes, or 304 when the phone has exactly these."""
    asked = request.environ.get("HTTP_IF_NONE_MATCH")
    if asked is not None and (asked == found.etag or _listed(asked, found.etag)):
        return Response(status=304, headers=found.headers)
    return Response(found.raw, headers=found.headers)


def _listed(asked: str, etag: str) -> bool:
    """Whether a list of tags, or *, names this one; the comparison is weak as RFC 9110 13.1.2 demands."""
    return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in asked.split(","))
