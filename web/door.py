"""A door (门): a blueprint whose every route says who may enter, what it takes and what it gives.

One declaration drives the check, the limit, the loading of the body, the idempotency key and the
OpenAPI document, so that none of them can be forgotten.
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from app import channels, idempotency, on_behalf
from app.db import unit_of_work
from app.errors import DomainError, Invalid
from web.callers import Auth

BODY_LIMIT = 64 * 1024
_KEY_LENGTHS = range(8, 65)

View = Callable[..., ResponseReturnValue]


class KeyMissing(Invalid):
    """A tap that creates or pays came without its key."""

    code = "idempotency_key_missing"
    message = "请升级到最新版本后再试"


@dataclass(frozen=True)
class RouteSpec:
    """What one route promises; read by the OpenAPI document and the promise tests.

    `takes` loads the JSON body into `data`, `query` the query string into `query`; `form` and `reads` only
    document a multipart body and a query string that the view reads itself. `gives` documents the answer
    (`many`: a list in `items`, with the members of `beside` next to it), which the view dumps itself before
    its unit of work closes. `limit` is in bytes and holds before parsing. `idempotent`: the key, the work and
    the answer are one transaction; `keyed`: the view asks for the key itself by `claim_of_tap`, because it
    talks to a platform between two units of work.
    """

    auth: Auth
    takes: type[Schema] | None
    query: type[Schema] | None
    reads: type[Schema] | None
    gives: type[Schema] | None
    status: int
    idempotent: bool
    keyed: bool
    limit: int
    many: bool
    beside: type[Schema] | None
    form: type[Schema] | None


class Door(Blueprint):
    """A blueprint of routes with decisions."""

    def route_with(
        self,
        rule: str,
        *,
        method: str,
        auth: Auth,
        takes: type[Schema] | None = None,
        query: type[Schema] | None = None,
        reads: type[Schema] | None = None,
        gives: type[Schema] | None = None,
        status: int = 200,
        idempotent: bool = False,
        keyed: bool = False,
        limit: int = BODY_LIMIT,
        many: bool = False,
        beside: type[Schema] | None = None,
        form: type[Schema] | None = None,
    ) -> Callable[[View], View]:
        """Register a view; RouteSpec says what the words mean."""
        spec = RouteSpec(
            auth, takes, query, reads, gives, status, idempotent, keyed, limit, many, beside, form
        )

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def entered(**path: Any) -> Response:
                try:
                    return _enter(spec, view, path)
                finally:
                    channels.through(None)  # a thread serves one request after another
                    on_behalf.act_as(None)

            entered.spec = spec  # type: ignore[attr-defined]
            self.add_url_rule(rule, f"{view.__name__}", entered, methods=[method])
            return view

        return decorate

    get = functools.partialmethod(route_with, method="GET")  # type: ignore[assignment]
    post = functools.partialmethod(route_with, method="POST")  # type: ignore[assignment]
    put = functools.partialmethod(route_with, method="PUT")  # type: ignore[assignment]
    patch = functools.partialmethod(route_with, method="PATCH")  # type: ignore[assignment]
    delete = functools.partialmethod(route_with, method="DELETE")  # type: ignore[assignment]


def _enter(spec: RouteSpec, view: View, path: dict[str, Any]) -> Response:
    if spec.limit != BODY_LIMIT:
        request.max_content_length = request.max_form_memory_size = spec.limit
    owner = spec.auth.admit()
    if spec.query is not None:
        path["query"] = spec.query(unknown=EXCLUDE).load(request.args.to_dict())
    if spec.takes is not None:
        path["data"] = spec.takes().load(_json_body())
    if spec.idempotent:
        return once(owner, lambda: _answer(spec, view(**path)))
    return _answer(spec, view(**path))


def _json_body() -> Any:
    if request.mimetype not in {"application/json", ""}:
        raise UnsupportedMediaType
    body = request.get_data(cache=True)
    if request.content_length is None and len(body) == request.max_content_length:
        raise RequestEntityTooLarge  # a chunked body that is longer was silently cut here
    if not body:
        return {}
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest from error


def _answer(spec: RouteSpec, returned: ResponseReturnValue) -> Response:
    if isinstance(returned, Response):
        return returned
    body, status = returned if isinstance(returned, tuple) else (returned, spec.status)  # type: ignore[misc]
    if body is None:
        return Response(status=204)
    return Response(orjson.dumps(body), status=status, mimetype="application/json")  # type: ignore[arg-type]


def claim_of_tap(owner: str | None) -> idempotency.Claim:
    """The key of this request with who taps, where and what; raises KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if owner is None or len(key) not in _KEY_LENGTHS or not key.isascii() or not key.isprintable():
        raise KeyMissing
    fingerprint = hashlib.sha256(request.full_path.encode() + b"\n" + request.get_data(cache=True)).digest()
    return idempotency.Claim(owner, f"{request.method} {request.url_rule}", key, fingerprint)


def once(owner: str | None, work: Callable[[], Response]) -> Response:
    """Do the work once per key: the key, the work and the answer are one transaction."""
    claim = claim_of_tap(owner)
    try:
        with unit_of_work() as session:
            earlier = idempotency.begin(session, claim)
            if earlier is not None:
                return _replayed(earlier)
            response = work()
            idempotency.keep(session, claim, idempotency.Answer(response.status_code, response.get_data()))
            return response
    except DomainError:
        # The first request may have ended between our look at the key and our lock on it.
        with unit_of_work() as session:
            earlier = idempotency.begin(session, claim)
        if earlier is None:
            raise
        return _replayed(earlier)


def _replayed(earlier: idempotency.Answer) -> Response:
    replayed = Response(earlier.body, status=earlier.status, mimetype="application/json")
    replayed.headers["Idempotent-Replay"] = "true"
    return replayed
