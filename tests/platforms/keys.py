"""Throw-away RSA keys, made once per test run, in the forms in which people paste them."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PKCS1, PKCS8 = serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8


@lru_cache
def key(name: str, bits: int = 2048) -> RSAPrivateKey:
    """The key of this name."""
    del name
    return generate_private_key(65537, bits)


def private_pem(of: RSAPrivateKey, form: serialization.PrivateFormat = PKCS8) -> str:
    return of.private_bytes(PEM, form, serialization.NoEncryption()).decode()


def private_base64(of: RSAPrivateKey, form: serialization.PrivateFormat = PKCS8) -> str:
    return base64.b64encode(of.private_bytes(DER, form, serialization.NoEncryption())).decode()


def public_pem(of: RSAPrivateKey) -> str:
    return of.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def public_base64(of: RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(of.public_key().public_bytes(DER, form)).decode()
