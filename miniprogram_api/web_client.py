"""The phone client as a web page (网页端): the committed build of client/h5, under /m/.

The files are read, and packed, once per process; nothing that was not there then is given out, so no address
can lead out of the folder. What carries its hash in its name is kept by browsers for a year; the page itself,
and pictures without a hash, are asked about again and answered with 304 while they are the same.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app import settings
from web.callers import PUBLIC
from web.door import Door

door = Door("web_client", __name__, template_folder="templates")

HOME = "/m/"
_FOLDER = Path(__file__).resolve().parent.parent / "client" / "h5"
_PAGE = "index.html"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_PACKED = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt"})
# What the build says of itself to the tests.
_NOT_GIVEN = frozenset({"BUILD.json"})
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:;"
    " connect-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self';"
    " object-src 'none'"
)
_POLICY_OF_ABSENT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Body:
    """One form of a file, with its quoted ETag."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent; `packed` by gzip, when that makes it smaller."""

    plain: Body
    packed: Body | None
    headers: Mapping[str, str]


def read(folder: Path) -> dict[str, File]:
    """Every file of a build by its address below /m/; empty when there is no build. Links lead nowhere."""
    return {
        path.relative_to(folder).as_posix(): _file(folder, path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix in _TYPES
        and path.name not in _NOT_GIVEN
        and path.resolve() == folder.resolve() / path.relative_to(folder)
    }


@cache
def files() -> dict[str, File]:
    """The files of this process."""
    return read(_FOLDER)


def is_built() -> bool:
    """Whether there is a page to open."""
    return _PAGE in files()


@door.get("/", auth=PUBLIC)
def show_door() -> ResponseReturnValue:
    """Send whoever types the bare address to the client (首页)."""
    return _to_home()


@door.get("/m", auth=PUBLIC)
def show_without_slash() -> ResponseReturnValue:
    """Send to the address below which the page finds its files."""
    return _to_home()


@door.get("/m/", auth=PUBLIC)
def show_client() -> ResponseReturnValue:
    """Give the page of the client (网页端)."""
    return _answer(_PAGE)


@door.get("/m/<path:name>", auth=PUBLIC)
def show_file(name: str) -> ResponseReturnValue:
    """Give one file of the client."""
    return _answer(name)


def _to_home() -> Response:
    # A fixed address: nothing of what was asked for is in it. The browser keeps what follows the #.
    return Response(status=HTTPStatus.FOUND, headers={"Location": HOME})


def _answer(name: str) -> Response:
    found = files().get(name)
    if found is None:
        return _absent()
    body = found.plain
    if found.packed is not None and request.accept_encodings.quality("gzip") > 0:
        body = found.packed
    known = request.if_none_match
    if known.contains_weak(body.etag.strip('"')):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = Response(body.content)
        if body is found.packed:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = body.etag
    response.headers.update(found.headers)
    return response


def _absent() -> Response:
    html = render_template("web_client_absent.html", city=settings.current().city_name, built=is_built())
    page = Response(html, status=HTTPStatus.NOT_FOUND, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _POLICY_OF_ABSENT
    return page


def _file(folder: Path, path: Path) -> File:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:32]
    packed = gzip.compress(content, mtime=0) if path.suffix in _PACKED else content
    headers = {"Content-Type": _TYPES[path.suffix]}
    if path.suffix in _PACKED:
        headers["Vary"] = "Accept-Encoding"
    if path.suffix == ".html":
        headers["Content-Security-Policy"] = _POLICY
    has_hash = path.relative_to(folder).parts[0] == "assets"
    headers["Cache-Control"] = "public, max-age=31536000, immutable" if has_hash else "public, no-cache"
    return File(
        plain=Body(content, f'"{digest}"'),
        packed=Body(packed, f'"{digest}-gz"') if len(packed) < len(content) else None,
        headers=headers,
    )
