"""Text messages through the city's own message gateway (短信网关)."""

import hashlib
import hmac
import json
import re
import secrets
from typing import Final

import requests

from platforms import strict_json
from platforms.clean_text import clean, one_line
from platforms.clock import Clock, utc_now
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import TimeOut, failure, hide_secrets, open_session

_PHONE = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
_BUSY: Final = frozenset({requests.codes.unauthorized, requests.codes.too_many_requests})


class Sms:
    """Sends text messages. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, url: str, key: str, timeout: TimeOut = (2, 5), *, clock: Clock = utc_now) -> None:
        self._url = f"{url.rstrip('/')}/messages"
        self._key = key.encode()
        self._clock = clock
        self._session = open_session(timeout=timeout)

    def send(
        self, *, phone: str, template: str, params: dict[str, str], idempotency_key: str | None = None
    ) -> str:
        """Send one message and give its number at the gateway.

        The same `idempotency_key` sends one message however often it is used; without one, each call is a
        message of its own. A call whose answer was lost is repeated once here with the same key.
        """
        if _PHONE.fullmatch(phone) is None:
            raise Refused("sms", "send", platform_code="invalid_phone", detail="not sent")
        wanted = {
            "phone": phone,
            "template": clean(template),
            "params": {clean(key): one_line(value, longest=100) for key, value in params.items()},
            "idempotency_key": clean(idempotency_key or "") or secrets.token_hex(16),
        }
        body = json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            return self._post(body)
        except Unknown as lost:
            try:
                return self._post(body)
            except Busy:
                raise lost from None  # the second was not taken; the first may have been

    def _post(self, body: bytes) -> str:
        moment = str(int(self._clock().timestamp()))
        signature = hmac.new(self._key, moment.encode() + b"\n" + body, hashlib.sha256).hexdigest()
        try:
            answer = self._session.post(
                self._url,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    "Authorization": "HMAC-SHA256",
                    "X-Sms-Timestamp": moment,
                    "X-Sms-Signature": signature,
                },
            )
        except requests.RequestException as error:
            raise failure(error, platform="sms", operation="send") from None
        return _message_id(answer)


def _message_id(answer: requests.Response) -> str:
    try:
        read = strict_json.read_object(answer.content)
        if answer.status_code == requests.codes.ok:
            return strict_json.text_of(read, "message_id")
    except ValueError as error:
        read = {"code": "unreadable", "message": str(error)}
    raise _refusal(answer.status_code, str(read.get("code", "")), str(read.get("message", "")))


def _refusal(status: int, code: str, message: str) -> PlatformError:
    kind: type[PlatformError] = Refused if status == requests.codes.bad_request else Unknown
    kind = Busy if status in _BUSY else kind
    return kind("sms", "send", platform_code=code or f"http_{status}", detail=hide_secrets(message))
