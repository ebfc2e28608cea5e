"""The one Flask application in which all stand-ins live."""

import hashlib
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from . import (
    alipay,
    archive,
    breakage,
    bus,
    cashier_page,
    control,
    courier,
    credit,
    oversight,
    phone,
    push,
    registry,
    sms,
    wechat,
    wechat_pay,
)
from .wechat_office import Office
from .world import NoSuchPerson, World

LARGEST_BODY = 8 * 1024 * 1024
NOT_A_PLATFORM = {"cashier_page", "control", "phone", "static"}


def create_app(world: World) -> Flask:
    """Put the stand-ins together."""
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    office = Office(world)
    for blueprint in (
        wechat.blueprint(world, office),
        sms.blueprint(world),
        registry.blueprint(world),
        bus.blueprint(world),
        courier.blueprint(world),
        archive.blueprint(world),
        credit.blueprint(world),
        oversight.blueprint(world),
        wechat_pay.blueprint(world),
        alipay.blueprint(world),
        push.blueprint(world, office),
        control.blueprint(world, office),
        phone.blueprint(world, office),
        cashier_page.blueprint(world),
    ):
        app.register_blueprint(blueprint)
    _read_bodies_first(app)
    _plan_breakage(app, world)
    _keep_a_log(app, world)
    _explain_errors(app)
    return app


def serve(app: Flask, *, host: str, port: int) -> BaseWSGIServer:
    """Bind the port (the process ends with a sentence when it is taken); serving is up to the caller."""
    return make_server(host, port, app, threaded=True, request_handler=_Handler)


class _Handler(WSGIRequestHandler):
    """Answers at once and quietly: without this, Nagle's algorithm adds 40 ms to kept-alive calls."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 the name is werkzeug's
        """Say nothing: /_sim/log holds the requests."""


def _operation() -> str | None:
    """Name what is being asked, or None when it is not a platform's business."""
    endpoint = request.endpoint or ""
    if request.blueprint in NOT_A_PLATFORM or request.path.startswith(("/_sim", "/phone", "/static")):
        return None
    if request.blueprint == "alipay":
        return request.values.get("method", endpoint)
    return endpoint or request.path


def _read_bodies_first(app: Flask) -> None:
    @app.before_request
    def read() -> None:
        # Parsing a form eats the stream: a stand-in that verifies the raw body needs it kept before.
        g.body_sha256 = hashlib.sha256(request.get_data()).hexdigest()


def _plan_breakage(app: Flask, world: World) -> None:
    @app.before_request
    def break_before() -> Response | None:
        operation = _operation()
        if operation is None:
            return None
        fault = breakage.take(world, operation, *breakage.KINDS)
        g.fault = fault
        if fault is None or breakage.is_late(fault):
            return None
        g.verdict = f"fault: {fault.kind}"
        return breakage.instead(fault)

    @app.after_request
    def break_after(response: Response) -> Response:
        fault = g.get("fault")
        if fault is None or not breakage.is_late(fault):
            return response
        return breakage.instead(fault, response) or response


def _keep_a_log(app: Flask, world: World) -> None:
    # Runs before break_after (Flask calls these newest first), so the true answer is what is written.
    @app.after_request
    def write_down(response: Response) -> Response:
        operation = g.get("op") or _operation()
        if operation is None:
            return response
        fault = g.get("fault")
        entry = {
            "at": world.clock.now().isoformat(),
            "op": operation,
            "method": request.method,
            "path": request.path,
            "query": request.args.to_dict(),
            "headers": dict(request.headers),
            "body_sha256": g.get("body_sha256"),
            "status": response.status_code,
            "verdict": g.get("verdict")
            or ("ok" if response.status_code < HTTPStatus.BAD_REQUEST else "refused"),
            "answer_lost_by": fault.kind if fault is not None and breakage.is_late(fault) else None,
        }
        world.log.append(entry)
        return response


def _explain_errors(app: Flask) -> None:
    @app.errorhandler(NoSuchPerson)
    def unknown(error: NoSuchPerson) -> tuple[Response, int]:
        return jsonify(error=f"nobody is called {error.args[0]!r}; see GET /_sim/people"), 404

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[Response, int]:
        return jsonify(error=error.description), error.code or 500
