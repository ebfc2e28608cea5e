"""Faults of the line and the server, which can befall any operation: it hangs, breaks or answers rubbish."""

import contextlib
import os
import socket
import struct
import time
from collections.abc import Iterator

from flask import Response, request

from .world import Fault, World

HTML = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
STATUS_OF = {"http_429": 429, "http_500": 500, "http_502": 502, "http_503": 503}
KINDS = (*STATUS_OF, "html", "empty", "truncated", "slow", "hang", "reset", "bom", "not_utf8")
NEEDS_AN_ANSWER = {"truncated", "bom", "not_utf8"}
LONGEST_HANG = 120.0


def take(world: World, op: str, *kinds: str) -> Fault | None:
    """Use up a planned fault of these kinds; the header `X-Sim-Fault: kind` asks for one at once."""
    asked = request.headers.get("X-Sim-Fault")
    if asked in kinds:
        return Fault(op=op, kind=asked)
    return world.faults.take(op, *kinds)


def is_late(fault: Fault) -> bool:
    """Whether the work is done and only the answer is lost (`detail.after`), or nothing is done."""
    return fault.kind in NEEDS_AN_ANSWER or bool(fault.detail.get("after"))


def instead(fault: Fault, answer: Response | None = None) -> Response | None:
    """Give what the client sees of the fault, or None to go on (a slow answer is still an answer)."""
    if fault.kind in STATUS_OF:
        return Response(HTML, STATUS_OF[fault.kind], mimetype="text/html")
    if fault.kind == "html":
        return Response(HTML, mimetype="text/html")
    if fault.kind == "empty":
        return Response(b"", mimetype="application/json")
    if fault.kind == "slow":
        time.sleep(min(float(fault.detail.get("seconds", 3)), LONGEST_HANG))
        return answer
    if fault.kind == "hang":
        time.sleep(min(float(fault.detail.get("seconds", 30)), LONGEST_HANG))
    if fault.kind in {"hang", "reset"}:
        _cut(request.environ.get("werkzeug.socket"))
        return Response(b"")
    return _spoil(fault.kind, answer.get_data() if answer else b"", answer)


def _spoil(kind: str, body: bytes, answer: Response | None) -> Response:
    """Deliver the true answer damaged."""
    mimetype = answer.mimetype if answer else "application/json"
    if kind == "bom":
        return Response(b"\xef\xbb\xbf" + body, mimetype=mimetype)
    if kind == "not_utf8":
        return Response(body[:-1] + b"\xff\xfe" + body[-1:], mimetype=mimetype)
    line = request.environ.get("werkzeug.socket")
    spoiled = Response(_half(body, line), mimetype=mimetype)
    spoiled.headers["Content-Length"] = str(len(body))
    return spoiled


def _half(body: bytes, line: socket.socket | None) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    _cut(line, gently=True)


def _cut(line: socket.socket | None, *, gently: bool = False) -> None:
    """End the connection: with a reset, or after what was sent has arrived."""
    if line is None:
        return
    with contextlib.suppress(OSError):
        if gently:
            line.shutdown(socket.SHUT_RDWR)
            return
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The server still holds files made from this socket, so close() would only mark it. A dead pipe
        # in its place closes it now, and the server's own writes find nobody, as they should.
        stub, other = socket.socketpair()
        other.close()
        os.dup2(stub.fileno(), line.fileno())
        stub.close()
