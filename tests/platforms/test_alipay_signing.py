"""Alipay's signatures, contents and answers, by published samples and against the SDK's own."""

import base64

import pytest
import rsa
from alipay.aop.api.util.SignatureUtils import get_sign_content, sign_with_rsa2
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.alipay_gateway import signed_values
from platforms.alipay_signing import ContentKey, Signer, Verifier, signed_content
from tests.platforms import java_library_vectors as java
from tests.platforms.keys import PKCS1, PKCS8, key, private_base64, private_pem, public_base64, public_pem

KEEPS_SIGN_TYPE = frozenset({b"sign"})  # rsaCheckV2, as the Java library's samples are signed


def bytes_of(fields: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in fields.items()}


@pytest.mark.parametrize(
    ("more", "sign"), [({}, java.SHA256_SIGN), ({"extra": "中文测试"}, java.CHINESE_SIGN)]
)
def test_the_java_librarys_signatures_are_genuine(more: dict[str, str], sign: str) -> None:
    fields = bytes_of({**java.FIELDS, "sign_type": "RSA2", "sign": sign, "empty": "", **more})
    assert Verifier(java.PUBLIC_KEY).verify(signed_content(fields, without=KEEPS_SIGN_TYPE), sign)


def test_a_sha1_signature_is_not_accepted_though_it_is_genuine() -> None:
    content = signed_content(bytes_of({**java.FIELDS, "sign_type": "RSA"}), without=KEEPS_SIGN_TYPE)
    public = rsa.PublicKey.load_pkcs1_openssl_pem(java.PUBLIC_KEY.encode())
    assert rsa.verify(content, base64.b64decode(java.SHA1_SIGN), public) == "SHA-1"
    assert not Verifier(java.PUBLIC_KEY).verify(content, java.SHA1_SIGN)


@pytest.mark.parametrize("sign", ["", "!", "AAAA", java.SHA256_SIGN[:-4], "办", "\ud800"])
def test_a_signature_that_is_none_is_just_wrong(sign: str) -> None:
    assert not Verifier(java.PUBLIC_KEY).verify(b"a=b", sign)


def test_one_changed_byte_breaks_the_signature() -> None:
    content = signed_content(bytes_of({**java.FIELDS, "sign_type": "RSA2"}), without=KEEPS_SIGN_TYPE)
    assert not Verifier(java.PUBLIC_KEY).verify(content + b" ", java.SHA256_SIGN)


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=15)
def test_our_signatures_are_the_sdks_byte_for_byte(content: bytes) -> None:
    text = content.decode("latin-1")
    wanted = sign_with_rsa2(private_pem(key("app"), PKCS1), text, "utf-8")
    assert Signer(private_pem(key("app"))).sign(text.encode()) == wanted


@pytest.mark.parametrize(
    "text",
    [
        private_pem(key("app"), PKCS1),
        private_pem(key("app"), PKCS8),
        private_base64(key("app"), PKCS1),
        private_base64(key("app"), PKCS8),
        private_pem(key("app"), PKCS8).replace("\n", "\r\n"),
    ],
    ids=["PEM PKCS1", "PEM PKCS8", "bare PKCS1", "bare PKCS8", "PEM with CRLF"],
)
def test_a_private_key_may_come_in_any_form(text: str) -> None:
    assert Verifier(public_pem(key("app"))).verify(b"a=b", Signer(text).sign(b"a=b"))
    assert Verifier(public_base64(key("app"))).verify(b"a=b", Signer(text).sign(b"a=b"))


@pytest.mark.parametrize(
    "text", ["", "MII", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "中文"]
)
def test_an_unreadable_key_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        Signer(text)
    with pytest.raises(ValueError, match="cannot be read"):
        Verifier(text)


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1)))
@settings(deadline=None)
def test_what_is_signed_is_what_the_sdk_signs(fields: dict[str, str]) -> None:
    try:
        ours = signed_content(bytes_of(fields), without=frozenset())
        wanted = get_sign_content(fields).encode()
    except UnicodeEncodeError:
        return
    assert sorted(ours.split(b"&")) == sorted(wanted.split(b"&"))


@pytest.mark.parametrize(("aes_key", "pair"), java.AES.items())
def test_contents_open_and_seal_as_the_java_library_does(aes_key: str, pair: tuple[str, str]) -> None:
    plain, sealed = pair
    assert ContentKey(aes_key).decrypt(sealed).decode() == plain
    assert ContentKey(aes_key).encrypt(plain.encode()) == sealed


@pytest.mark.parametrize("sealed", ["", "AAAA", "!", "A" * 22 + "==", "中"])
def test_contents_that_cannot_be_opened_are_value_errors(sealed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        ContentKey("aa4BtZ4tspm2wnXLb1ThQA==").decrypt(sealed)


@pytest.mark.parametrize("aes_key", ["", "short", "AAAA", "中"])
def test_an_unusable_aes_key_stops_the_start(aes_key: str) -> None:
    with pytest.raises(ValueError, match="AES"):
        ContentKey(aes_key)


@pytest.mark.parametrize("text", java.SIGNED_TEXTS)
def test_the_signed_text_is_found_whatever_it_holds(text: str) -> None:
    values = signed_values(f' {{ "alipay_trade_create_response"  :  {text} , "sign": "abc=="\n}} ')
    assert values["alipay_trade_create_response"].text == text
    assert values["sign"].value == "abc=="


def test_a_certificate_number_between_answer_and_signature_is_no_obstacle() -> None:
    values = signed_values('{"a_response":{"code":"10000"},"alipay_cert_sn":"1f","sign":"x"}')
    assert values["a_response"].text == '{"code":"10000"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[]",
        "<html>",
        '{"a":1',
        '{"a":1,}',
        '{"a":1}{"b":2}',
        '{"a":1,"a":2}',
        '{"a":{"b":1,"b":2}}',
        "{1:2}",
        '{"a" 1}',
        '{"a":' + "[" * 5000,
    ],
)
def test_an_answer_out_of_shape_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        signed_values(text)


@given(st.text() | st.text(alphabet='{}[]":,\\ a1').map(lambda text: '{"a":' + text))
@settings(deadline=None, max_examples=500)
def test_any_text_is_taken_apart_or_a_value_error(text: str) -> None:
    try:
        values = signed_values(text)
    except ValueError:
        return
    assert all(each.text in text for each in values.values())
