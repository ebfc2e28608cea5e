"""How Alipay signs and encrypts, from the gateway's side (签名、内容加密)."""

import base64
import binascii
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AES_BLOCK = 16
HASHES: dict[str, hashes.HashAlgorithm] = {"RSA2": hashes.SHA256(), "RSA": hashes.SHA1()}  # noqa: S303 see is_signed


def content(params: Mapping[str, str], *, without: frozenset[str] = frozenset({"sign"})) -> str:
    """Join what is signed: sorted by name, k=v with &, empty names and values left out.

    A request and a gateway push leave out only `sign`; a trade notify leaves out `sign_type` too.
    """
    kept = sorted((name, value) for name, value in params.items() if name and value and name not in without)
    return "&".join(f"{name}={value}" for name, value in kept)


def sign(key: rsa.RSAPrivateKey, signed: bytes, *, sign_type: str = "RSA2") -> str:
    """Sign with RSA2 (SHA-256) or, as very old apps had it, RSA (SHA-1); base64."""
    return base64.b64encode(key.sign(signed, padding.PKCS1v15(), HASHES[sign_type])).decode()


def is_signed(key: rsa.RSAPublicKey, signed: bytes, signature: str, *, sign_type: str = "RSA2") -> bool:
    """Whether the base64 signature over these bytes is by this key; SHA-1 only where RSA is asked for."""
    try:
        key.verify(base64.b64decode(signature, validate=True), signed, padding.PKCS1v15(), HASHES[sign_type])
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def encrypt(key: str, plain: bytes) -> str:
    """Encrypt content with the app's AES key (base64): CBC, an IV of zeros, PKCS#7; base64."""
    padder = block_padding.PKCS7(AES_BLOCK * 8).padder()
    sealer = _cipher(key).encryptor()
    return base64.b64encode(
        sealer.update(padder.update(plain) + padder.finalize()) + sealer.finalize()
    ).decode()


def decrypt(key: str, sealed: str) -> bytes:
    """Undo `encrypt`. Raises ValueError when it cannot have been made with this key."""
    opener = _cipher(key).decryptor()
    unpadder = block_padding.PKCS7(AES_BLOCK * 8).unpadder()
    try:
        plain = opener.update(base64.b64decode(sealed, validate=True)) + opener.finalize()
    except binascii.Error:
        raise ValueError("not base64") from None
    return unpadder.update(plain) + unpadder.finalize()


def _cipher(key: str) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(base64.b64decode(key)), modes.CBC(bytes(AES_BLOCK)))
