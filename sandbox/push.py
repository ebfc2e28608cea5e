"""WeChat's message push to the program: five seconds, three attempts, one MsgId (消息推送)."""

import secrets
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from . import push_replies
from .push_letters import ACCOUNT, FORGERIES, MODES, Letters, clean
from .push_line import call
from .wechat_office import Office
from .world import Fault, Person, World

LIMIT = 5.0
ATTEMPTS = 3
OK = 200
MOST_COPIES = 20
UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
OPENS_A_SHORT_WINDOW = {"CLICK", "SCAN", "subscribe"}


@dataclass
class Attempt:
    """One delivery: HTTP status (null without an answer), seconds taken, and what WeChat made of it."""

    status: int | None
    seconds: float
    verdict: str


@dataclass
class Outcome:
    """What became of one message: every attempt, the reply that is shown, or the notice instead."""

    message_id: str
    attempts: list[Attempt] = field(default_factory=list)
    reply: dict[str, str] | None = None
    notice: str | None = None


class Pusher:
    """Delivers what people do in the chat window to the program's door."""

    def __init__(self, world: World, office: Office) -> None:
        self._world = world
        self._office = office
        self._letters = Letters(world)

    def send_text(self, person: Person, text: str) -> Outcome:
        """Deliver a text message; opens the 48-hour window for customer-service messages."""
        self._office.say(person, who="person", text=text)
        self._office.open_window(person.oa_openid, spoke=True)
        return self._deliver(person, {"MsgType": "text", "Content": text})

    def send_event(self, person: Person, event: str, key: str) -> Outcome:
        """Deliver an event (subscribe, unsubscribe, CLICK, SCAN, …)."""
        if event in OPENS_A_SHORT_WINDOW:
            self._office.open_window(person.oa_openid, spoke=False)
        if event == "unsubscribe":
            self._office.close_window(person.oa_openid)
        fields = {"MsgType": "event", "Event": event, "EventKey": key}
        if event == "SCAN":
            fields["Ticket"] = secrets.token_urlsafe(32)
        return self._deliver(person, fields)

    def verify_url(self) -> dict[str, Any]:
        """Do what the console does when an address is entered: the echostr must come back verbatim."""
        echo = str(secrets.randbelow(10**19))
        query = self._letters.query(None) | {"echostr": echo}
        heard = call(self._url(), query=query, body=None, limit=LIMIT)
        is_echo = heard.status == OK and heard.body == echo.encode()
        return {"ok": is_echo, "status": heard.status, "body": heard.body.decode(errors="replace")}

    def _deliver(self, person: Person, fields: dict[str, str]) -> Outcome:
        fault = self._world.faults.take("push", "duplicate", *FORGERIES)
        outcome = Outcome(message_id=str(23_000_000_000_000_000 + secrets.randbelow(10**15)))
        created = str(int(self._world.clock.now().timestamp()))
        message = {"ToUserName": ACCOUNT, "FromUserName": person.oa_openid, "CreateTime": created, **fields}
        if fields["MsgType"] != "event":
            message["MsgId"] = outcome.message_id  # events have none: sender and CreateTime tell them apart
        if fault is None:
            self._climb(person, message, outcome)
        elif fault.kind == "duplicate":
            self._deliver_again_and_again(person, message, outcome, fault=fault)
        else:
            self._attempt(person, message, outcome, forgery=fault)
        if outcome.notice:
            self._office.say(person, who="notice", text=outcome.notice)
        self._write_down(outcome, person)
        return outcome

    def _climb(self, person: Person, message: dict[str, str], outcome: Outcome) -> None:
        for _ in range(ATTEMPTS):
            if self._attempt(person, message, outcome):
                return
        outcome.notice = UNAVAILABLE

    def _deliver_again_and_again(
        self, person: Person, message: dict[str, str], outcome: Outcome, *, fault: Fault
    ) -> None:
        """Send the very same message `detail.copies` times, at once or (`detail.parallel` false) in turn."""
        copies = min(int(fault.detail.get("copies", 2)), MOST_COPIES)
        arguments = (person, message, outcome)
        threads = [threading.Thread(target=self._attempt, args=arguments) for _ in range(copies)]
        for thread in threads:
            thread.start()
            if not fault.detail.get("parallel", True):
                thread.join()
        for thread in threads:
            thread.join()

    def _attempt(
        self, person: Person, message: dict[str, str], outcome: Outcome, *, forgery: Fault | None = None
    ) -> bool:
        """Deliver once; true when WeChat is content or will not ask again."""
        mode = self._office.settings.mode
        query, body = self._letters.pack(message, mode=mode, forgery=forgery)
        heard = call(self._url(), query={**query, "openid": person.oa_openid}, body=body, limit=LIMIT)
        verdict = heard.trouble or ("ok" if heard.status == OK else f"HTTP {heard.status}")
        is_answered = verdict == "ok"
        if is_answered:
            try:
                self._show(person, push_replies.read(heard.body, self._expected(person, mode)), outcome)
            except push_replies.BadReply as bad:
                verdict = str(bad)
                outcome.notice = UNAVAILABLE
        outcome.attempts.append(Attempt(heard.status, round(heard.seconds, 3), verdict))
        return is_answered

    def _show(self, person: Person, reply: push_replies.Reply | None, outcome: Outcome) -> None:
        if reply is None:
            return
        outcome.reply = {"type": reply.kind, "text": reply.text}
        text = reply.text or f"［{reply.kind}］"
        self._office.say(person, who="account", text=text)
        self._world.deliver(person, channel="wechat_reply", text=text)

    def _expected(self, person: Person, mode: str) -> push_replies.Expected:
        return push_replies.Expected(
            mode=mode,
            account=ACCOUNT,
            openid=person.oa_openid,
            token=self._world.keys.oa_token,
            envelope=self._letters.envelope,
        )

    def _url(self) -> str:
        return self._world.app_url + self._office.settings.path

    def _write_down(self, outcome: Outcome, person: Person) -> None:
        entry = {"at": self._world.clock.now().isoformat(), "op": "push", "person": person.person_id}
        self._world.log.append({**entry, **asdict(outcome), "verdict": outcome.notice or "ok"})


def blueprint(world: World, office: Office) -> Blueprint:
    """Serve the part of /_sim that makes people talk to the official account."""
    door = Blueprint("push", __name__)
    pusher = Pusher(world, office)

    @door.post("/_sim/people/<person_id>/wechat/text")
    def text(person_id: str) -> Response:
        said = _asked().get("text")
        if not isinstance(said, str) or not clean(said):
            abort(400, "text: what the person types")
        return jsonify(_shown(pusher.send_text(world.person(person_id), clean(said))))

    @door.post("/_sim/people/<person_id>/wechat/event")
    def event(person_id: str) -> Response:
        asked = _asked()
        name, key = asked.get("event"), asked.get("event_key", "")
        if not isinstance(name, str) or not name or not isinstance(key, str):
            abort(400, "event: subscribe, unsubscribe, CLICK, SCAN, …; event_key: its key")
        person = world.person(person_id)
        if name in {"subscribe", "unsubscribe"}:
            person.follows = name == "subscribe"
        return jsonify(_shown(pusher.send_event(person, clean(name), clean(key))))

    @door.post("/_sim/push")
    def settings() -> Response:
        asked = _asked()
        mode, path = asked.get("mode", office.settings.mode), asked.get("path", office.settings.path)
        if mode not in MODES:
            abort(400, f"mode: one of {', '.join(MODES)}")
        if not isinstance(path, str) or not path.startswith("/"):
            abort(400, "path: begins with /")
        office.settings.mode, office.settings.path = mode, path
        world.app_url = str(asked.get("app_url", world.app_url)).rstrip("/")
        return jsonify(mode=mode, path=path, app_url=world.app_url)

    @door.post("/_sim/push/verify")
    def verify() -> Response:
        return jsonify(pusher.verify_url())

    return door


def _shown(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome)


def _asked() -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True)
    return asked if isinstance(asked, dict) else {}
