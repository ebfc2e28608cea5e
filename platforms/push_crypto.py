"""The envelope of pushed messages: signature and AES (消息加解密, 安全模式), strict on the way in."""

import base64
import hashlib
import hmac
import secrets
import struct
from typing import Final

from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

_BLOCK: Final = 16
_LONGEST_PADDING: Final = 32
_RANDOM: Final = 16
_HEAD: Final = _RANDOM + 4
_KEY_LETTERS: Final = 43
_KEY_BYTES: Final = 32


def signature(token: str, *parts: str) -> str:
    """Sign as the console says: SHA-1 over the sorted parts; the token is one of them."""
    joined = b"".join(sorted(part.encode() for part in (token, *parts)))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()  # WeChat's choice, not ours


def same(left: str, right: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(left.encode(errors="replace"), right.encode(errors="replace"))


class Envelope:
    """Opens and seals with one EncodingAESKey (43 letters). Raises ValueError for a key of another shape."""

    def __init__(self, aes_key: str, appid: str) -> None:
        try:
            key = base64.b64decode(aes_key + "=", validate=True)
        except ValueError:
            key = b""
        if len(aes_key) != _KEY_LETTERS or len(key) != _KEY_BYTES:
            raise ValueError("the EncodingAESKey must be 43 letters and digits")
        self._cipher = WeChatCipher(key)
        self._appid = appid.encode()

    def open(self, encrypted: str) -> bytes:
        """Decrypt and unpack. Raises ValueError whatever is wrong: base64, length, padding, another app's."""
        sealed = base64.b64decode(encrypted, validate=True)
        if len(sealed) < 2 * _BLOCK or len(sealed) % _BLOCK:
            raise ValueError("not whole blocks")
        plain: bytes = self._cipher.decrypt(sealed)
        padding = plain[-1]
        # wechatpy looks at the last byte only, and cuts nothing, or everything, when it is wrong.
        if not 1 <= padding <= _LONGEST_PADDING or plain[-padding:] != bytes([padding]) * padding:
            raise ValueError("bad padding")
        content = plain[:-padding]
        if len(content) < _HEAD:
            raise ValueError("too short")
        (length,) = struct.unpack(">I", content[_RANDOM:_HEAD])
        message, appid = content[_HEAD : _HEAD + length], content[_HEAD + length :]
        if len(message) != length or not hmac.compare_digest(appid, self._appid):
            raise ValueError("meant for another app")
        return message

    def seal(self, message: bytes, *, random: bytes | None = None) -> str:
        """Encrypt. `random` (16 bytes) is drawn from the system; wechatpy draws from a predictable source."""
        start = secrets.token_hex(_RANDOM // 2).encode() if random is None else random
        content = start + struct.pack(">I", len(message)) + message + self._appid
        sealed: bytes = self._cipher.encrypt(PKCS7Encoder.encode(content))
        return base64.b64encode(sealed).decode("ascii")
