"""WeChat's error codes and the shape of its answers."""

import json
import secrets
from typing import Any

from flask import Response

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    50002: "user limited",
}
FAULT_KINDS = tuple(str(code) for code in MESSAGES)


class Refusal(Exception):
    """WeChat says no. `code` as in MESSAGES; `more` is added to the message."""

    def __init__(self, code: int, more: str = "") -> None:
        super().__init__(code, more)
        self.code = code
        self.more = more

    def answer(self) -> Response:
        """Write it as WeChat does: HTTP 200, and a request id that makes every message different."""
        rid = "-".join(secrets.token_hex(4) for _ in range(3))
        text = f"{MESSAGES.get(self.code, 'error')} {self.more}".strip()
        return answer({"errcode": self.code, "errmsg": f"{text} rid: {rid}"})


def answer(content: dict[str, Any], mimetype: str = "application/json; encoding=utf-8") -> Response:
    """Write a JSON answer with WeChat's unusual Content-Type."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(errors="replace"), headers={"Content-Type": mimetype})


def done(**more: Any) -> Response:
    """Say that it has been done."""
    return answer({"errcode": 0, "errmsg": "ok", **more})
