"""The whole stack's hello against bare Flask's: request id, headers, access log and error shape included.

In one process, without a socket, both sides called as a server would call them.
"""

import io
import sys
from collections.abc import Callable
from typing import Any

import flask

from benchmarks.ratios import measure, report
from web import flask_app, service
from web.edge import WsgiApp

FLOOR = 1.0


def bare() -> flask.Flask:
    """What one writes first with Flask."""
    app = flask.Flask("bare")

    @app.get("/healthz")
    def hello() -> dict[str, str]:
        return {"status": "ok"}

    return app


def ours() -> flask.Flask:
    """Our program with its outermost wrapper."""
    app = flask_app.make()
    app.register_blueprint(service.door)
    return app


def caller(app: WsgiApp) -> Callable[[], bytes]:
    """A call of a WSGI program for GET /healthz."""

    def call() -> bytes:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/healthz",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        return b"".join(app(environ, lambda _status, _headers, _error=None: None))

    return call


def main() -> int:
    """Measure and say whether the floor is reached."""
    real_stdout, sys.stdout = sys.stdout, io.StringIO()
    try:
        ratios = measure({"bare": caller(bare()), "ours": caller(ours())}, against="bare")
    finally:
        sys.stdout = real_stdout
    return 0 if report("whole stack's hello / bare Flask's hello", ratios["ours"], floor=FLOOR) else 1


if __name__ == "__main__":
    sys.exit(main())
