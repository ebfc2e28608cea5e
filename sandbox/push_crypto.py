"""The envelope of WeChat's message push (消息加解密): AES-256-CBC with the key's own head as IV.

Plain text inside: 16 random bytes, length (4 bytes, big endian), message, appid; padded to 32 (PKCS7).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEAD = 16


class BadEnvelope(Exception):
    """An envelope that cannot be opened; the reason is the message."""


def signature(*parts: str) -> str:
    """Sign: SHA-1 over the sorted parts (token, timestamp, nonce and, for msg_signature, the cipher)."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two signatures without telling by the time taken where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


class Envelope:
    """Seals and opens messages of one account."""

    def __init__(self, aes_key: str, appid: str) -> None:
        self._key = base64.b64decode(aes_key + "=")
        self._appid = appid.encode()

    def seal(self, message: str, *, head: bytes | None = None, appid: str | None = None) -> str:
        """Encrypt a message to base64; `head` (16 bytes) and `appid` are set only to be wrong or known."""
        content = message.encode()
        tail = self._appid if appid is None else appid.encode()
        plain = (head or secrets.token_bytes(HEAD)) + struct.pack(">I", len(content)) + content + tail
        missing = BLOCK - len(plain) % BLOCK
        return self.encrypt(plain + bytes([missing]) * missing)

    def encrypt(self, padded: bytes) -> str:
        """Encrypt bytes that have been padded already."""
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt a message; raises BadEnvelope and says what is wrong with it."""
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadEnvelope("not base64") from error
        if not raw or len(raw) % 16:
            raise BadEnvelope("not a whole number of AES blocks")
        decryptor = self._cipher().decryptor()
        plain = _unpad(decryptor.update(raw) + decryptor.finalize())
        if len(plain) < HEAD + 4:
            raise BadEnvelope("too short")
        (length,) = struct.unpack(">I", plain[HEAD : HEAD + 4])
        content = plain[HEAD + 4 : HEAD + 4 + length]
        if len(content) != length or plain[HEAD + 4 + length :] != self._appid:
            raise BadEnvelope("wrong length or appid")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise BadEnvelope("not UTF-8") from error

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:HEAD]))


def _unpad(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= BLOCK or padded[-count:] != bytes([count]) * count:
        raise BadEnvelope("bad padding")
    return padded[:-count]
