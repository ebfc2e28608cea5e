"""The province's transfer bus (省级办件流转平台): hand-overs between halls, told and asked about.

Requests are signed as signed.py says, with headers that begin X-Bus.

POST /bus/transfers              {reference, case_no, task_code, from_centre, to_centre}
                                 → {reference, number, state: sent|received, received_at}
GET  /bus/transfers/<reference>  the same, or 404 {code: not_found}

POST /_sim/bus/transfers/<reference>/received is the clerk of the other hall who takes it in.
"""

import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, jsonify

from . import signed
from .signed import REFERENCE, Refusal
from .world import World

CENTRE = re.compile(r"[0-9A-Z-]{2,32}", re.ASCII)
# Halls that the province has closed; nothing can be sent there.
CLOSED = frozenset({"CLOSED-1"})
REFUSALS = {"unknown_centre": 400}


@dataclass
class HandOver:
    """One hand-over as the bus keeps it."""

    reference: str
    case_no: str
    task_code: str
    from_centre: str
    to_centre: str
    number: str
    state: str = "sent"
    received_at: str | None = None


class Book:
    """All hand-overs, by the reference of whoever sent them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, HandOver] = {}
        world.on_reset.append(self._kept.clear)

    def take(self, asked: dict[str, Any]) -> HandOver:
        """Take a hand-over; the same reference is the same one. Raises Refusal."""
        names = ("reference", "case_no", "task_code", "from_centre", "to_centre")
        told = {name: str(asked.get(name, "")) for name in names}
        if REFERENCE.fullmatch(told["reference"]) is None:
            raise Refusal("bad_reference")
        if not all(CENTRE.fullmatch(told[name]) for name in names[3:]) or told["to_centre"] in CLOSED:
            raise Refusal("unknown_centre")
        with self._world.lock:
            before = self._kept.get(told["reference"])
            if before is None:
                before = self._kept[told["reference"]] = HandOver(**told, number=f"SL{secrets.token_hex(8)}")
            elif any(getattr(before, name) != told[name] for name in names):
                raise Refusal("reference_reused")
            return before

    def find(self, reference: str) -> HandOver:
        """One hand-over; raises Refusal."""
        with self._world.lock:
            found = self._kept.get(reference)
        if found is None:
            raise Refusal("not_found")
        return found

    def receive(self, reference: str) -> HandOver:
        """The other hall takes it in; a second time changes nothing. Raises Refusal."""
        found = self.find(reference)
        with self._world.lock:
            found.state = "received"
            found.received_at = found.received_at or self._world.clock.now().isoformat()
        return found

    def all(self) -> list[dict[str, Any]]:
        """Everything that is kept."""
        with self._world.lock:
            return [asdict(each) for each in self._kept.values()]


def blueprint(world: World) -> Blueprint:
    """Serve the bus and, under /_sim/bus, what the clerk of the other hall does."""
    door = Blueprint("bus", __name__)
    book = Book(world)
    signed.guard(door, world, signed.Program("Bus", world.keys.bus_app_id, world.keys.bus_key), own=REFUSALS)

    @door.post("/bus/transfers")
    def hand_over() -> Response:
        return jsonify(asdict(book.take(signed.body())))

    @door.get("/bus/transfers/<reference>")
    def ask(reference: str) -> Response:
        return jsonify(asdict(book.find(reference)))

    @door.get("/_sim/bus/transfers")
    def transfers() -> Response:
        return jsonify(items=book.all())

    @door.post("/_sim/bus/transfers/<reference>/received")
    def receive(reference: str) -> Response:
        return jsonify(asdict(book.receive(reference)))

    return door
