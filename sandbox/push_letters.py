"""Writes what WeChat posts to the program: signed query and XML body, in each mode, true or forged."""

import re
import secrets

from .push_crypto import Envelope, signature
from .world import Fault, World

ACCOUNT = "gh_sandbox00001"
MODES = ("plain", "compatible", "safe")
FORGERIES = ("tampered_signature", "old_timestamp", "wrong_appid", "bad_padding", "oversize", "doctype")
NUMBERS = {"CreateTime", "MsgId"}
NOT_FOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Letters:
    """Packs messages for one account."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.envelope = Envelope(world.keys.oa_aes_key, world.keys.oa_appid)

    def pack(
        self, message: dict[str, str], *, mode: str, forgery: Fault | None
    ) -> tuple[dict[str, str], bytes]:
        """Write query and body. A forgery is right in everything but the one point it names."""
        kind = forgery.kind if forgery else ""
        plain = xml({**message, "Content": "长" * 400_000} if kind == "oversize" else message)
        if kind == "doctype":
            plain = '<!DOCTYPE xml [<!ENTITY a "a">]>' + plain
        sealed = None if mode == "plain" else self._seal(plain, kind)
        late = float(forgery.detail.get("seconds", 3600)) if forgery and kind == "old_timestamp" else 0.0
        query = self.query(sealed, seconds_ago=late)
        if kind == "tampered_signature":
            query = {name: _altered(text) if "signature" in name else text for name, text in query.items()}
        if sealed is None:
            return query, plain.encode()
        outer = {"ToUserName": ACCOUNT} if mode == "safe" else message
        return query, xml({**outer, "Encrypt": sealed}).encode()

    def query(self, sealed: str | None, *, seconds_ago: float = 0) -> dict[str, str]:
        """Sign a fresh query; with a sealed message also its msg_signature."""
        token = self._world.keys.oa_token
        timestamp = str(int(self._world.clock.wire().timestamp() - seconds_ago))
        nonce = str(secrets.randbelow(10**10))
        query = {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        if sealed is not None:
            query |= {"encrypt_type": "aes", "msg_signature": signature(token, timestamp, nonce, sealed)}
        return query

    def _seal(self, plain: str, kind: str) -> str:
        if kind == "wrong_appid":
            return self.envelope.seal(plain, appid="wxsandboxother0001")
        if kind == "bad_padding":
            return self.envelope.encrypt(b"\x00" * 64)
        return self.envelope.seal(plain)


def clean(text: str) -> str:
    """Drop what XML cannot carry (control characters, halves of surrogate pairs)."""
    return NOT_FOR_XML.sub("", text)


def xml(fields: dict[str, str]) -> str:
    """Write flat XML; text goes into CDATA, in which `]]>` is split so that nobody can break out."""
    parts = []
    for name, text in fields.items():
        safe = text if name in NUMBERS else f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
        parts.append(f"<{name}>{safe}</{name}>")
    return f"<xml>{''.join(parts)}</xml>"


def _altered(text: str) -> str:
    return ("0" if text[0] != "0" else "1") + text[1:]
