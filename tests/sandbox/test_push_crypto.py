"""The envelope, against vectors that nobody here wrote (WXBizMsgCrypt's samples and tests, 官方示例)."""

import pytest

from sandbox.push_crypto import BadEnvelope, Envelope, signature

LETTER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ZERO_KEY = "A" * 43
JAVA_SEALED = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
ECHO_SEALED = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
PYTHON_SEALED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHF"
    "VAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVti"
    "cbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpA"
    "e+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCum"
    "EPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
DOCS_SEALED = (
    "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t"
    "/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7"
)


def test_the_java_sample_is_sealed_letter_for_letter() -> None:
    envelope = Envelope(LETTER_KEY, "wxb11529c136998cb6")
    assert envelope.seal("我是中文abcd123", head=b"aaaabbbbccccdddd") == JAVA_SEALED
    assert envelope.open(JAVA_SEALED) == "我是中文abcd123"


def test_the_url_verification_sample_opens() -> None:
    signed = signature("QDG6eK", "1409659589", "263014780", ECHO_SEALED)
    assert signed == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    envelope = Envelope("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
    assert envelope.open(ECHO_SEALED) == "1616140317555161061"


def test_the_python_sample_opens() -> None:
    signed = signature("spamtest", "1409735669", "1320562132", PYTHON_SEALED)
    assert signed == "5d197aaffba7e9b25a30732f161a50dee96bd5fa"
    opened = Envelope(LETTER_KEY, "wx2c2769f8efd9abc2").open(PYTHON_SEALED)
    assert "\n<Content><![CDATA[abcdteT]]></Content>\n<MsgId>6054768590064713728</MsgId>" in opened


def test_the_documentation_sample_with_a_key_of_zeros_is_sealed_letter_for_letter() -> None:
    envelope = Envelope(ZERO_KEY, "wx134c8103faa5a59e")
    reply = "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>"
    assert envelope.seal(reply, head=b"999951349e8ee746") == DOCS_SEALED
    signed = signature("AAAAA", "1713424427", "415670741", DOCS_SEALED)
    assert signed == "03e0812039325c2712ef5f0f980fd14c70d6e307"


@pytest.mark.parametrize(
    "garbage", ["", "!!!not-base64!!!", "YWJj", "A" * 22 + "==", JAVA_SEALED[4:], "中文"]
)
def test_garbage_is_refused_and_never_opened_by_halves(garbage: str) -> None:
    with pytest.raises(BadEnvelope):
        Envelope(LETTER_KEY, "wxb11529c136998cb6").open(garbage)


def test_an_envelope_for_another_account_is_refused() -> None:
    with pytest.raises(BadEnvelope):
        Envelope(LETTER_KEY, "wxother").open(JAVA_SEALED)
