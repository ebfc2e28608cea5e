"""One page that shows a phone: the chat window, the cashier, and the messages received."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from .message_templates import TITLES, WECHAT_TEMPLATES
from .way_back import app_address
from .wechat_office import Office
from .world import Person, World

# The page needs nothing from outside, and must not be able to ask for it.
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
MOST_LINES = 200


def blueprint(world: World, office: Office) -> Blueprint:
    """Serve the page and the state that it shows."""
    door = Blueprint("phone", __name__)

    @door.get("/")
    @door.get("/phone")
    def page() -> Response:
        person = world.person(request.args.get("person", "lin"))
        with world.lock:
            people = list(world.people.values())
        app = f"{app_address(world, request.host)}/m/#/"
        response = make_response(render_template("phone.html", person=person, people=people, app=app))
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @door.get("/phone/state")
    def state() -> Response:
        return jsonify(_state(world, office, world.person(request.args.get("person", "lin"))))

    return door


def _state(world: World, office: Office, person: Person) -> dict[str, Any]:
    with world.lock:
        messages = list(person.inbox[-MOST_LINES:])
        left = dict(person.credits)
    return {
        "chat": office.chat(person)[-MOST_LINES:],
        "orders": [asdict(due) for cashier in world.cashiers for due in cashier(person)],
        # What was said in the chat window is shown there.
        "messages": [each for each in messages if each["channel"] not in {"wechat_reply", "wechat_custom"}],
        "prompts": [
            {"template_id": template_id, "title": TITLES[key], "left": left.get(template_id, 0)}
            for key, template_id in WECHAT_TEMPLATES.items()
        ],
        "now": world.clock.now().isoformat(timespec="minutes"),
    }
