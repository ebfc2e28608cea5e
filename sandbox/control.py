"""The control plane: what tests and the phone page do to the stand-ins (/_sim)."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, jsonify, request

from .message_templates import WECHAT_TEMPLATES
from .wechat_office import Office
from .world import Fault, World

ANSWERS = ("accept", "reject", "ban")
MOST_ENTRIES = 1000
LARGEST_NUMBER = 10 * 366 * 86_400
NUMBERS = {"probability", "seconds", "copies"}
PHONE = re.compile(r"\+?\d{5,20}", re.ASCII)


def blueprint(world: World, office: Office) -> Blueprint:
    """Serve clock, faults, log and people; what belongs to money or to pushes is served there."""
    door = Blueprint("control", __name__, url_prefix="/_sim")
    _add_service(door, world)
    _add_clock(door, world)
    _add_faults(door, world)
    _add_people(door, world)
    _add_codes(door, world, office)
    _add_prompts(door, world)
    _add_mini_program(door, world, office)
    return door


def _add_service(door: Blueprint, world: World) -> None:
    @door.get("/health")
    def health() -> Response:
        return jsonify(status="ok", now=world.clock.now().isoformat(), app_url=world.app_url)

    @door.get("/log")
    def log() -> Response:
        op, limit = request.args.get("op"), request.args.get("limit", MOST_ENTRIES, type=int)
        entries = [entry for entry in world.log.copy() if op is None or entry["op"] == op]
        return jsonify(items=entries[-max(limit, 1) :])

    @door.post("/reset")
    def reset() -> Response:
        world.timers.clear()
        world.timers.settle(within=5)  # what is under way ends in the old world, not in the new one
        world.reset()
        return jsonify(status="ok")


def _add_clock(door: Blueprint, world: World) -> None:
    @door.get("/clock")
    def read() -> Response:
        return jsonify(now=world.clock.now().isoformat(), offset_s=world.clock.offset.total_seconds())

    @door.post("/clock")
    def move() -> Response:
        asked = _asked()
        if "set" in asked:
            world.clock.set(_moment(asked["set"]))
        if "advance_s" in asked:
            world.clock.advance(_number(asked, "advance_s"))
        if "skew_s" in asked:
            world.clock.set_skew(_number(asked, "skew_s"))
        # Whatever came due has been done when this answers, so that a test need not guess.
        is_settled = world.timers.settle()
        offset = world.clock.offset.total_seconds()
        return jsonify(now=world.clock.now().isoformat(), offset_s=offset, settled=is_settled)


def _add_faults(door: Blueprint, world: World) -> None:
    @door.post("/faults")
    def plan() -> tuple[Response, int]:
        asked = _asked()
        op, kind, times = asked.pop("op", None), str(asked.pop("kind", "")), asked.pop("times", 1)
        if not isinstance(op, str) or not op or not kind or type(times) is not int or times == 0:
            abort(400, "op: an operation as in /_sim/log; kind; times: a number, -1 for ever")
        # Further fields may stand beside op and kind, or in detail.
        world.faults.add(Fault(op=op, kind=kind, times=times, detail=_detail(asked)))
        return jsonify(items=world.faults.planned()), 201

    @door.get("/faults")
    def planned() -> Response:
        return jsonify(items=world.faults.planned())

    @door.delete("/faults")
    def clear() -> Response:
        world.faults.clear()
        return jsonify(items=[])


def _add_people(door: Blueprint, world: World) -> None:
    @door.get("/people")
    def people() -> Response:
        with world.lock:
            return jsonify(items=[person.as_json() for person in world.people.values()])

    @door.post("/people")
    def add() -> tuple[Response, int]:
        asked = _asked()
        name, phone = asked.get("name"), asked.get("phone")
        if not isinstance(name, str) or not name or not isinstance(phone, str) or not PHONE.fullmatch(phone):
            abort(400, "name and phone: of the person who gets a phone")
        return jsonify(world.add_person(name, phone).as_json()), 201

    @door.get("/people/<person_id>")
    def one(person_id: str) -> Response:
        return jsonify(world.person(person_id).as_json())

    @door.get("/people/<person_id>/messages")
    def messages(person_id: str) -> Response:
        with world.lock:
            return jsonify(items=list(world.person(person_id).inbox))


def _add_codes(door: Blueprint, world: World, office: Office) -> None:
    @door.post("/people/<person_id>/wechat/login")
    def login(person_id: str) -> Response:
        return jsonify(code=office.mint_login_code(world.person(person_id)))

    @door.post("/people/<person_id>/wechat/phone")
    def phone(person_id: str) -> Response:
        return jsonify(code=office.mint_phone_code(world.person(person_id)))


def _add_prompts(door: Blueprint, world: World) -> None:
    @door.post("/people/<person_id>/wechat/subscribe")
    def subscribe(person_id: str) -> Response:
        asked = _asked()
        template_id, result = str(asked.get("template_id")), asked.get("result", "accept")
        if template_id not in WECHAT_TEMPLATES.values() or result not in ANSWERS:
            abort(400, f"template_id: an approved one; result: one of {', '.join(ANSWERS)}")
        return jsonify(
            {"errMsg": "requestSubscribeMessage:ok", template_id: answer(person_id, template_id, result)}
        )

    def answer(person_id: str, template_id: str, result: str) -> str:
        person = world.person(person_id)
        with world.lock:
            if template_id in person.banned:
                return "ban"  # no prompt is shown any more
            if result == "accept":
                person.credits[template_id] = person.credits.get(template_id, 0) + 1
            if result == "ban":
                person.banned.add(template_id)
            return result


def _add_mini_program(door: Blueprint, world: World, office: Office) -> None:
    @door.post("/people/<person_id>/wechat/scan")
    def scan(person_id: str) -> Response:
        world.person(person_id)
        content = _asked().get("content")
        if not isinstance(content, str) or content not in office.scenes:
            abort(404, "content: what a camera reads from a code that getwxacodeunlimit drew")
        # The mini-program is opened with what the page's onLoad gets: the scene, URL-encoded.
        return jsonify(path=office.scenes[content], query={"scene": quote(content, safe="")}, scene=1047)

    @door.post("/wechat/pages")
    def publish() -> Response:
        pages = _asked().get("pages")
        if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
            abort(400, "pages: those that the published mini-program has; an empty list allows any")
        office.pages = set(pages)
        return jsonify(pages=sorted(office.pages))


def _asked() -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True)
    return asked if isinstance(asked, dict) else {}


def _detail(asked: dict[str, Any]) -> dict[str, Any]:
    inner = asked.pop("detail", {})
    if not isinstance(inner, dict):
        abort(400, "detail: an object")
    detail = {**asked, **inner}
    for name in NUMBERS & detail.keys():
        detail[name] = _number(detail, name)
    return detail


def _number(asked: dict[str, Any], name: str) -> float:
    value = asked[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        abort(400, f"{name}: a number")
    if not abs(value) <= LARGEST_NUMBER:  # also true of NaN
        abort(400, f"{name}: at most ten years of seconds")
    return float(value)


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        abort(400, "set: a moment such as 2025-06-01T09:00:00+08:00")
    if moment.tzinfo is None:
        abort(400, "set: with its offset, such as +08:00")
    return moment
