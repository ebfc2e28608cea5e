"""The city's market-regulation registry (市场监管登记系统): names looked up and reserved, and units.

Requests are signed as signed.py says, with headers that begin X-Registry.

GET  /registry/names?name=…              {name, standing: free|taken|not_allowed, similar, refused}
POST /registry/names/reservations        {reference, name, applicant} → {reference, name, number, expires_on}
GET  /registry/names/reservations/<ref>  the same, or 404 {code: not_found}
POST /registry/representatives           {code, name, id_number} or {code, phone} → {code, name, standing:
                                         active|revoked|deregistered, represented}, or 404 {code: not_found}
"""

from flask import Blueprint, Response, jsonify, request

from . import signed
from .registry_events import Events
from .registry_names import REFUSALS, Names
from .registry_units import Units
from .world import World


def blueprint(world: World) -> Blueprint:
    """Serve the registry and, under /_sim/registry, what a clerk at its own desk does."""
    door = Blueprint("registry", __name__)
    names, units = Names(world), Units(world)
    program = signed.Program("Registry", world.keys.registry_app_id, world.keys.registry_key)
    signed.guard(door, world, program, own=REFUSALS)

    @door.get("/registry/names")
    def look_up() -> Response:
        return jsonify(names.look_up(request.args.get("name", "")))

    @door.post("/registry/names/reservations")
    def reserve() -> Response:
        asked = signed.body()
        reference, name, applicant = (str(asked.get(key, "")) for key in ("reference", "name", "applicant"))
        return jsonify(names.reserve(reference=reference, name=name, applicant=applicant).as_json())

    @door.get("/registry/names/reservations/<reference>")
    def reservation(reference: str) -> Response:
        return jsonify(names.reservation(reference).as_json())

    @door.post("/registry/representatives")
    def representative() -> Response:
        asked = {key: str(value) for key, value in signed.body().items()}
        return jsonify(units.representative(asked))

    _add_control(door, names, Events(world))
    _add_units(door, units)
    return door


def _add_units(door: Blueprint, units: Units) -> None:
    @door.get("/_sim/registry/units")
    def listed() -> Response:
        return jsonify(items=units.all())

    @door.post("/_sim/registry/units")
    def put() -> tuple[Response, int]:
        return jsonify(units.put(signed.body())), 201


def _add_control(door: Blueprint, names: Names, events: Events) -> None:
    @door.get("/_sim/registry/reservations")
    def reservations() -> Response:
        return jsonify(items=names.all())

    @door.post("/_sim/registry/registered")
    def register() -> tuple[Response, int]:
        return jsonify(names=names.register(str(signed.body().get("name", "")))), 201

    @door.post("/_sim/registry/events")
    def tell() -> tuple[Response, int]:
        return jsonify(events.tell(signed.body())), 201
