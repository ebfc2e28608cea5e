"""Alipay's gateway: the SDK's requests, our transport, signer and verifier (开放平台网关)."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import requests
from alipay.aop.api.constant.ParamConstants import COMMON_PARAM_KEYS
from alipay.aop.api.util.SignatureUtils import get_sign_content

from platforms import strict_json
from platforms.alipay_facts import shanghai
from platforms.alipay_signing import ContentKey, Signer, Verifier
from platforms.clock import Clock
from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import TimeOut, failure, hide_secrets, open_session

_BLANK = re.compile(r"[ \t\r\n]*")
_OAUTH: Final = "alipay.system.oauth.token"
_NO_RIGHT: Final = "20001"  # the one code of its hundred that is a refusal

# It may have been done, or it was done before with other contents.
_UNCERTAIN: Final = frozenset({"20000", "10003", "ACQ.SYSTEM_ERROR", "ACQ.DISCORDANT_REPEAT_REQUEST"})
# Not done, and the same request may pass later: limits, an empty merchant account.
_NOT_YET: Final = frozenset({"40005", "ACQ.SELLER_BALANCE_NOT_ENOUGH", "ACQ.REFUND_CHARGE_ERROR"})
# Not done, because of our key, app id or clock; passes when the operator has mended it.
_OUR_CREDENTIALS: Final = frozenset({
    "isv.invalid-signature", "isv.missing-signature", "isv.invalid-signature-type",
    "isv.missing-signature-key", "isv.invalid-app-id", "isv.missing-app-id", "isv.invalid-timestamp",
    "isv.missing-timestamp", "aop.call-limited", "isv.app-call-limited",
})  # fmt: skip


@dataclass(frozen=True)
class AlipayConfig:
    """The app at Alipay. Keys as PEM or bare base64, PKCS#1 or PKCS#8; an empty `aes_key`: none set."""

    gateway_url: str
    app_id: str
    private_key_pem: str
    alipay_public_key_pem: str
    aes_key: str
    seller_id: str
    timeout: TimeOut = (2, 8)


@dataclass(frozen=True)
class _Signed:
    """One value of the answer, with its very text, over which the signature goes."""

    value: Any
    text: str


class Gateway:
    """Sends the SDK's request objects and gives the verified inner answer. Shared by threads."""

    def __init__(self, config: AlipayConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._signer = Signer(config.private_key_pem)
        self.verifier = Verifier(config.alipay_public_key_pem)
        self.content_key = ContentKey(config.aes_key) if config.aes_key else None
        self._session = open_session(timeout=config.timeout)

    def call(self, operation: str, request: Any) -> dict[str, Any]:
        """Send one SDK request. Raises Refused, Busy or Unknown."""
        query, form, method = self._signed(request)
        try:
            answer = self._session.post(
                self._config.gateway_url,
                params=query,
                data=urlencode(form).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
            )
        except requests.RequestException as error:
            raise failure(error, platform="alipay", operation=operation) from None
        if answer.status_code != requests.codes.ok:
            kind = Busy if answer.status_code == requests.codes.too_many_requests else Unknown
            raise kind("alipay", operation, platform_code=f"http_{answer.status_code}")
        return self._opened(operation, answer.content, method)

    def _signed(self, request: Any) -> tuple[dict[str, str], dict[str, str], str]:
        """Split into what goes into the address and what into the body; the signature goes over both."""
        params: dict[str, str] = request.get_params()
        params |= {
            "app_id": self._config.app_id,
            "charset": "utf-8",
            "format": "json",
            "sign_type": "RSA2",
            "timestamp": shanghai(self._clock()),  # the SDK takes the machine's local time
        }
        sign = self._signer.sign(get_sign_content(params).encode())
        query = {key: value for key, value in params.items() if key in COMMON_PARAM_KEYS} | {"sign": sign}
        form = {key: value for key, value in params.items() if key not in COMMON_PARAM_KEYS}
        return query, form, params["method"]

    def _opened(self, operation: str, content: bytes, method: str) -> dict[str, Any]:
        try:
            values = signed_values(content.decode())
            name, inner = _inner(values, method)
            trusted = self._trusted(values, inner)
            body = self._body(inner)
        except ValueError as error:
            raise Unknown("alipay", operation, platform_code="unreadable", detail=str(error)) from None
        code = body.get("code")
        # oauth.token answers success without a code; every other success says 10000, and nothing else is one.
        bare = method == _OAUTH and code is None and "sub_code" not in body
        if trusted and name != "error_response" and (bare or code == "10000"):
            return body
        raise _refusal(operation, body, trusted=trusted)

    def _trusted(self, values: dict[str, _Signed], inner: _Signed) -> bool:
        if "sign" not in values:
            return False
        if not self.verifier.verify(inner.text.encode(), str(values["sign"].value)):
            raise ValueError("the answer's signature is wrong")
        return True

    def _body(self, inner: _Signed) -> dict[str, Any]:
        if isinstance(inner.value, dict):
            return inner.value
        if not isinstance(inner.value, str) or self.content_key is None:
            raise ValueError("encrypted, and there is no key")
        return strict_json.read_object(self.content_key.decrypt(inner.value))


def signed_values(text: str) -> dict[str, _Signed]:
    """Take an answer apart at its first level, keeping each value's exact text. Raises ValueError.

    A JSON reader finds the ends, so braces and quotes inside texts cannot mislead it as they do a pattern.
    """
    decoder = json.JSONDecoder(object_pairs_hook=strict_json.each_key_once)
    values: dict[str, _Signed] = {}
    at = _skip(text, _past(text, _skip(text, 0), "{"))
    while True:
        try:
            key, at = decoder.raw_decode(text, at)
            at = _skip(text, _past(text, _skip(text, at), ":"))
            value, end = decoder.raw_decode(text, at)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if not isinstance(key, str) or key in values:
            raise ValueError("a key comes twice or is no text")
        values[key] = _Signed(value, text[at:end])
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
            continue
        if _skip(text, _past(text, at, "}")) != len(text):
            raise ValueError("something follows the answer")
        return values


def _inner(values: dict[str, _Signed], method: str) -> tuple[str, _Signed]:
    for name in (method.replace(".", "_") + "_response", "error_response"):
        if name in values:
            return name, values[name]
    raise ValueError("the answer is about something else")


def _refusal(operation: str, body: dict[str, Any], *, trusted: bool) -> PlatformError:
    code, sub_code = str(body.get("code", "")), str(body.get("sub_code", ""))
    # The same word comes as ACQ.X, aop.ACQ.X or isv.X of one meaning.
    name = sub_code.removeprefix("aop.") if sub_code.startswith("aop.ACQ.") else sub_code
    detail = hide_secrets(str(body.get("sub_msg") or body.get("msg") or ""))
    kind = _kind(code, name, trusted=trusted)
    return kind("alipay", operation, platform_code=name or code or "unsigned", detail=detail)


def _kind(code: str, name: str, *, trusted: bool) -> type[PlatformError]:
    if name in _OUR_CREDENTIALS:
        return Busy
    # Alipay cannot sign for an app it does not recognise; such a refusal at the gate (isv.) did nothing. What
    # the trade system behind the gate says (ACQ.) is believed with a signature only.
    if not trusted and not (name.startswith("isv.") and code.startswith("4")):
        return Unknown
    if {code, name} & _UNCERTAIN or name.startswith(("isp.", "aop.unknow")):
        return Unknown
    if {code, name} & _NOT_YET:
        return Busy
    return Refused if code.startswith("4") or code == _NO_RIGHT else Unknown


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _past(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise ValueError(f"{mark} is missing")
    return at + 1
