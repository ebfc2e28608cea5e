"""The courier (快递公司): parcels ordered, asked about and called off; what happens to them is told.

Requests are signed as signed.py says, with headers that begin X-Courier.

POST /courier/orders                     {reference, sender, sender_phone, recipient, phone, address, goods}
                                         → {reference, waybill, state, events}
GET  /courier/orders/<reference>         the same, or 404 {code: not_found}
POST /courier/orders/<reference>/cancel  → {reference, state: cancelled}; an order that comes later is refused

POST /_sim/courier/orders/<reference>/happens {kind, place} is the courier's day: collected, transit,
delivering, failed, signed, returning, returned. `at`, `sequence` and `event_no` may be given, to play a
confused sender; with `quiet` nobody is told.
"""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import signed
from .courier_events import Events
from .signed import REFERENCE, Refusal
from .world import World

TOLD = ("sender", "sender_phone", "recipient", "phone", "address", "goods")
# Where the courier does not go.
UNREACHABLE = "无人区"
REFUSALS = {"unknown_address": 400, "already_collected": 409, "cancelled": 409}


@dataclass
class Order:
    """One order as the courier keeps it."""

    reference: str
    told: dict[str, str]
    waybill: str
    state: str = "ordered"
    events: list[dict[str, Any]] = field(default_factory=list)


class Book:
    """All orders, by the reference of whoever sent them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Order] = {}
        self._events = Events(world)
        world.on_reset.append(self._kept.clear)

    def take(self, asked: dict[str, Any]) -> Order:
        """Take an order; the same reference is the same one. Raises Refusal."""
        reference = str(asked.get("reference", ""))
        told = {name: str(asked.get(name, "")) for name in TOLD}
        if REFERENCE.fullmatch(reference) is None:
            raise Refusal("bad_reference")
        with self._world.lock:
            before = self._kept.get(reference)
            if before is None:
                if not told["address"] or UNREACHABLE in told["address"]:
                    raise Refusal("unknown_address")
                number = f"SF{secrets.randbelow(10**13):013d}"
                before = self._kept[reference] = Order(reference, told, number)
            elif before.state == "cancelled":
                raise Refusal("cancelled")
            elif before.told != told:
                raise Refusal("reference_reused")
            return before

    def find(self, reference: str) -> Order:
        """One order; raises Refusal."""
        with self._world.lock:
            found = self._kept.get(reference)
        if found is None or not found.told:
            raise Refusal("not_found")
        return found

    def cancel(self, reference: str) -> Order:
        """Call an order off, also one that was never heard of; raises Refusal once it was collected."""
        with self._world.lock:
            found = self._kept.setdefault(reference, Order(reference, {}, "", "cancelled"))
            if found.events:
                raise Refusal("already_collected")
            found.state = "cancelled"
            return found

    def happens(self, reference: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Something happens to a parcel, and whoever ordered it is told."""
        found = self.find(reference)
        with self._world.lock:
            event: dict[str, Any] = {
                "reference": reference,
                "waybill": found.waybill,
                "event_no": str(asked.get("event_no") or f"KD-{secrets.token_hex(12)}"),
                "sequence": int(asked.get("sequence") or len(found.events) + 1),
                "kind": str(asked.get("kind", "")),
                "at": str(asked.get("at") or self._world.clock.wire().isoformat()),
                "place": str(asked.get("place", "")),
            }
            if all(event["event_no"] != one["event_no"] for one in found.events):
                found.events.append(event)
            found.state = event["kind"]
        if not asked.get("quiet"):
            self._events.tell(event)
        return event

    def all(self) -> list[dict[str, Any]]:
        """Everything that is kept."""
        with self._world.lock:
            return [asdict(each) for each in self._kept.values()]


def blueprint(world: World) -> Blueprint:
    """Serve the courier and, under /_sim/courier, its day."""
    door = Blueprint("courier", __name__)
    book = Book(world)
    program = signed.Program("Courier", world.keys.courier_app_id, world.keys.courier_key)
    signed.guard(door, world, program, own=REFUSALS)

    def shown(order: Order) -> Response:
        return jsonify(
            reference=order.reference, waybill=order.waybill, state=order.state, events=order.events
        )

    @door.post("/courier/orders")
    def order() -> Response:
        return shown(book.take(signed.body()))

    @door.get("/courier/orders/<reference>")
    def ask(reference: str) -> Response:
        return shown(book.find(reference))

    @door.post("/courier/orders/<reference>/cancel")
    def cancel(reference: str) -> Response:
        return jsonify(reference=reference, state=book.cancel(reference).state)

    @door.get("/_sim/courier/orders")
    def orders() -> Response:
        return jsonify(items=book.all())

    @door.post("/_sim/courier/orders/<reference>/happens")
    def happens(reference: str) -> Response:
        return jsonify(book.happens(reference, request.get_json(silent=True) or {}))

    return door
