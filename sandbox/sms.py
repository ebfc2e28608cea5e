"""A short-message gateway that keeps what it is given (短信).

POST /sms/messages {phone, template, params, idempotency_key} with `X-Sms-Timestamp` (Unix seconds) and
`X-Sms-Signature`, the hex HMAC-SHA256 of timestamp, line feed and body under the key. The same
idempotency key gives the same message_id and one message.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from . import breakage
from .message_templates import TITLES
from .world import World

PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
FRESH_FOR = 300.0
A_MINUTE_PER_PHONE = 30
LONGEST_VALUE = 100
LONGEST_KEY = 128
TEXTS = {"login_code": "验证码 {code}，5 分钟内有效。请勿告诉他人。"}
REFUSALS = {
    "bad_body": 400,
    "bad_phone": 400,
    "bad_template": 400,
    "bad_params": 400,
    "bad_idempotency_key": 400,
    "idempotency_key_reused": 400,
    "bad_signature": 401,
    "stale_timestamp": 401,
    "too_many": 429,
}


class Refusal(Exception):
    """The gateway says no; the code is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sent:
    """A message that was taken: its id and the content it was taken with."""

    message_id: str
    content: str


class Gateway:
    """Takes messages and puts them on phones."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._sent: dict[str, Sent] = {}
        self._recent: dict[str, deque[datetime]] = {}
        world.on_reset.append(self._forget)

    def take(self, asked: dict[str, Any]) -> str:
        """Take a message and return its id; raises Refusal."""
        phone, template, params, key = _read(asked)
        content = json.dumps([phone, template, params], sort_keys=True)
        with self._lock:
            before = self._sent.get(key)
            if before is not None:
                if before.content != content:
                    raise Refusal("idempotency_key_reused")
                return before.message_id
            self._count(phone)
            sent = self._sent[key] = Sent(f"sms-{secrets.token_hex(12)}", content)
        with self._world.lock:
            people = [person for person in self._world.people.values() if person.phone == phone]
        data = {"template": template, "params": params, "message_id": sent.message_id, "phone": phone}
        for person in people:
            self._world.deliver(person, channel="sms", text=_words(template, params), data=data)
        return sent.message_id

    def _count(self, phone: str) -> None:
        now = self._world.clock.now()
        recent = self._recent.setdefault(phone, deque(maxlen=A_MINUTE_PER_PHONE))
        if len(recent) == A_MINUTE_PER_PHONE and now - recent[0] < timedelta(minutes=1):
            raise Refusal("too_many")
        recent.append(now)

    def _forget(self) -> None:
        with self._lock:
            self._sent.clear()
            self._recent.clear()


def blueprint(world: World) -> Blueprint:
    """Serve the gateway."""
    door = Blueprint("sms", __name__)
    gateway = Gateway(world)

    @door.post("/sms/messages")
    def send() -> tuple[Response, int]:
        try:
            _check_signature(world)
            _misbehave(world)
            return jsonify(message_id=gateway.take(_body())), 200
        except Refusal as refusal:
            g.verdict = refusal.code
            return jsonify(code=refusal.code), REFUSALS[refusal.code]

    return door


def _misbehave(world: World) -> None:
    fault = breakage.take(world, request.endpoint or "", *REFUSALS)
    if fault is not None:
        raise Refusal(fault.kind)


def _check_signature(world: World) -> None:
    timestamp = request.headers.get("X-Sms-Timestamp", "")
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII):
        raise Refusal("bad_signature")
    signed = timestamp.encode() + b"\n" + request.get_data()
    wanted = hmac.new(world.keys.sms_key.encode(), signed, hashlib.sha256).hexdigest()
    given = request.headers.get("X-Sms-Signature", "")
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise Refusal("bad_signature")
    if not world.clock.is_fresh(float(timestamp), FRESH_FOR):
        raise Refusal("stale_timestamp")


def _body() -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        raise Refusal("bad_body")
    return asked


def _read(asked: dict[str, Any]) -> tuple[str, str, dict[str, str], str]:
    phone, template = asked.get("phone"), asked.get("template")
    params, key = asked.get("params"), asked.get("idempotency_key")
    number = PHONE.fullmatch(phone) if isinstance(phone, str) else None
    if number is None:
        raise Refusal("bad_phone")
    if not isinstance(template, str) or not template or len(template) > LONGEST_VALUE:
        raise Refusal("bad_template")
    if not isinstance(params, dict) or not all(_is_short(each) for each in params.values()):
        raise Refusal("bad_params")
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
        raise Refusal("bad_idempotency_key")
    return number[1], template, params, key


def _words(template: str, params: dict[str, str]) -> str:
    """Write what the person reads; a template this gateway has no words for is shown field by field."""
    words = TEXTS.get(template)
    if words is None:
        return f"【一码办】{TITLES.get(template, template)}" + "".join(
            f"\n{name}：{value}" for name, value in params.items()
        )
    for name, value in params.items():
        words = words.replace(f"{{{name}}}", value)
    return f"【一码办】{words}"


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_VALUE
