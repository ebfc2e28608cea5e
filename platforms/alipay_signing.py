"""Alipay's RSA2 signatures and AES, with keys parsed once (支付宝签名、验签、内容解密).

The SDK signs in pure Python and parses the key at every call, reads PKCS#1 only, accepts SHA-1 where RSA2 is
agreed, and its AES cannot run on Python 3. The signatures here are byte for byte the SDK's.
"""

import base64
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256

from platforms.rsa_keys import private_key, public_key

_AES_KEY_BYTES: Final = frozenset({16, 24, 32})


class Signer:
    """Signs as our app (应用私钥). PKCS#1 or PKCS#8, PEM or bare base64; ValueError for anything else."""

    def __init__(self, key: str) -> None:
        self._key = private_key(key)

    def sign(self, content: bytes) -> str:
        """Sign with SHA-256 (RSA2), as base64."""
        return base64.b64encode(self._key.sign(content, PKCS1v15(), SHA256())).decode("ascii")


class Verifier:
    """Checks what Alipay has signed (支付宝公钥), SHA-256 only. Raises ValueError for an unusable key."""

    def __init__(self, key: str) -> None:
        self._key = public_key(key)

    def verify(self, content: bytes, signature: str) -> bool:
        """Tell whether Alipay signed these very bytes; a signature that is no base64 is just wrong."""
        try:
            self._key.verify(base64.b64decode(signature, validate=True), content, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


class ContentKey:
    """Opens encrypted content (AES-128-CBC, zero IV; 接口内容加密). Raises ValueError for a bad key."""

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key, validate=True)
        except ValueError:
            raw = b""
        if len(raw) not in _AES_KEY_BYTES:
            raise ValueError("the AES key must be base64 of 16, 24 or 32 bytes")
        # The zero IV is Alipay's rule; the content's integrity comes from the RSA signature around it.
        self._cipher = Cipher(algorithms.AES(raw), modes.CBC(bytes(16)))

    def decrypt(self, sealed: str) -> bytes:
        """Decrypt base64. Raises ValueError whatever is wrong with it."""
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        unpadder = block_padding.PKCS7(128).unpadder()
        return unpadder.update(plain) + unpadder.finalize()

    def encrypt(self, content: bytes) -> str:
        """Encrypt, as base64."""
        padder = block_padding.PKCS7(128).padder()
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
        return base64.b64encode(sealed).decode("ascii")


def signed_content(fields: Mapping[bytes, bytes], *, without: frozenset[bytes]) -> bytes:
    """Join `k=v` by & in the order of the keys; empty values and the named keys are left out.

    A payment notify leaves out sign and sign_type (rsaCheckV1); a gateway message only sign (rsaCheckV2).
    """
    return b"&".join(
        key + b"=" + value for key, value in sorted(fields.items()) if value and key not in without
    )
