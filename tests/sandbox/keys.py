"""Keys that the stand-in hands out, read once: to check that one holds takes longer than to sign with it."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@cache
def private_key(pem: bytes) -> RSAPrivateKey:
    """The RSA key of a PEM file."""
    key = load_pem_private_key(pem, None)
    assert isinstance(key, RSAPrivateKey)
    return key
