"""RSA keys as people paste them: PEM or bare base64, PKCS#1 or PKCS#8, any line ends. Parsed once."""

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

_SMALLEST_BITS = 2048  # what both platforms ask for


def private_key(text: str) -> RSAPrivateKey:
    """Read a private key. Raises ValueError that never repeats the key."""
    try:
        key = serialization.load_der_private_key(_der(text), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError(
            "the private key cannot be read; PKCS#1 or PKCS#8, PEM or base64, is needed"
        ) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _SMALLEST_BITS:
        raise ValueError(f"the private key must be RSA with at least {_SMALLEST_BITS} bits")
    return key


def public_key(text: str) -> RSAPublicKey:
    """Read a public key. Raises ValueError."""
    try:
        key = serialization.load_der_public_key(_der(text))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("the public key cannot be read; PEM or base64 of a public key is needed") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_BITS:
        raise ValueError(f"the public key must be RSA with at least {_SMALLEST_BITS} bits")
    return key


def private_pem(text: str) -> str:
    """Rewrite a private key as PKCS#8 PEM with plain line feeds, the only form wechatpayv3 reads."""
    form = serialization.PrivateFormat.PKCS8
    return (
        private_key(text)
        .private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        .decode("ascii")
    )


def public_pem(text: str) -> str:
    """Rewrite a public key as PEM with plain line feeds."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public_key(text).public_bytes(serialization.Encoding.PEM, form).decode("ascii")


def _der(text: str) -> bytes:
    lines = (line.strip() for line in text.strip().splitlines())
    inner = "".join(line for line in lines if not line.startswith("-----"))
    return base64.b64decode(inner, validate=True)
