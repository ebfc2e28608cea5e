"""The city's market-regulation registry (市场监管登记系统): names looked up, reserved and asked about.

Every request carries X-Registry-App, X-Registry-Timestamp (Unix seconds), X-Registry-Nonce (used once) and
X-Registry-Signature: the hex HMAC-SHA256, under the program's key, of method, path with query, timestamp,
nonce and body, a line feed between each two.

GET  /registry/names?name=…              {name, standing: free|taken|not_allowed, similar, refused}
POST /registry/names/reservations        {reference, name, applicant} → {reference, name, number, expires_on}
GET  /registry/names/reservations/<ref>  the same, or 404 {code: not_found}
"""

import hashlib
import hmac
import re
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from . import breakage
from .registry_events import Events
from .registry_names import REFUSALS, Names, Refusal
from .world import World

FRESH_FOR = 300.0
NONCE = re.compile(r"[0-9A-Za-z]{16,64}", re.ASCII)
MOST_NONCES = 20_000


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


def blueprint(world: World) -> Blueprint:
    """Serve the registry and, under /_sim/registry, what a clerk at its own desk does."""
    door = Blueprint("registry", __name__)
    names = Names(world)
    nonces = Nonces(world)

    @door.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        g.verdict = refusal.code
        return jsonify(code=refusal.code, message=refusal.message), REFUSALS[refusal.code]

    @door.before_request
    def check() -> None:
        if request.path.startswith("/_sim"):
            return
        _check_signature(world, nonces)
        fault = breakage.take(world, request.endpoint or "", *REFUSALS)
        if fault is not None:
            raise Refusal(fault.kind)

    @door.get("/registry/names")
    def look_up() -> Response:
        return jsonify(names.look_up(request.args.get("name", "")))

    @door.post("/registry/names/reservations")
    def reserve() -> Response:
        asked = _body()
        reference, name, applicant = (str(asked.get(key, "")) for key in ("reference", "name", "applicant"))
        return jsonify(names.reserve(reference=reference, name=name, applicant=applicant).as_json())

    @door.get("/registry/names/reservations/<reference>")
    def reservation(reference: str) -> Response:
        return jsonify(names.reservation(reference).as_json())

    _add_control(door, names, Events(world))
    return door


def _add_control(door: Blueprint, names: Names, events: Events) -> None:
    @door.get("/_sim/registry/reservations")
    def reservations() -> Response:
        return jsonify(items=names.all())

    @door.post("/_sim/registry/registered")
    def register() -> tuple[Response, int]:
        return jsonify(names=names.register(str(_body().get("name", "")))), 201

    @door.post("/_sim/registry/events")
    def tell() -> tuple[Response, int]:
        return jsonify(events.tell(_body())), 201


def _check_signature(world: World, nonces: Nonces) -> None:
    headers = request.headers
    moment, nonce = headers.get("X-Registry-Timestamp", ""), headers.get("X-Registry-Nonce", "")
    if headers.get("X-Registry-App") != world.keys.registry_app_id:
        raise Refusal("unknown_app")
    if not re.fullmatch(r"[0-9]{1,12}", moment) or NONCE.fullmatch(nonce) is None:
        raise Refusal("bad_signature")
    # As it stood in the request line: whoever signs has signed the escapes, not what they mean.
    target = str(request.environ.get("REQUEST_URI") or "")
    signed = f"{request.method}\n{target}\n{moment}\n{nonce}\n".encode() + request.get_data()
    wanted = hmac.new(world.keys.registry_key.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), headers.get("X-Registry-Signature", "").encode()):
        raise Refusal("bad_signature")
    if not world.clock.is_fresh(float(moment), FRESH_FOR):
        raise Refusal("stale_timestamp")
    nonces.use(nonce)


def _body() -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        raise Refusal("bad_body")
    return asked
