"""The door at which WeChat hands in messages of followers and takes our reply (消息推送、被动回复)."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NoReturn

from platforms.clean_text import within_bytes
from platforms.clock import Clock, utc_now
from platforms.errors import BadSignature, Malformed
from platforms.push_crypto import Envelope, same, signature
from platforms.push_reading import Fields, read_fields

LARGEST_BODY: Final = 64 * 1024
_WINDOW: Final = timedelta(minutes=10)
_LONGEST_REPLY: Final = 2048  # bytes of text
_ID = re.compile(r"[\w@.-]{1,64}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)
_NONCE = re.compile(r"[!-~]{1,64}")
_ECHO = re.compile(r"[\w+/=-]{1,256}", re.ASCII)

Kind = Literal["text", "event", "image", "other"]


@dataclass(frozen=True)
class Inbound:
    """One message or event of a follower.

    `message_id` is the same for WeChat's three deliveries: keep it, and answer a second one without acting.
    `text` is empty unless kind is text; `event` (lower case) unless kind is event; `raw` holds all fields.
    """

    message_id: str
    from_openid: str
    to: str
    kind: Kind
    text: str
    event: str
    created_at: datetime
    raw: Fields
    encrypted: bool = False


class PushDoor:
    """Lets in what WeChat has signed within ten minutes, and nothing else. Shared by threads.

    Without a token the door stays shut: an empty token would make every signature valid. With an AES key
    only encrypted messages enter, since the signature of a plain one does not cover its body; `plain=True`
    admits both (compatible mode). `previous_aes_key` opens what was sealed just before the key was changed.
    A repeated delivery, genuine or replayed, has the `message_id` of the first.
    Raises ValueError for an AES key of the wrong shape.
    """

    def __init__(
        self,
        token: str,
        aes_key: str,
        appid: str,
        *,
        previous_aes_key: str = "",
        plain: bool | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._token = token
        self._appid = appid
        self._envelopes = [Envelope(key, appid) for key in (aes_key, previous_aes_key) if key]
        self._plain = not self._envelopes if plain is None else plain
        self._clock = clock

    def greet(self, query: Mapping[str, str]) -> str:
        """Answer the verification of the address: what to send back, as text/plain. Raises BadSignature."""
        echo = _asked(query, "echostr", _ECHO)
        if "msg_signature" in query:
            self._check(query, "msg_signature", echo)
            return self._unseal(echo, "greet").decode(errors="replace")
        self._check(query, "signature")
        return echo

    def open(self, query: Mapping[str, str], body: bytes) -> Inbound:
        """Check, decrypt and read one delivery. Raises BadSignature or Malformed, nothing else."""
        if len(body) > LARGEST_BODY:
            raise Malformed("wechat", "push", platform_code="too_large")
        encrypted = query.get("encrypt_type") == "aes" or "msg_signature" in query
        if not encrypted:
            if not self._plain:
                _not_genuine("plain")
            self._check(query, "signature")
            return _inbound(_fields(body), encrypted=False)
        # The signature covers one field of the envelope, so the envelope is read before it; with limits.
        sealed = _fields(body).get("Encrypt")
        if not isinstance(sealed, str) or not sealed.isascii():
            raise Malformed("wechat", "push", platform_code="no_encrypt")
        self._check(query, "msg_signature", sealed)
        return _inbound(_fields(self._unseal(sealed, "push")), encrypted=True)

    def seal(self, inbound: Inbound, text: str) -> str:
        """Write the reply in the mode of the message. An empty text becomes `success`: no reply, no retry."""
        words = within_bytes(text, _LONGEST_REPLY)
        if not words.strip():
            return "success"
        now = str(int(self._clock().timestamp()))
        reply = (
            f"<xml><ToUserName>{_cdata(inbound.from_openid)}</ToUserName>"
            f"<FromUserName>{_cdata(inbound.to)}</FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content>{_cdata(words)}</Content></xml>"
        )
        if not inbound.encrypted:
            return reply
        return self._sealed(reply, timestamp=now, nonce=secrets.token_hex(8))

    def _sealed(self, reply: str, *, timestamp: str, nonce: str) -> str:
        sealed = self._envelopes[0].seal(reply.encode())
        signed = signature(self._token, timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signed}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _check(self, query: Mapping[str, str], name: str, *signed: str) -> None:
        timestamp = _asked(query, "timestamp", _SECONDS)
        nonce = _asked(query, "nonce", _NONCE)
        given = query.get(name)
        if not self._token:
            _not_genuine("no_token")
        if not isinstance(given, str) or not same(given, signature(self._token, timestamp, nonce, *signed)):
            _not_genuine("signature")
        if abs(int(timestamp) - self._clock().timestamp()) > _WINDOW.total_seconds():
            _not_genuine("too_old")

    def _unseal(self, sealed: str, operation: str) -> bytes:
        for envelope in self._envelopes:
            try:
                return envelope.open(sealed)
            except ValueError:
                continue
        raise Malformed("wechat", operation, platform_code="cannot_decrypt")


def _asked(query: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    value = query.get(name)
    if not isinstance(value, str) or shape.fullmatch(value) is None:
        _not_genuine(f"no_{name}")
    return value


def _fields(body: bytes) -> Fields:
    try:
        return read_fields(body)
    except ValueError as error:
        raise Malformed("wechat", "push", platform_code="unreadable", detail=str(error)) from None


def _inbound(fields: Fields, *, encrypted: bool) -> Inbound:
    kind = _text(fields, "MsgType", _ID).lower()
    sender, created = _text(fields, "FromUserName", _ID), _text(fields, "CreateTime", _SECONDS)
    event = _text(fields, "Event", _ID).lower() if kind == "event" else ""
    # An event has no number of its own; WeChat says to tell it by sender and second. The kind is added.
    message_id = f"{sender}:{created}:{event}" if event else _text(fields, "MsgId", _DIGITS)
    content = fields.get("Content") if kind == "text" else ""
    if not isinstance(content, str):
        raise Malformed("wechat", "push", platform_code="no_content")
    return Inbound(
        message_id=message_id,
        from_openid=sender,
        to=_text(fields, "ToUserName", _ID),
        kind=_KINDS.get(kind, "other"),
        text=content,
        event=event,
        created_at=datetime.fromtimestamp(int(created), UTC),
        raw=fields,
        encrypted=encrypted,
    )


_KINDS: Final[dict[str, Kind]] = {"text": "text", "event": "event", "image": "image"}


def _text(fields: Mapping[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or shape.fullmatch(value.strip()) is None:
        raise Malformed("wechat", "push", platform_code="bad_field", detail=name)
    return value.strip()


def _cdata(text: str) -> str:
    # The end mark inside a citizen's words is split over two sections; wechatpy lets it end the section.
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _not_genuine(code: str) -> NoReturn:
    raise BadSignature("wechat", "push", platform_code=code)
