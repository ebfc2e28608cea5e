"""Alipay's asynchronous notify read from its raw body (异步通知): any charset, each key once."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from platforms.alipay_signing import Verifier, signed_content

_MOST_FIELDS: Final = 200
_UNSIGNED: Final = frozenset({b"sign", b"sign_type"})  # rsaCheckV1
_CHARSETS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
}
_CHARSET = re.compile(r"charset=\"?([\w-]{1,20})", re.ASCII)


class NotAlipayError(Exception):
    """The signature is missing, wrong, or not RSA2."""


@dataclass(frozen=True)
class Form:
    """A form as it came: names and values in the sender's bytes, over which the signature goes.

    Flask would decode them as UTF-8 and let the first of two equal names win.
    """

    fields: dict[bytes, bytes]

    def verified(self, verifier: Verifier, *, fallback_charset: str = "utf-8") -> dict[str, str]:
        """Give the fields as text once the signature holds. Raises NotAlipayError, then ValueError."""
        sign = self.fields.get(b"sign", b"")
        if self.fields.get(b"sign_type") != b"RSA2":
            raise NotAlipayError("not RSA2")  # RSA is SHA-1
        signed = signed_content(self.fields, without=_UNSIGNED)
        if not verifier.verify(signed, sign.decode("ascii", errors="replace")):
            raise NotAlipayError("wrong signature")
        named = (
            self.fields.get(b"charset", fallback_charset.encode()).decode("ascii", errors="replace").lower()
        )
        if named not in _CHARSETS:
            raise ValueError("an unknown charset")
        charset = _CHARSETS[named]
        return {key.decode(charset): value.decode(charset) for key, value in self.fields.items()}


def read_form(body: bytes) -> Form:
    """Take the form apart. Raises ValueError when a name comes twice, is missing, or there are too many."""
    pairs = body.split(b"&")
    if len(pairs) > _MOST_FIELDS:
        raise ValueError("too many fields")
    fields: dict[bytes, bytes] = {}
    for pair in pairs:
        name, equals, value = pair.partition(b"=")
        key = unquote_to_bytes(name.replace(b"+", b" "))
        if not equals or not key or key in fields:
            raise ValueError("a name is missing or comes twice")
        fields[key] = unquote_to_bytes(value.replace(b"+", b" "))
    return Form(fields)


def charset_of(content_type: str) -> str:
    """Find the charset in a Content-Type, however odd; UTF-8 when it names none."""
    found = _CHARSET.search(content_type.lower())
    return found.group(1) if found else "utf-8"
