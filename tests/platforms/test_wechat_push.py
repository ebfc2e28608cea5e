"""The push door against forgers, broken letters and citizens who type odd things."""

import base64
import json
import re
import time
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.errors import BadSignature, Malformed
from platforms.push_crypto import Envelope, signature
from platforms.wechat_push import Inbound, PushDoor

TOKEN, KEY, APPID = "a-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxsandboxoa0000001"
SAFE = PushDoor(TOKEN, KEY, APPID)
PLAIN = PushDoor(TOKEN, "", APPID)


def letter(**changes: str) -> dict[str, str]:
    now = str(int(time.time()))
    fields = {"ToUserName": "gh_1", "FromUserName": "oABCDEF12", "CreateTime": now, "MsgType": "text"}
    return {**fields, "Content": "居住证怎么办", "MsgId": "23000000000000001", **changes}


def xml(fields: dict[str, str]) -> bytes:
    return f"<xml>{''.join(f'<{k}><![CDATA[{v}]]></{k}>' for k, v in fields.items())}</xml>".encode()


def plain_query(token: str = TOKEN, *, age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    return {"signature": signature(token, timestamp, "n1"), "timestamp": timestamp, "nonce": "n1"}


def safe_query(sealed: str, *, token: str = TOKEN, age: int = 0) -> dict[str, str]:
    query = plain_query(token, age=age)
    signed = signature(token, query["timestamp"], "n1", sealed)
    return {**query, "encrypt_type": "aes", "msg_signature": signed}


def sealed_letter(content: bytes, *, appid: str = APPID) -> tuple[dict[str, str], bytes]:
    sealed = Envelope(KEY, appid).seal(content)
    return safe_query(sealed), xml({"ToUserName": "gh_1", "Encrypt": sealed})


def sealed_raw(plain: bytes) -> tuple[dict[str, str], bytes]:
    sealed = base64.b64encode(Envelope(KEY, APPID)._cipher.encrypt(plain)).decode()
    return safe_query(sealed), xml({"Encrypt": sealed})


def test_a_sealed_text_is_read() -> None:
    inbound = SAFE.open(*sealed_letter(xml(letter())))
    assert (inbound.kind, inbound.text, inbound.message_id) == ("text", "居住证怎么办", "23000000000000001")
    assert inbound.encrypted


def test_a_plain_text_is_read_where_no_aes_key_is_set() -> None:
    assert PLAIN.open(plain_query(), xml(letter())).text == "居住证怎么办"


def test_a_plain_text_is_refused_in_safe_mode_since_its_signature_does_not_cover_the_body() -> None:
    with pytest.raises(BadSignature):
        SAFE.open(plain_query(), xml(letter()))
    assert PushDoor(TOKEN, KEY, APPID, plain=True).open(plain_query(), xml(letter())).text


def test_without_a_token_nothing_is_genuine() -> None:
    with pytest.raises(BadSignature):
        PushDoor("", "", APPID).open(plain_query(""), xml(letter()))
    with pytest.raises(BadSignature):
        PushDoor("", "", APPID).greet({**plain_query(""), "echostr": "123"})


def test_the_address_is_verified_by_its_echo() -> None:
    assert SAFE.greet({**plain_query(), "echostr": "3717288721"}) == "3717288721"


@pytest.mark.parametrize("age", [601, -601, 86_400])
def test_a_letter_of_another_time_is_refused(age: int) -> None:
    sealed = Envelope(KEY, APPID).seal(xml(letter()))
    with pytest.raises(BadSignature):
        SAFE.open(safe_query(sealed, age=age), xml({"Encrypt": sealed}))


def test_a_letter_signed_with_another_token_is_refused() -> None:
    sealed = Envelope(KEY, APPID).seal(xml(letter()))
    with pytest.raises(BadSignature):
        SAFE.open(safe_query(sealed, token="guessed"), xml({"Encrypt": sealed}))


def test_an_echo_that_is_markup_is_not_sent_back() -> None:
    with pytest.raises(BadSignature):
        SAFE.greet({**plain_query(), "echostr": "<script>1</script>"})


def test_a_letter_for_another_app_is_refused() -> None:
    with pytest.raises(Malformed):
        SAFE.open(*sealed_letter(xml(letter()), appid="wxother"))


@pytest.mark.parametrize(
    "plain",
    [b"\0" * 32, b"\x21" * 32, b"\x20" * 31 + b"\x05", b"\x01" * 32, b"a" * 16 + b"\xff" * 4 + b"\x0c" * 12],
)
def test_a_well_signed_letter_with_a_broken_inside_is_malformed(plain: bytes) -> None:
    with pytest.raises(Malformed):
        SAFE.open(*sealed_raw(plain))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml/>",
        b"<message/>",
        b"\xff\xfe<\x00x",
        b"<xml><MsgType>text</MsgType>",
        b'<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><MsgType>&a;</MsgType></xml>',
        "<!DOCTYPE xml><xml/>".encode("utf-16"),
        b"<xml>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</xml>",
        b"<xml>" + b"<a/>" * 5000 + b"</xml>",
        b"{" * 3000,
        b"[1]",
        b'{"MsgType": "text", "MsgType": "event"}',
    ],
)
def test_what_is_no_message_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        PLAIN.open(plain_query(), body)


@pytest.mark.parametrize(
    "changes",
    [
        {"MsgId": "no-number"},
        {"MsgId": ""},
        {"CreateTime": "9" * 30},
        {"CreateTime": "-1"},
        {"FromUserName": "a b"},
        {"FromUserName": ""},
        {"MsgType": ""},
        {"MsgType": "event", "Event": ""},
    ],
)
def test_fields_out_of_shape_are_malformed(changes: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        PLAIN.open(plain_query(), xml(letter(**changes)))


def test_a_field_that_comes_twice_is_malformed() -> None:
    twice = xml(letter()).replace(b"</xml>", b"<Content>another</Content></xml>")
    with pytest.raises(Malformed):
        PLAIN.open(plain_query(), twice)


def test_a_body_over_64_kib_is_refused_before_it_is_read() -> None:
    with pytest.raises(Malformed) as refused:
        PLAIN.open(plain_query(), xml(letter(Content="长" * 30_000)))
    assert refused.value.platform_code == "too_large"


def test_an_event_is_told_by_sender_second_and_kind() -> None:
    fields = letter(MsgType="event", Event="CLICK", EventKey="guide", CreateTime="1760000000")
    del fields["MsgId"], fields["Content"]
    inbound = PLAIN.open(plain_query(), xml(fields))
    assert (inbound.kind, inbound.event, inbound.raw["EventKey"]) == ("event", "click", "guide")
    assert inbound.message_id == "oABCDEF12:1760000000:click"
    assert inbound.created_at == datetime.fromtimestamp(1760000000, UTC)


def test_kinds_we_do_not_know_are_other() -> None:
    assert PLAIN.open(plain_query(), xml(letter(MsgType="voice"))).kind == "other"
    assert PLAIN.open(plain_query(), xml(letter(MsgType="image"))).kind == "image"


def test_inner_elements_stay_readable() -> None:
    lists = "".join(f"<List><TemplateId>t{number}</TemplateId></List>" for number in (1, 2))
    inner = f"<SubscribeMsgPopupEvent>{lists}"
    body = xml(letter(MsgType="event", Event="subscribe_msg_popup_event"))
    body = body.replace(b"</xml>", f"{inner}</SubscribeMsgPopupEvent></xml>".encode())
    popup = PLAIN.open(plain_query(), body).raw["SubscribeMsgPopupEvent"]
    assert [each["TemplateId"] for each in popup["List"]] == ["t1", "t2"]


def test_a_json_push_is_read_the_same() -> None:
    fields = {**letter(Content="你好\ud800\0"), "CreateTime": 1760000000, "MsgId": 23000000000000001}
    inbound = PLAIN.open(plain_query(), json.dumps(fields).encode())
    assert (inbound.text, inbound.message_id) == ("你好", "23000000000000001")


def inbound(*, encrypted: bool = False) -> Inbound:
    return Inbound("1", "oABCDEF12", "gh_1", "text", "", "", datetime.now(UTC), {}, encrypted=encrypted)


@given(st.text())
@settings(deadline=None)
def test_any_words_make_a_well_formed_reply(words: str) -> None:
    reply = PLAIN.seal(inbound(), words)
    if reply == "success":
        return
    root = ET.fromstring(reply)
    assert [child.tag for child in root] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert (root.findtext("ToUserName"), root.findtext("FromUserName")) == ("oABCDEF12", "gh_1")


def test_the_end_mark_of_cdata_in_a_citizens_words_injects_nothing() -> None:
    words = "]]></Content><MsgType>image</MsgType><![CDATA["
    assert ET.fromstring(PLAIN.seal(inbound(), words)).findtext("Content") == words


def test_a_long_reply_is_cut_to_2048_bytes_between_characters() -> None:
    content = ET.fromstring(PLAIN.seal(inbound(), "办" * 1000)).findtext("Content") or ""
    assert content.endswith("办…")
    assert 2040 < len(content.encode()) <= 2048


def test_no_words_are_no_reply() -> None:
    assert SAFE.seal(inbound(), "  ") == "success"


def test_a_reply_to_a_sealed_message_is_sealed_and_signed() -> None:
    outer = ET.fromstring(SAFE.seal(inbound(encrypted=True), "您好"))
    sealed = outer.findtext("Encrypt") or ""
    stamps = outer.findtext("TimeStamp") or "", outer.findtext("Nonce") or ""
    assert outer.findtext("MsgSignature") == signature(TOKEN, *stamps, sealed)
    assert "您好" in Envelope(KEY, APPID).open(sealed).decode()


def test_two_replies_never_share_their_random_start() -> None:
    seals = {SAFE.seal(inbound(encrypted=True), "您好") for _ in range(50)}
    assert len({re.findall("<Encrypt>.*</Encrypt>", each)[0] for each in seals}) == 50


QUERIES = st.dictionaries(
    st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "encrypt_type", "echostr"]),
    st.text(),
)


@given(QUERIES, st.binary())
@settings(deadline=None, max_examples=300)
def test_whatever_a_stranger_sends_is_refused(query: dict[str, str], body: bytes) -> None:
    for door in (SAFE, PLAIN):
        with pytest.raises((BadSignature, Malformed)):
            door.open(query, body)
        with pytest.raises((BadSignature, Malformed)):
            door.greet(query)


@given(st.binary() | st.text().map(str.encode))
@settings(deadline=None, max_examples=300)
def test_whatever_is_signed_is_read_or_malformed(content: bytes) -> None:
    for door, sent in ((PLAIN, (plain_query(), content)), (SAFE, sealed_letter(content))):
        with pytest.raises((BadSignature, Malformed)):
            door.open(*sent)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(list(letter())), JSON))
@settings(deadline=None, max_examples=300)
def test_any_json_in_the_known_fields_is_read_or_malformed(fields: dict[str, Any]) -> None:
    try:
        read = PLAIN.open(plain_query(), json.dumps({**letter(), **fields}).encode())
    except Malformed:
        return
    assert read.kind in {"text", "event", "image", "other"}
    read.text.encode()
