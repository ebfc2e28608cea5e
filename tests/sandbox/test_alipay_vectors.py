"""What Alipay itself published: the cases of its Java SDK's RSACheckTest and EncryptTest."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from sandbox.alipay_signing import content, decrypt, encrypt, is_signed

# The public key of the certificate in that SDK's fixtures.
KEY_PEM = b"""-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjF+gZ86+u9GriNBL3cmr
x7CG3mgsgS6ydJLjzAyACRfBunB3VadxsDhtIJ0t8DQcaDVCkvkL5IOozuSC/B9i
Bw8YtadTLVRGkD9f1+RrcyvXR7/qU2M88RhGvj/DCgFHkYZa7hVYn+r+jhpQ2Y9K
7owVL3/YEO/cxZvV8R05uMw7zZwAaJlPn6JBXYP8HXWAQLp2A4NGKAh6mPELKNcb
9J+P82GvrNf0Km3dj7ELAx349ral+qD1DCEbC3C2g+MHw/++ZEt9EkqR9nWi2YE/
z5B0LKXstUDRiCPQe8Heb6pXdkWhK76L+OP9iZZAGHGS262ZgOuvZMo+jDFM1at6
4wIDAQAB
-----END PUBLIC KEY-----
"""
ASKED = {"method": "koubei.marketing.data.indicator.query", "app_id": "2019090366875133"}
SHA1 = (
    "a5NeWetvFNFg5EyjQ8UAxMHlih5kOAv7s33K+J5KBi9Gq2GTMj5EwOScPcHy2HFAMcRvHmc4pM8HG4Mj89OxNwfKPqR27TEMM0Sy"
    "2PdKqL5d5mPdabVtgB82htfcEofiHUdq99AzTyZOFJuj4XIm8cmHr4p4MrUdGOMnLNxvq9tG58ADCRvxmUqx99MbFHm5nmh8xHZ0"
    "oULBzxttMVQRwniY0oZzncJVX8UwdcQWJp+xhXUnRkrx0IU/ZLmLXQHcV2r0flka3KeXY9DthwB/gdomYvTTaPo+Aw8TxG230Q3E"
    "s6AT/QuOujuEGaHzA4oYchWLxTVUzeRcJBRmGzmLXA=="
)
SHA256 = (
    "NQHIJKRCoCJCUXqzzK8WUtA/58m4/e3NGLutUFxFUD8udlauzRCgCINxDqs3atXrJ8KeSxpf8IU8nrnK7qzCQiYdj2XjfkXDrZll"
    "PEXlrelHitj9qpPqMXlAbP1HArNlBTpaGmq6hwvf/W50O/8kOjPEpmdpFcYZrlR/aA3uwdiOXHGNfd6p2wA7JjHiLQtPXGVm2oLL"
    "p+HDEtdhqxs66Br4bTQZPrQNKJrhqRcqwTzA5ZyDMQK724ECTYBI/+8PEvFCpi4Ny6piO78clFE/bSAuKCdhbivBzWDYkvmQymq0"
    "M86W3usljVENbnOyBatl7/y4f7S53Ht/yBmO/f+gYg=="
)
CHINESE = (
    "LhPRG5h6xo8Pk1tFIbiCt2S81S3jvDs5is9yO8uH87kVY0vpnOuxGgauKim9SnFGGxGmhQY4TJSrASlW6NsML2qIaxqsSFTNVUbc"
    "t7MgdBBKqkoORNOq1gpLIymyI+G88qDaodOXkEAtUNYm4I6r1wkJVvdumrmRoHg8GcLpP//3J3hNELIJB2SC5SJ2pe4als+Psmjp"
    "d5xyK/qgDXf2qTmBooA0z673xqxjtd8H1FBlUCnGmTG3ClnGatmfjxIL0HF+PLyrmqzDO8UOjod0Kh2SwxH7zQikhr4VUihQ04Mr"
    "P08nsGKjIPvZFAZiW7dnchVr4I/Tid0cbuthjmoWyw=="
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPublicKey:
    loaded = load_pem_public_key(KEY_PEM)
    assert isinstance(loaded, rsa.RSAPublicKey)
    return loaded


@pytest.mark.parametrize(
    ("sign_type", "more", "signature"),
    [("RSA", {}, SHA1), ("RSA2", {}, SHA256), ("RSA2", {"extra": "中文测试"}, CHINESE)],
)
def test_published_signatures_hold(
    key: rsa.RSAPublicKey, sign_type: str, more: dict[str, str], signature: str
) -> None:
    params = ASKED | more | {"sign_type": sign_type, "sign": signature, "empty": ""}
    signed = content(params).encode()

    assert is_signed(key, signed, signature, sign_type=sign_type)
    assert not is_signed(key, signed + b"x", signature, sign_type=sign_type)


def test_a_sha1_signature_is_not_taken_for_rsa2(key: rsa.RSAPublicKey) -> None:
    signed = content(ASKED | {"sign_type": "RSA"}).encode()

    assert is_signed(key, signed, SHA1, sign_type="RSA")
    assert not is_signed(key, signed, SHA1)


@pytest.mark.parametrize(
    ("key_text", "plain", "sealed"),
    [
        ("aa4BtZ4tspm2wnXLb1ThQA==", "test1234567", "ILpoMowjIQjfYMR847rnFQ=="),
        ("vEARwBsVE8dBrk0tiaNQtQ==", "test1234567你好", "Xg5Qdr1jGhRugqAdBHYgl94KzwIqcaA37/dMvR1PeSc="),
    ],
)
def test_published_ciphertexts_hold(key_text: str, plain: str, sealed: str) -> None:
    assert encrypt(key_text, plain.encode()) == sealed
    assert decrypt(key_text, sealed).decode() == plain


@pytest.mark.parametrize("sealed", ["", "####", "ILpoMowjIQjfYMR847rnFA==", "ILpo"])
def test_what_was_not_sealed_with_the_key_does_not_open(sealed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 each library names it in its own words
        decrypt("aa4BtZ4tspm2wnXLb1ThQA==", sealed)
