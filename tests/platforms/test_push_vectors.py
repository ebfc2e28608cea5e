"""The message envelope against Tencent's published samples."""

from datetime import UTC, datetime
from typing import Any

import pytest

from platforms.errors import BadSignature
from platforms.push_crypto import Envelope, signature
from platforms.wechat_push import PushDoor
from tests.platforms.push_vectors import (
    CPP_SAMPLE,
    FIXED_RANDOM,
    GREETING,
    KEY,
    PAGE_SAMPLE,
    PYTHON_SAMPLE,
)


def door_of(sample: dict[str, Any], **more: Any) -> PushDoor:
    moment = datetime.fromtimestamp(sample["moment"], UTC)
    arguments = {"clock": lambda: moment, **more}
    return PushDoor(sample["token"], sample.get("key", KEY), sample["appid"], **arguments)


def body_of(sample: dict[str, Any]) -> bytes:
    return (
        f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{sample['sealed']}]]></Encrypt></xml>".encode()
    )


def test_sealing_with_a_fixed_random_gives_tencents_bytes() -> None:
    envelope = Envelope(KEY, FIXED_RANDOM["appid"])
    assert (
        envelope.seal(FIXED_RANDOM["text"].encode(), random=FIXED_RANDOM["random"]) == FIXED_RANDOM["sealed"]
    )


def test_sealed_samples_open_to_their_text() -> None:
    envelope = Envelope(KEY, FIXED_RANDOM["appid"])
    assert envelope.open(FIXED_RANDOM["sealed"]).decode() == FIXED_RANDOM["text"]


def test_an_encrypted_greeting_is_answered_with_its_plain_echo() -> None:
    assert door_of(GREETING).greet(GREETING["query"]) == GREETING["echo"]


def test_the_python_sample_is_read() -> None:
    inbound = door_of(PYTHON_SAMPLE).open(PYTHON_SAMPLE["query"], body_of(PYTHON_SAMPLE))
    assert (inbound.kind, inbound.text) == ("text", "abcdteT")
    assert inbound.message_id == "6054768590064713728"
    assert inbound.from_openid == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
    assert inbound.to == "gh_10f6c3c3ac5a"
    assert inbound.created_at == datetime.fromtimestamp(1409735668, UTC)


def test_the_cpp_sample_is_read() -> None:
    inbound = door_of(CPP_SAMPLE).open(CPP_SAMPLE["query"], body_of(CPP_SAMPLE))
    assert inbound.to == "gh_10f6c3c3ac5a"
    assert inbound.encrypted


def test_the_sample_of_the_page_with_the_key_of_forty_three_a_is_read() -> None:
    inbound = door_of(PAGE_SAMPLE).open(PAGE_SAMPLE["query"], body_of(PAGE_SAMPLE))
    assert (inbound.kind, inbound.event) == ("event", "debug_demo")


def test_the_reply_of_the_page_is_sealed_and_signed_the_same() -> None:
    sealed = Envelope(PAGE_SAMPLE["key"], PAGE_SAMPLE["appid"]).seal(
        PAGE_SAMPLE["reply"].encode(), random=PAGE_SAMPLE["reply_random"]
    )
    assert sealed == PAGE_SAMPLE["reply_sealed"]
    parts = (PAGE_SAMPLE["reply_timestamp"], PAGE_SAMPLE["reply_nonce"], sealed)
    assert signature(PAGE_SAMPLE["token"], *parts) == PAGE_SAMPLE["reply_signature"]


def test_a_sample_is_refused_ten_minutes_later() -> None:
    late = {**PYTHON_SAMPLE, "moment": PYTHON_SAMPLE["moment"] + 601}
    with pytest.raises(BadSignature):
        door_of(late).open(late["query"], body_of(late))


def test_a_message_sealed_with_the_key_before_still_opens() -> None:
    door = door_of({**PYTHON_SAMPLE, "key": GREETING["key"]}, previous_aes_key=KEY)
    assert door.open(PYTHON_SAMPLE["query"], body_of(PYTHON_SAMPLE)).text == "abcdteT"


@pytest.mark.parametrize("key", ["abcde", "A" * 42, "A" * 44, "!" * 43])
def test_an_aes_key_of_another_shape_stops_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        PushDoor("token", key, "wx1")


def test_the_plain_signature_is_tencents() -> None:
    wanted = "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a"
    assert signature("spamtest", "1409735669", "1320562132") == wanted
