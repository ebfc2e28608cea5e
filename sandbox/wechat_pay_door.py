"""The door of WeChat Pay: who asks is proven, every answer is signed, planned faults happen here."""

import re
import secrets
import threading
from typing import Any

from flask import Blueprint, Response, g, request

from .wechat_pay_errors import Refusal, bad_field, system_error, too_often
from .wechat_pay_notices import compact
from .wechat_pay_signing import Authorization, is_signed, message, read_authorization, signed_headers
from .world import Fault, World

WINDOW_S = 300
MOST_NONCES = 200_000
SHOWN_OF_MESSAGE = 64
REFUSALS = ("refuse", "rate_limited", "system_error")
SPOILED = ("bad_signature", "wrong_serial", "missing_headers", "old_timestamp", "tampered_body")


class Door:
    """Checks requests to /v3 and signs what leaves."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._merchant = world.keys.merchant_key.public_key()
        self._lock = threading.Lock()
        self._nonces: dict[str, None] = {}
        world.on_reset.append(self._forget)

    def stand_at(self, room: Blueprint) -> None:
        """Guard every /v3 route of the blueprint; its /_sim routes are not the merchant's."""
        room.before_request(self._enter)
        room.after_request(self._leave)
        room.register_error_handler(Refusal, _refused)

    def _enter(self) -> None:
        if not request.path.startswith("/v3/"):
            return
        self._authenticate()
        fault = self._world.faults.take(request.endpoint or "", *REFUSALS)
        if fault is None:
            return
        if not fault.detail.get("after"):
            raise _planned(fault)
        g.afterwards = fault

    def _leave(self, answer: Response) -> Response:
        if not request.path.startswith("/v3/"):
            return answer
        fault = g.get("afterwards")
        if fault is not None:
            answer = _refused(_planned(fault))
        self._sign(answer)
        return answer

    def _authenticate(self) -> None:
        given = read_authorization(request.headers.get("Authorization", ""))
        keys = self._world.keys
        if given is None:
            raise _unproven("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
        if given.mchid != keys.mchid:
            raise _unproven("商户号不存在或与签名不符")
        if given.serial.upper() != keys.merchant_serial:
            raise _unproven("商户证书序列号有误。")
        if not self._world.clock.is_fresh(given.timestamp, WINDOW_S):
            raise _unproven("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
        self._check_signature(given)
        self._spend(given.nonce)
        accepted = request.headers.get("Accept", "")
        if "application/json" not in accepted and "*/*" not in accepted:
            raise bad_field("/Accept", "Http头Accept须包含application/json", location="header")
        if not request.headers.get("User-Agent"):
            raise bad_field("/User-Agent", "Http头缺少User-Agent", location="header")
        if request.method == "POST" and request.mimetype != "application/json":
            raise Refusal(415, "PARAM_ERROR", "Http头Content-Type须为application/json")

    def _check_signature(self, given: Authorization) -> None:
        url = _target()
        signed = message(request.method, url, str(given.timestamp), given.nonce, request.get_data())
        if is_signed(self._merchant, signed, given.signature):
            return
        shown = signed.decode(errors="replace")
        raise _unproven(
            "错误的签名，验签失败",
            sign_information={
                "method": request.method,
                "url": url,
                "truncated_sign_message": shown[:SHOWN_OF_MESSAGE],
                "sign_message_length": len(signed),
            },
        )

    def _spend(self, nonce: str) -> None:
        with self._lock:
            if nonce in self._nonces:
                raise _unproven("Http头Authorization中的nonce_str重复")
            self._nonces[nonce] = None
            if len(self._nonces) > MOST_NONCES:
                del self._nonces[next(iter(self._nonces))]

    def _sign(self, answer: Response) -> None:
        body, keys = answer.get_data(), self._world.keys
        moment = int(self._world.clock.wire().timestamp())
        fault = self._world.faults.take(request.endpoint or "", *SPOILED)
        spoiled = fault.kind if fault is not None else ""
        if spoiled == "old_timestamp":
            moment -= 2 * WINDOW_S
        headers = signed_headers(
            keys.wechat_pay_key, serial=keys.wechat_pay_public_key_id, body=body, moment=moment
        )
        if spoiled == "bad_signature":
            signature = headers["Wechatpay-Signature"]
            headers["Wechatpay-Signature"] = ("B" if signature[0] == "A" else "A") + signature[1:]
        if spoiled == "wrong_serial":
            headers["Wechatpay-Serial"] = secrets.token_hex(20).upper()
        if spoiled == "missing_headers":
            headers = {"Wechatpay-Timestamp": headers["Wechatpay-Timestamp"]}
        if spoiled == "tampered_body":
            answer.set_data(body.replace(b"{", b'{"tampered":1,', 1))
        answer.headers.update(headers)
        answer.headers["Request-ID"] = secrets.token_hex(16).upper()

    def _forget(self) -> None:
        with self._lock:
            self._nonces.clear()


def _target() -> str:
    """Give path and query exactly as they were sent, since those bytes are what was signed."""
    raw = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "")
    if raw:
        return re.sub(r"^https?://[^/]+", "", raw)
    query = request.query_string.decode()
    return f"{request.path}?{query}" if query else request.path


def _unproven(text: str, **more: Any) -> Refusal:
    detail = {"field": "signature", "issue": "sign not match", "location": "authorization", **more}
    return Refusal(401, "SIGN_ERROR", text, detail=detail)


def _planned(fault: Fault) -> Refusal:
    if fault.kind == "rate_limited":
        return too_often()
    if fault.kind == "system_error":
        return system_error()
    detail = fault.detail
    return Refusal(
        int(detail.get("status", 403)),
        str(detail.get("code", "RULE_LIMIT")),
        str(detail.get("message", "业务规则限制")),
    )


def _refused(error: Refusal) -> Response:
    g.verdict = f"refused: {error.code}"
    return Response(compact(error.as_json()), error.status, mimetype="application/json")
