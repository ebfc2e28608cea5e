"""The city's supervision platform (事中事后监管平台): what happened to licences, each taken once.

Requests are signed as signed.py says, with headers that begin X-Oversight.

PUT /oversight/events/<event_no>  the event, JSON as docs/oversight.md says
                                  → {event_no, receipt_no, sha256, received_at}
GET /oversight/events/<event_no>  the same, or 404 {code: not_found}

Events of one case come in the order of their `position`, the grant first.

GET /_sim/oversight/events lists what was told.
POST /_sim/oversight/events/<event_no>/found {result, said} is the supervisor's day: fine, irregular,
revoke_asked. `message_no` may be given, to play a confused sender.
"""

import json
import re
import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import signed, signed_letters
from .callbacks import Callbacks, Notice
from .shelf import Shelf
from .signed import Refusal
from .world import World

KINDS = {"granted", "changed", "revoked", "cancelled", "promise_untrue", "promise_cleared"}
REFUSALS = {"bad_event": 400, "unknown_department": 400, "event_no_taken": 409, "out_of_order": 409}
CHANNEL = signed_letters.channel("oversight.finding")
PATH = "/webhooks/oversight/findings"
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


class Findings:
    """Tells what supervisors found."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._callbacks = Callbacks(world)

    def tell(self, event_no: str, asked: dict[str, Any]) -> dict[str, str]:
        """Tell one finding; returns when the first attempt is over."""
        today = self._world.clock.wire().date().isoformat()
        finding = {
            "message_no": str(asked.get("message_no") or f"FK-{secrets.token_hex(12)}"),
            "event_no": event_no,
            "result": str(asked.get("result", "")),
            "found_on": str(asked.get("found_on") or today),
            "said": str(asked.get("said", "")),
        }
        notice = Notice(
            channel=CHANNEL,
            event_id=finding["message_no"],
            event=finding["result"],
            out_trade_no=event_no,
            url=f"{self._world.app_url}{PATH}",
            write=signed_letters.writer(
                self._world, finding, key=self._world.keys.oversight_event_key, prefix="Oversight"
            ),
        )
        self._callbacks.start(notice, wait=True)
        return finding


def blueprint(world: World) -> Blueprint:
    """Serve the platform and, under /_sim/oversight, a look at what it was told."""
    door = Blueprint("oversight", __name__)
    shelf = Shelf(world, letters="JG", taken="event_no_taken")
    desk, findings = Desk(shelf), Findings(world)
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

    @door.post("/_sim/oversight/events/<event_no>/found")
    def found(event_no: str) -> Response:
        return jsonify(findings.tell(event_no, request.get_json(silent=True) or {}))

    return door
