"""The contract for programs (接口文档): OpenAPI 3.1, made from the declarations of the doors."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, current_app
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from web import contract
from web.callers import PUBLIC
from web.door import Door, RouteSpec

door = Door("openapi", __name__, url_prefix="/api/v1")

_PREFIXES = ("/api/v1", "/partner/v1", "/webhooks", "/healthz", "/readyz", "/q/", "/.well-known")
_PATH_ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_SIGNED = "HMAC-SHA256 of the request, beside X-Yima-Key, X-Yima-Timestamp and X-Yima-Nonce"
_PAGE = Path(__file__).with_name("docs.html")


class Successor(Schema):
    """The item that is handled instead of a cancelled one (替代事项)."""

    task_code = fields.String()
    name = fields.String()


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "one plain Chinese sentence that says what to do next"})
    code = fields.String(metadata={"description": "a stable word for programs"})
    request_id = fields.String()
    detail_en = fields.String(
        metadata={contract.OPTIONAL: True, "description": "the sentence in English, for partner systems"}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={contract.OPTIONAL: True, "description": "field → sentences"},
    )
    successor = fields.Nested(
        Successor,
        metadata={contract.OPTIONAL: True, "description": "with item_replaced: what is handled instead"},
    )


@door.get("/openapi.json", auth=PUBLIC)
def openapi_json() -> ResponseReturnValue:
    """Give the whole contract as OpenAPI 3.1."""
    return Response(document(current_app), mimetype="application/json")


@door.get("/docs", auth=PUBLIC)
def docs() -> ResponseReturnValue:
    """Show a page to read the contract and to try it."""
    page = Response(_PAGE.read_bytes(), mimetype="text/html")
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page


@door.get("/docs.js", auth=PUBLIC)
def docs_script() -> ResponseReturnValue:
    """Give the script of the page."""
    return Response(_PAGE.with_suffix(".js").read_bytes(), mimetype="text/javascript")


@door.get("/docs.css", auth=PUBLIC)
def docs_style() -> ResponseReturnValue:
    """Give the style of the page."""
    return Response(_PAGE.with_suffix(".css").read_bytes(), mimetype="text/css")


def document(flask_app: Flask) -> bytes:
    """The contract of one program; made once and kept with it."""
    made: bytes | None = flask_app.extensions.get("yima_openapi")
    if made is None:
        made = flask_app.extensions["yima_openapi"] = orjson.dumps(described(flask_app))
    return made


def described(flask_app: Flask) -> dict[str, Any]:
    """The contract of one program as an object; made anew at every call."""
    return contract.tell_exactly(_spec(flask_app).to_dict())


def _spec(flask_app: Flask) -> APISpec:
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title="一码办",
        version="1",
        openapi_version="3.1.0",
        info={"description": "办事指南、预约、办件、缴费、一码"},
        plugins=[plugin],
    )
    spec.components.security_scheme("citizen", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme(
        "partner", {"type": "apiKey", "in": "header", "name": "X-Yima-Signature", "description": _SIGNED}
    )
    spec.components.schema("Problem", schema=Problem)
    for rule in sorted(flask_app.url_map.iter_rules(), key=lambda found: found.rule):
        route: RouteSpec | None = getattr(flask_app.view_functions[rule.endpoint], "spec", None)
        if route is None or not rule.rule.startswith(_PREFIXES):
            continue
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        view = flask_app.view_functions[rule.endpoint]
        operations = {
            method.lower(): {
                **_operation(route, rule.rule, endpoint=rule.endpoint, doc=view.__doc__ or ""),
                "responses": _responses(route, plugin),
            }
            for method in methods
        }
        spec.path(path=_PATH_ARGUMENT.sub(r"{\g<name>}", rule.rule), operations=operations)
    return spec


def _schema_name(schema: Any) -> str:
    found = schema if isinstance(schema, type) else type(schema)
    return f"{found.__module__.rsplit('.', 1)[-1]}.{found.__name__}"


def _operation(route: RouteSpec, rule: str, *, endpoint: str, doc: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.replace(".", "_"),
        "tags": [endpoint.split(".", maxsplit=1)[0]],
        "summary": doc.strip().splitlines()[0] if doc.strip() else endpoint,
        "parameters": _parameters(route, rule),
    }
    if route.auth.name == "partner":
        operation["security"] = [{"partner": []}]
    if route.auth.name in {"citizen", "maybe_citizen"}:
        operation["security"] = [{"citizen": []}]
    if route.takes is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": route.takes}},
        }
    if route.form is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": route.form}},
        }
    return operation


def _parameters(route: RouteSpec, rule: str) -> Sequence[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"in": "path", "name": found["name"], "required": True, "schema": _path_schema(found["kind"])}
        for found in _PATH_ARGUMENT.finditer(rule)
    ]
    query = route.query or route.reads
    if query is not None:
        parameters.append({"in": "query", "schema": query})
    others = [
        f"{kind}:[1-9][0-9]*"
        for kind, lets_in in (("org", "may_act"), ("delegation", "delegated"))
        if getattr(route.auth, lets_in, None)
    ]
    if others:
        whom = {"type": "string", "pattern": f"^({'|'.join(['person', *others])})$"}
        parameters.append({"in": "header", "name": "X-Acting-For", "required": False, "schema": whom})
    if route.idempotent or route.keyed:
        key = {"type": "string", "minLength": 8, "maxLength": 64}
        parameters.append({"in": "header", "name": "Idempotency-Key", "required": True, "schema": key})
    return parameters


def _path_schema(kind: str | None) -> dict[str, str]:
    return {"type": "integer"} if kind == "int" else {"type": "string"}


def _responses(route: RouteSpec, plugin: MarshmallowPlugin) -> dict[str, Any]:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        str(route.status): _answer(route, plugin),
        "default": {"description": "refused", "content": {"application/problem+json": problem}},
    }


def _answer(route: RouteSpec, plugin: MarshmallowPlugin) -> dict[str, Any]:
    if route.gives is None:
        return {"description": "done"}
    if not route.many:
        return {"description": "done", "content": {"application/json": {"schema": route.gives}}}
    members: dict[str, Any] = {
        "items": {"type": "array", "items": route.gives},
        "next_cursor": {"type": ["string", "null"]},
    }
    if route.beside is not None:
        members |= _members(route.beside, plugin)
    listed = {"type": "object", "properties": members}
    return {"description": "done", "content": {"application/json": {"schema": listed}}}


def _members(shape: type[Schema], plugin: MarshmallowPlugin) -> dict[str, Any]:
    if plugin.converter is None:  # before the plugin belongs to a document
        raise RuntimeError("the document has not begun")
    shown: dict[str, Any] = plugin.converter.schema2jsonschema(shape())  # type: ignore[no-untyped-call]
    members: dict[str, Any] = shown["properties"]
    return members
