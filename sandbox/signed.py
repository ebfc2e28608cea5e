"""Lines to the systems of a city and a province (签名线路): each request signed, refusals as their code.

Every request carries X-<Prefix>-App, -Timestamp (Unix seconds), -Nonce (used once) and -Signature: the hex
HMAC-SHA256, under the program's key, of method, path with query, timestamp, nonce and body, a line feed
between each two.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from . import breakage
from .world import World

FRESH_FOR = 300.0
NONCE = re.compile(r"[0-9A-Za-z]{16,64}", re.ASCII)
REFERENCE = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
MOST_NONCES = 20_000
REFUSALS = {
    "bad_body": 400,
    "bad_reference": 400,
    "unknown_app": 401,
    "bad_signature": 401,
    "stale_timestamp": 401,
    "nonce_reused": 401,
    "not_found": 404,
    "reference_reused": 409,
    "too_many": 429,
}


class Refusal(Exception):
    """The other side says no; the code is one of REFUSALS or of its own."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Program:
    """The one program that may ask, and how its headers begin."""

    prefix: str
    app_id: str
    key: str


class Nonces:
    """The numbers that have been used, as long as a signature with them would be fresh."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._used: dict[str, None] = {}

    def use(self, nonce: str) -> None:
        """Use a number up; raises Refusal for one that was used before."""
        with self._world.lock:
            if nonce in self._used:
                raise Refusal("nonce_reused")
            self._used[nonce] = None
            if len(self._used) > MOST_NONCES:
                del self._used[next(iter(self._used))]


def guard(door: Blueprint, world: World, program: Program, *, own: Mapping[str, int]) -> None:
    """Let only the program in, and answer refusals; `own` are the door's own codes and their status."""
    nonces, statuses = Nonces(world), REFUSALS | dict(own)

    @door.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        g.verdict = refusal.code
        return jsonify(code=refusal.code, message=refusal.message), statuses[refusal.code]

    @door.before_request
    def check() -> None:
        if request.path.startswith("/_sim"):
            return
        _check_signature(world, program, nonces)
        fault = breakage.take(world, request.endpoint or "", *statuses)
        if fault is not None:
            raise Refusal(fault.kind)


def body() -> dict[str, Any]:
    """The object that was sent; raises Refusal."""
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        raise Refusal("bad_body")
    return asked


def _check_signature(world: World, program: Program, nonces: Nonces) -> None:
    app, moment, nonce, signature = (
        request.headers.get(f"X-{program.prefix}-{name}", "")
        for name in ("App", "Timestamp", "Nonce", "Signature")
    )
    if app != program.app_id:
        raise Refusal("unknown_app")
    if not re.fullmatch(r"[0-9]{1,12}", moment) or NONCE.fullmatch(nonce) is None:
        raise Refusal("bad_signature")
    # As it stood in the request line: whoever signs has signed the escapes, not what they mean.
    target = str(request.environ.get("REQUEST_URI") or "")
    signed = f"{request.method}\n{target}\n{moment}\n{nonce}\n".encode() + request.get_data()
    wanted = hmac.new(program.key.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise Refusal("bad_signature")
    if not world.clock.is_fresh(float(moment), FRESH_FOR):
        raise Refusal("stale_timestamp")
    nonces.use(nonce)
