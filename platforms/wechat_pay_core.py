"""wechatpayv3 with its doors closed: one session, strict checks before its own, nothing downloaded."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
import wechatpayv3
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType, WeChatPayType
from wechatpayv3.utils import rsa_sign

from platforms import strict_json
from platforms.clock import Clock
from platforms.rsa_keys import private_pem, public_pem
from platforms.transport import TimeOut, open_session

_WINDOW_S: Final = 300  # as WeChat's own Go library; each retry of a callback is signed anew
_ALGORITHM: Final = "WECHATPAY2-SHA256-RSA2048"
_APIV3_KEY_BYTES: Final = 32
_NONCE = re.compile(r"[!-~]{8,128}")
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9A-Za-z+/]{40,1024}={0,2}")


@dataclass(frozen=True)
class WeChatPayConfig:
    """The merchant (商户), public-key mode. Keys as PEM text; `serial` is of the merchant's certificate."""

    base_url: str
    mchid: str
    appid: str
    serial: str
    private_key_pem: str
    apiv3_key: str
    public_key_pem: str
    public_key_id: str
    timeout: TimeOut = (2, 8)


@dataclass(frozen=True)
class Answer:
    """One answer of WeChat Pay; `trusted` says that WeChat Pay's signature on it was checked and is good."""

    status: int
    body: dict[str, Any]
    trusted: bool


class UntrustedError(Exception):
    """The signature is missing, too old, by an unknown key, or wrong; the text says which."""


class _StrictCore(Core):  # type: ignore[misc]  # wechatpayv3 carries no types
    """The library's core over our transport."""

    def __init__(self, config: WeChatPayConfig, clock: Clock, **keys: str) -> None:
        super().__init__(
            mchid=config.mchid,
            cert_serial_no=config.serial,
            apiv3_key=config.apiv3_key,
            timeout=config.timeout,
            public_key_id=config.public_key_id,
            **keys,
        )
        self._gate_way = config.base_url.rstrip("/")
        self._clock = clock
        self._session = open_session(timeout=config.timeout)

    def _update_certificates(self) -> None:
        # The library would ask WeChat for certificates whenever a forger names an unknown serial.
        raise UntrustedError("unknown serial")

    def request(self, path: str, method: RequestType = RequestType.GET, data: Any = None, **_: Any) -> Answer:
        """Sign and send the very bytes that were signed; raises requests.RequestException, UntrustedError."""
        body = b"" if data is None else json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        answer = self._session.request(
            method.value,
            self._gate_way + path,
            data=body or None,
            headers={
                "Accept": "application/json",
                "Content-Type": "application/json",
                "User-Agent": "yima/1.0",
                "Wechatpay-Serial": self._public_key_id,
                "Authorization": self._authorization(method.value, path, body.decode()),
            },
        )
        return self._checked(answer)

    def _authorization(self, method: str, path: str, body: str) -> str:
        moment, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        signed = rsa_sign(self._private_key, f"{method}\n{path}\n{moment}\n{nonce}\n{body}\n")
        return (
            f'{_ALGORITHM} mchid="{self._mchid}",nonce_str="{nonce}",signature="{signed}",'
            f'timestamp="{moment}",serial_no="{self._cert_serial_no}"'
        )

    def _checked(self, answer: requests.Response) -> Answer:
        try:
            text = answer.content.decode()
        except UnicodeDecodeError:
            raise UntrustedError("not UTF-8") from None
        good = requests.codes.ok <= answer.status_code < requests.codes.multiple_choices
        # WeChat Pay signs refusals too once it has recognised the merchant; only a gateway's are unsigned.
        trusted = good or "Wechatpay-Signature" in answer.headers
        if trusted:
            self.check(answer.headers, text)
        try:
            body = strict_json.read_object(text) if text else {}
        except ValueError:
            if good:
                raise UntrustedError("not a JSON object") from None
            body = {}
        return Answer(answer.status_code, body, trusted)

    def check(self, headers: Mapping[str, str], body: str) -> None:
        """Check who signed these bytes, and when. Raises UntrustedError before the library sees a header."""
        given = {name.lower(): value for name, value in headers.items()}
        moment = given.get("wechatpay-timestamp", "")
        if given.get("wechatpay-serial") != self._public_key_id:
            raise UntrustedError("unknown serial")
        if given.get("wechatpay-signature-type") != _ALGORITHM:
            raise UntrustedError("unknown algorithm")
        if _SECONDS.fullmatch(moment) is None:
            raise UntrustedError("no timestamp")
        if abs(int(moment) - self._clock().timestamp()) > _WINDOW_S:
            raise UntrustedError("too old")
        if _NONCE.fullmatch(given.get("wechatpay-nonce", "")) is None:
            raise UntrustedError("no nonce")
        if _SIGNATURE.fullmatch(given.get("wechatpay-signature", "")) is None:
            raise UntrustedError("no signature")
        named = {name.title(): value for name, value in given.items() if name.startswith("wechatpay-")}
        if not self._verify_signature(named, body):
            raise UntrustedError("wrong signature")


class Library(wechatpayv3.WeChatPay):  # type: ignore[misc]  # as above
    """The library with the strict core. Raises ValueError for keys that cannot be used."""

    def __init__(self, config: WeChatPayConfig, clock: Clock) -> None:
        if len(config.apiv3_key.encode()) != _APIV3_KEY_BYTES:
            raise ValueError("the APIv3 key must be 32 letters and digits")
        if not config.public_key_id:
            raise ValueError("the id of WeChat Pay's public key is missing")
        keys = {
            "private_key": private_pem(config.private_key_pem),
            "public_key": public_pem(config.public_key_pem),
        }
        super().__init__(
            wechatpay_type=WeChatPayType.MINIPROG,
            mchid=config.mchid,
            cert_serial_no=config.serial,
            appid=config.appid,
            apiv3_key=config.apiv3_key,
            timeout=config.timeout,
            public_key_id=config.public_key_id,
            **keys,
        )
        self._core = _StrictCore(config, clock, **keys)

    def check(self, headers: Mapping[str, str], body: str) -> None:
        """Check the signature of a callback. Raises UntrustedError."""
        self._core.check(headers, body)
