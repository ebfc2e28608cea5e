"""The city's supervision platform (事中事后监管平台): what happened to licences, each taken once.

Requests are signed as signed.py says, with headers that begin X-Oversight.

PUT /oversight/events/<event_no>  the event, JSON as docs/oversight.md says
                                  → {event_no, receipt_no, sha256, received_at}
GET /oversight/events/<event_no>  the same, or 404 {code: not_found}

Events of one case come in the order of their `position`, the grant first.

GET /_sim/oversight/events lists what was told.
"""

import json
import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import signed
from .shelf import Shelf
from .signed import Refusal
from .world import World

KINDS = {"granted", "changed", "revoked", "cancelled", "promise_untrue"}
REFUSALS = {"bad_event": 400, "unknown_department": 400, "event_no_taken": 409, "out_of_order": 409}
DEPARTMENT = re.compile(r"[0-9A-Z]{18}", re.ASCII)


class Desk:
    """Reads what comes in before it is kept."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def read(self, event_no: str, content: bytes) -> dict[str, Any]:
        """An event that may be kept; raises Refusal."""
        try:
            told: dict[str, Any] = json.loads(content)
            whole = told["event_no"] == event_no and told["kind"] in KINDS
            named = told["licence"]["identifier"] and told["holder"]["name"] and told["case_no"]
            (case_no, position) = (str(told["case_no"]), int(told["position"]))
            department = str(told["supervising"]["code"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal("bad_event") from error
        if not (whole and named):
            raise Refusal("bad_event")
        if DEPARTMENT.fullmatch(department) is None:
            raise Refusal("unknown_department")
        if position != 1 and not self._told(case_no, position - 1):
            raise Refusal("out_of_order")
        return told

    def _told(self, case_no: str, position: int) -> bool:
        told = ((each.about["case_no"], each.about["position"]) for each in self._shelf.all())
        return (case_no, position) in told


def blueprint(world: World) -> Blueprint:
    """Serve the platform and, under /_sim/oversight, a look at what it was told."""
    door = Blueprint("oversight", __name__)
    shelf = Shelf(world, letters="JG", taken="event_no_taken")
    desk = Desk(shelf)
    program = signed.Program("Oversight", world.keys.oversight_app_id, world.keys.oversight_key)
    signed.guard(door, world, program, own=REFUSALS)

    @door.put("/oversight/events/<event_no>")
    def tell(event_no: str) -> Response:
        content = request.get_data()
        return jsonify(shelf.take(event_no, content, desk.read(event_no, content)).receipt("event_no"))

    @door.get("/oversight/events/<event_no>")
    def ask(event_no: str) -> Response:
        return jsonify(shelf.find(event_no).receipt("event_no"))

    @door.get("/_sim/oversight/events")
    def events() -> Response:
        return jsonify(items=[each.receipt("event_no") | {"told": each.about} for each in shelf.all()])

    return door
