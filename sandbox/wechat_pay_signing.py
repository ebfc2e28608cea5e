"""How WeChat Pay v3 signs and seals, from the platform's side (签名、加密)."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEME = "WECHATPAY2-SHA256-RSA2048"
GCM_NONCE = 12
PAIR = re.compile(r'(\w+)="([^"]*)"')
PARTS = frozenset({"mchid", "nonce_str", "signature", "timestamp", "serial_no"})


@dataclass(frozen=True)
class Authorization:
    """What a merchant writes into the Authorization header; the five parts may come in any order."""

    mchid: str
    nonce: str
    signature: str
    timestamp: int
    serial: str


def read_authorization(header: str) -> Authorization | None:
    """Take the header apart, or None when it is not of the prescribed form."""
    scheme, _, rest = header.strip().partition(" ")
    pairs = PAIR.findall(rest)
    given = dict(pairs)
    if scheme != SCHEME or len(pairs) != len(PARTS) or set(given) != PARTS:
        return None
    if re.fullmatch(r"[0-9]{1,11}", given["timestamp"]) is None or not given["nonce_str"]:
        return None
    return Authorization(
        mchid=given["mchid"],
        nonce=given["nonce_str"],
        signature=given["signature"],
        timestamp=int(given["timestamp"]),
        serial=given["serial_no"],
    )


def message(*lines: str | bytes) -> bytes:
    """Join the lines that are signed; each, also the last and also an empty one, ends in a newline."""
    return b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)


def sign(key: rsa.RSAPrivateKey, signed: bytes) -> str:
    """Sign with RSA-SHA256 (PKCS#1 v1.5); base64."""
    return base64.b64encode(key.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: rsa.RSAPublicKey, signed: bytes, signature: str) -> bool:
    """Whether the base64 signature over these bytes is by this key."""
    try:
        key.verify(base64.b64decode(signature, validate=True), signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def signed_headers(key: rsa.RSAPrivateKey, *, serial: str, body: bytes, moment: int) -> dict[str, str]:
    """Give the headers that stand on every answer and callback; `moment` in Unix seconds."""
    nonce = secrets.token_hex(16)
    return {
        "Wechatpay-Timestamp": str(moment),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature": sign(key, message(str(moment), nonce, body)),
        "Wechatpay-Signature-Type": SCHEME,
    }


def seal(apiv3_key: str, plain: bytes, *, kind: str, bound: str) -> dict[str, Any]:
    """Encrypt a callback's resource with AES-256-GCM; `bound` is the associated data sealed with it."""
    nonce = secrets.token_hex(GCM_NONCE // 2)
    ciphertext = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), plain, bound.encode())
    return {
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(ciphertext).decode(),
        "associated_data": kind,
        "nonce": nonce,
    }
