"""Who uses the mini-program at Alipay: login, phone number, subscribed messages (授权、手机号、模板消息)."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from .alipay_book import shown
from .alipay_errors import Failure, turned_away
from .alipay_signing import encrypt, sign
from .message_templates import ALIPAY_TEMPLATES, FIELDS, KEY_OF, TITLES
from .world import Person, World

CODE_LIVES = timedelta(minutes=3)
TOKEN_LIVES_S = 1_296_000
REFRESH_LIVES_S = 2_592_000
LONGEST_DATA = 2048
LONGEST_PAGE = 128
RESULTS = {"accept": "subscribe", "reject": "cancel"}


class People:
    """Codes, tokens and messages of Alipay's users."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[str, tuple[Person, datetime]] = {}
        self._refreshing: dict[str, Person] = {}
        world.on_reset.append(self._forget)

    def mint_code(self, person: Person) -> str:
        """Give what my.getAuthCode gives."""
        code = secrets.token_hex(16)
        with self._world.lock:
            self._codes[code] = (person, self._world.clock.now() + CODE_LIVES)
        return code

    def token(self, params: dict[str, str]) -> dict[str, Any]:
        """Turn an auth code or a refresh token into a session; the code is burnt by the attempt."""
        grant = params.get("grant_type")
        if grant == "authorization_code":
            with self._world.lock:
                person, until = self._codes.pop(params.get("code", ""), (None, self._world.clock.now()))
            if person is None or until <= self._world.clock.now():
                raise turned_away("isv.code-invalid", "授权码code无效", unsigned=False)
        elif grant == "refresh_token":
            with self._world.lock:
                person = self._refreshing.pop(params.get("refresh_token", ""), None)
            if person is None:
                raise turned_away("isv.refresh-token-invalid", "刷新令牌refresh_token无效", unsigned=False)
        else:
            raise turned_away("isv.grant-type-invalid", "grant_type不正确", unsigned=False)
        refresh = f"authbseR{secrets.token_hex(16)}"
        with self._world.lock:
            self._refreshing[refresh] = person
        return {
            "access_token": f"authbseB{secrets.token_hex(16)}",
            "auth_start": shown(self._world.clock.now()),
            "expires_in": TOKEN_LIVES_S,
            "re_expires_in": REFRESH_LIVES_S,
            "refresh_token": refresh,
            "user_id": person.alipay_user_id,
            "open_id": person.alipay_open_id,
        }

    def send(self, biz: dict[str, Any]) -> dict[str, Any]:
        """Send one subscribed message, spending one consent. Raises Failure (its sub-codes: from memory)."""
        person = self._receiver(biz)
        template_id = str(biz.get("user_template_id", ""))
        key = KEY_OF.get(template_id)
        if key is None or template_id not in ALIPAY_TEMPLATES.values():
            raise Failure("40004", "USER_TEMPLATE_ILLEGAL", "用户模板非法")
        page = biz.get("page")
        if not isinstance(page, str) or not 0 < len(page) <= LONGEST_PAGE:
            raise Failure("40004", "PAGE_ILLEGAL", "page不合法")
        values = _values(biz.get("data"), set(FIELDS[key]))
        with self._world.lock:
            if person.credits.get(template_id, 0) < 1:
                raise Failure("40004", "USER_UNSUBSCRIBED", "用户未订阅该消息")
            person.credits[template_id] -= 1
        lines = [TITLES[key], *(f"{label}：{values[name]}" for name, label in FIELDS[key].items())]
        data = {"template_id": template_id, "template_key": key, **values}
        self._world.deliver(person, channel="alipay_template", text="\n".join(lines), data=data, page=page)
        return {}

    def serve(self, room: Blueprint) -> None:
        """Add what the user's phone does."""

        @room.post("/_sim/people/<person_id>/alipay/login")
        def login(person_id: str) -> Response:
            return jsonify(auth_code=self.mint_code(self._world.person(person_id)))

        @room.post("/_sim/people/<person_id>/alipay/phone")
        def phone(person_id: str) -> Response:
            person = self._world.person(person_id)
            return jsonify(
                self._refusal() if request.args.get("press") == "cancel" else self._envelope(person)
            )

        @room.post("/_sim/people/<person_id>/alipay/subscribe")
        def subscribe(person_id: str) -> Response:
            person = self._world.person(person_id)
            asked = request.get_json(force=True, silent=True)
            asked = asked if isinstance(asked, dict) else {}
            template_id, result = str(asked.get("template_id")), asked.get("result", "accept")
            if template_id not in ALIPAY_TEMPLATES.values() or result not in RESULTS:
                abort(400, f"template_id: an approved one; result: one of {', '.join(RESULTS)}")
            if result == "accept":
                with self._world.lock:
                    person.credits[template_id] = person.credits.get(template_id, 0) + 1
            return jsonify(behavior=RESULTS[result], entityIds=[template_id])

    def _receiver(self, biz: dict[str, Any]) -> Person:
        named = str(biz.get("to_open_id") or biz.get("to_user_id") or "")
        person = self._world.by_openid(named)
        if person is None or named not in {person.alipay_open_id, person.alipay_user_id}:
            raise Failure("40004", "USER_NOT_EXIST", "用户不存在")
        return person

    def _envelope(self, person: Person) -> dict[str, str]:
        """Write what my.getPhoneNumber gives: the signature covers the sealed text with its quotes."""
        plain = {"code": "10000", "msg": "Success", "mobile": person.phone}
        sealed = encrypt(self._world.keys.alipay_aes_key, json.dumps(plain).encode())
        signed = sign(self._world.keys.alipay_platform_key, f'"{sealed}"'.encode())
        return {
            "response": sealed,
            "sign": signed,
            "sign_type": "RSA2",
            "encrypt_type": "AES",
            "charset": "UTF-8",
        }

    def _refusal(self) -> dict[str, str]:
        plain = {
            "code": "40003",
            "msg": "Insufficient Conditions",
            "subCode": "isv.user-cancel",
            "subMsg": "用户取消授权",
        }
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        signed = sign(self._world.keys.alipay_platform_key, text.encode())
        return {"response": text, "sign": signed, "sign_type": "RSA2", "charset": "UTF-8"}

    def _forget(self) -> None:
        self._codes.clear()
        self._refreshing.clear()


def _values(data: object, names: set[str]) -> dict[str, str]:
    """Read the fields: a JSON text of name → {"value": …}, all of the template's and no others."""
    if not isinstance(data, str) or not 0 < len(data) <= LONGEST_DATA:
        raise Failure("40004", "DATA_ILLEGAL", "data不合法")
    try:
        read = json.loads(data)
        json.dumps(read, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict) or set(read) != names:
        raise Failure("40004", "DATA_ILLEGAL", "data与模板的关键词不一致")
    values = {name: each.get("value") if isinstance(each, dict) else None for name, each in read.items()}
    if not all(isinstance(value, str) and value.strip() for value in values.values()):
        raise Failure("40004", "DATA_ILLEGAL", "data中有空值")
    return {name: str(value) for name, value in values.items()}
