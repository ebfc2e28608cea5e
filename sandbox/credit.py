"""The city's credit platform (公共信用信息平台): red and black lists, and the records it is told.

Requests are signed as signed.py says, with headers that begin X-Credit.

POST /credit/queries              {reference, subject_kind: person|company, number}
                                  → {reference, number, entries: [{list: red|black, authority, reason,
                                     since, until}]}; until is null for an entry without an end
POST /credit/reports              {reference, kind: record|withdrawal|expiry|repair, record, subject_kind,
                                   number, what, promise_sha256, evidence_sha256, decision,
                                   legal_basis, since, until}
                                  → {reference, receipt_no, received_at}
GET  /credit/reports/<reference>  the same receipt, or 404 {code: not_found}

The same reference with the same content is one report. A record ends once, and only one that is there.

POST /_sim/credit/entries {number, entries} puts somebody on lists, GET /_sim/credit/reports lists what came.
"""

import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, jsonify

from . import signed
from .signed import REFERENCE, Refusal
from .world import World

KINDS = {"record", "withdrawal", "expiry", "repair"}
SUBJECTS = {"person", "company"}
NUMBER = re.compile(r"[0-9A-Z]{18}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
FIELDS = (
    "reference",
    "kind",
    "record",
    "subject_kind",
    "number",
    "what",
    "promise_sha256",
    "evidence_sha256",
    "decision",
    "legal_basis",
    "since",
    "until",
)
REFUSALS = {
    "bad_subject": 400,
    "bad_report": 400,
    "unknown_record": 400,
    "already_ended": 409,
}


@dataclass(frozen=True)
class Report:
    """One report as the platform keeps it."""

    content: dict[str, str]
    receipt_no: str
    received_at: str


class Register:
    """Who is on which list, and every report that came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._reports: dict[str, Report] = {}
        world.on_reset.append(self._forget)

    def _forget(self) -> None:
        self._lists.clear()
        self._reports.clear()

    def put(self, number: str, entries: list[dict[str, Any]]) -> None:
        """Put somebody on lists, in place of what was there."""
        with self._world.lock:
            self._lists[number] = entries

    def entries(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """On which lists somebody is; raises Refusal."""
        if REFERENCE.fullmatch(str(asked.get("reference"))) is None:
            raise Refusal("bad_reference")
        if asked.get("subject_kind") not in SUBJECTS or NUMBER.fullmatch(str(asked.get("number"))) is None:
            raise Refusal("bad_subject")
        with self._world.lock:
            return list(self._lists.get(str(asked["number"]), ()))

    def take(self, asked: dict[str, Any]) -> Report:
        """Take a report; the same reference with the same content is the same one. Raises Refusal."""
        content = {name: str(asked.get(name, "")) for name in FIELDS}
        _check(content)
        with self._world.lock:
            before = self._reports.get(content["reference"])
            if before is not None:
                if before.content != content:
                    raise Refusal("reference_reused")
                return before
            if content["kind"] != "record":
                self._refuse_ending(content["record"])
            at = self._world.clock.wire().isoformat()
            report = self._reports[content["reference"]] = Report(content, f"XY{secrets.token_hex(8)}", at)
            return report

    def _refuse_ending(self, record: str) -> None:
        there = self._reports.get(record)
        if there is None or there.content["kind"] != "record":
            raise Refusal("unknown_record")
        others = [each.content for each in self._reports.values()]
        if any(each["record"] == record and each["kind"] != "record" for each in others):
            raise Refusal("already_ended")

    def find(self, reference: str) -> Report:
        """One report; raises Refusal."""
        with self._world.lock:
            found = self._reports.get(reference)
        if found is None:
            raise Refusal("not_found")
        return found

    def all(self) -> list[Report]:
        """Everything that came, in its order."""
        with self._world.lock:
            return list(self._reports.values())


def _check(content: dict[str, str]) -> None:
    if REFERENCE.fullmatch(content["reference"]) is None or REFERENCE.fullmatch(content["record"]) is None:
        raise Refusal("bad_reference")
    if content["subject_kind"] not in SUBJECTS or NUMBER.fullmatch(content["number"]) is None:
        raise Refusal("bad_subject")
    days = all(DAY.fullmatch(content[name]) for name in ("since", "until"))
    said = all(content[name] for name in ("what", "decision"))
    own = content["kind"] != "record" or content["record"] == content["reference"]
    digests = all(DIGEST.fullmatch(content[name]) for name in ("promise_sha256", "evidence_sha256"))
    if content["kind"] not in KINDS or not (digests and days and said and own):
        raise Refusal("bad_report")


def blueprint(world: World) -> Blueprint:
    """Serve the platform and, under /_sim/credit, its lists and what it was told."""
    door = Blueprint("credit", __name__)
    register = Register(world)
    program = signed.Program("Credit", world.keys.credit_app_id, world.keys.credit_key)
    signed.guard(door, world, program, own=REFUSALS)

    def shown(report: Report) -> Response:
        reference = report.content["reference"]
        return jsonify(reference=reference, receipt_no=report.receipt_no, received_at=report.received_at)

    @door.post("/credit/queries")
    def query() -> Response:
        asked = signed.body()
        found = register.entries(asked)
        return jsonify(reference=asked["reference"], number=asked["number"], entries=found)

    @door.post("/credit/reports")
    def report() -> Response:
        return shown(register.take(signed.body()))

    @door.get("/credit/reports/<reference>")
    def ask(reference: str) -> Response:
        return shown(register.find(reference))

    @door.post("/_sim/credit/entries")
    def put() -> Response:
        asked = signed.body()
        register.put(str(asked["number"]), list(asked["entries"]))
        return jsonify(ok=True)

    @door.get("/_sim/credit/reports")
    def reports() -> Response:
        return jsonify(items=[asdict(each) for each in register.all()])

    return door
