"""The push engine against a door that behaves well, slowly, or badly."""

import hashlib
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.push_crypto import Envelope, signature

from .conftest import Answer, Door, Knock, StandIn

UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"


def _envelope(stand_in: StandIn) -> Envelope:
    return Envelope(stand_in.env["WECHAT_OA_AES_KEY"], stand_in.env["WECHAT_OA_APPID"])


def _fields(text: str | bytes) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ET.fromstring(text)}


def _opened(stand_in: StandIn, knock: Knock) -> dict[str, str]:
    """The message of a knock, however it was packed."""
    fields = _fields(knock.body)
    return _fields(_envelope(stand_in).open(fields["Encrypt"])) if "Encrypt" in fields else fields


def _reply(message: dict[str, str], text: str) -> str:
    text = text.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName>{message['FromUserName']}</ToUserName>"
        f"<FromUserName>{message['ToUserName']}</FromUserName><CreateTime>1700000000</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content></xml>"
    )


def _sealed(stand_in: StandIn, reply: str) -> bytes:
    sealed = _envelope(stand_in).seal(reply)
    signed = signature(stand_in.env["WECHAT_OA_TOKEN"], "1700000000", "n", sealed)
    return (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signed}</MsgSignature>"
        f"<TimeStamp>1700000000</TimeStamp><Nonce>n</Nonce></xml>"
    ).encode()


def _echo(stand_in: StandIn, *, safe: bool) -> Callable[[Knock], Answer]:
    def answer(knock: Knock) -> Answer:
        message = _opened(stand_in, knock)
        reply = _reply(message, "收到：" + message.get("Content", ""))
        return 200, _sealed(stand_in, reply) if safe else reply.encode()

    return answer


def _say(stand_in: StandIn, text: str = "查进度") -> Any:
    return stand_in.sim("/people/lin/wechat/text", text=text)


@pytest.mark.parametrize(("mode", "safe"), [("plain", 0), ("compatible", 0), ("compatible", 1), ("safe", 1)])
def test_a_text_is_answered_in_each_mode(stand_in: StandIn, door: Door, mode: str, safe: int) -> None:
    stand_in.sim("/push", mode=mode)
    door.answer = _echo(stand_in, safe=bool(safe))
    outcome = _say(stand_in, "身份证 ]]> 怎么办")
    assert outcome["reply"] == {"type": "text", "text": "收到：身份证 ]]> 怎么办"}
    assert [attempt["verdict"] for attempt in outcome["attempts"]] == ["ok"]


def test_the_query_is_signed_as_the_platform_signs(stand_in: StandIn, door: Door) -> None:
    _say(stand_in)
    (knock,) = door.all()
    token, query = stand_in.env["WECHAT_OA_TOKEN"], knock.query
    parts = sorted([token, query["timestamp"], query["nonce"]])
    assert query["signature"] == hashlib.sha1("".join(parts).encode()).hexdigest()
    sealed = _fields(knock.body)["Encrypt"]
    assert query["msg_signature"] == signature(token, query["timestamp"], query["nonce"], sealed)
    assert (query["encrypt_type"], query["openid"]) == ("aes", stand_in.person()["oa_openid"])
    assert knock.path == "/webhooks/wechat/message"


def test_safe_mode_shows_nothing_outside_the_envelope(stand_in: StandIn, door: Door) -> None:
    _say(stand_in, "我的身份证号")
    (knock,) = door.all()
    assert _fields(knock.body).keys() == {"ToUserName", "Encrypt"}
    assert _opened(stand_in, knock)["Content"] == "我的身份证号"


def test_compatible_mode_carries_both_and_plain_mode_no_cipher(stand_in: StandIn, door: Door) -> None:
    for mode in ("compatible", "plain"):
        stand_in.sim("/push", mode=mode)
        _say(stand_in)
    both, plain = door.all()
    assert {"Encrypt", "Content"} <= _fields(both.body).keys()
    assert "Encrypt" not in _fields(plain.body)
    assert "msg_signature" not in plain.query


@pytest.mark.parametrize("silence", [b"success", b""])
def test_success_or_nothing_ends_the_matter_in_silence(stand_in: StandIn, door: Door, silence: bytes) -> None:
    door.answer = lambda _knock: (200, silence)
    outcome = _say(stand_in)
    assert (len(outcome["attempts"]), outcome["reply"], outcome["notice"]) == (1, None, None)


def test_a_failing_door_is_tried_three_times_with_the_same_message(stand_in: StandIn, door: Door) -> None:
    door.answer = lambda _knock: (500, b"oops")
    outcome = _say(stand_in)
    assert [attempt["verdict"] for attempt in outcome["attempts"]] == ["HTTP 500"] * 3
    assert outcome["notice"] == UNAVAILABLE
    messages = [_opened(stand_in, knock) for knock in door.all()]
    assert len({(each["MsgId"], each["CreateTime"]) for each in messages}) == 1
    assert len({knock.query["nonce"] for knock in door.all()}) == 3, "each attempt is signed afresh"


def test_a_door_that_takes_too_long_is_left_after_five_seconds(stand_in: StandIn, door: Door) -> None:
    def slow_once(knock: Knock) -> Answer:
        if len(door.all()) == 1:
            time.sleep(5.6)
        return _echo(stand_in, safe=True)(knock)

    door.answer = slow_once
    outcome = _say(stand_in)
    assert [attempt["verdict"] for attempt in outcome["attempts"]] == ["timeout", "ok"]
    assert outcome["attempts"][0]["status"] is None
    assert outcome["reply"]["text"] == "收到：查进度"


def _bad_replies(stand_in: StandIn, message: dict[str, str]) -> dict[str, bytes]:
    good = _reply(message, "好")
    other = dict(message, FromUserName="oSomebodyElse")
    sealed = _sealed(stand_in, good)
    return {
        "not XML": b"<xml><a></xml>",
        "DOCTYPE in the answer": b'<!DOCTYPE xml [<!ENTITY a "b">]><xml/>',
        "plain answer in safe mode": good.encode(),
        "MsgSignature is wrong": sealed.replace(b"<MsgSignature>", b"<MsgSignature>0"),
        "ToUserName and FromUserName are not swapped": _sealed(stand_in, _reply(other, "好")),
        "Content is longer than 2048 bytes": _sealed(stand_in, _reply(message, "长" * 683)),
        "Content is empty": _sealed(stand_in, _reply(message, "")),
        "MsgType is unknown": _sealed(stand_in, good.replace(">text<", ">fax<")),
        "CreateTime is not a number": _sealed(stand_in, good.replace("1700000000", "now")),
    }


def test_an_answer_that_wechat_would_not_show_is_named_and_not_shown(stand_in: StandIn, door: Door) -> None:
    door.answer = lambda knock: (200, _bad_replies(stand_in, _opened(stand_in, knock))[verdict])
    for verdict in _bad_replies(stand_in, {"FromUserName": "", "ToUserName": ""}):
        outcome = _say(stand_in)
        assert [attempt["verdict"] for attempt in outcome["attempts"]] == [verdict]
        assert (outcome["reply"], outcome["notice"]) == (None, UNAVAILABLE)
    assert stand_in.seen("/people/lin/messages")["items"] == []


def test_a_reply_reaches_the_phone(stand_in: StandIn, door: Door) -> None:
    door.answer = _echo(stand_in, safe=True)
    _say(stand_in, "你好")
    (message,) = stand_in.seen("/people/lin/messages")["items"]
    assert (message["channel"], message["text"]) == ("wechat_reply", "收到：你好")


def test_a_duplicate_push_carries_the_same_message(stand_in: StandIn, door: Door) -> None:
    stand_in.fault("push", "duplicate", copies=3)
    outcome = _say(stand_in)
    assert len(outcome["attempts"]) == 3
    assert len({_opened(stand_in, knock)["MsgId"] for knock in door.all()}) == 1


def test_a_tampered_signature_is_wrong_in_both_places(stand_in: StandIn, door: Door) -> None:
    stand_in.fault("push", "tampered_signature")
    _say(stand_in)
    (knock,) = door.all()
    token, query = stand_in.env["WECHAT_OA_TOKEN"], knock.query
    assert query["signature"] != signature(token, query["timestamp"], query["nonce"])
    sealed = _fields(knock.body)["Encrypt"]
    assert query["msg_signature"] != signature(token, query["timestamp"], query["nonce"], sealed)


def test_an_old_timestamp_is_signed_correctly(stand_in: StandIn, door: Door) -> None:
    stand_in.fault("push", "old_timestamp", seconds=7200)
    _say(stand_in)
    (knock,) = door.all()
    query = knock.query
    assert time.time() - int(query["timestamp"]) >= 7200
    assert query["signature"] == signature(
        stand_in.env["WECHAT_OA_TOKEN"], query["timestamp"], query["nonce"]
    )


@pytest.mark.parametrize("kind", ["wrong_appid", "bad_padding"])
def test_a_forged_envelope_has_a_genuine_signature(stand_in: StandIn, door: Door, kind: str) -> None:
    stand_in.fault("push", kind)
    _say(stand_in)
    (knock,) = door.all()
    sealed, query = _fields(knock.body)["Encrypt"], knock.query
    signed = signature(stand_in.env["WECHAT_OA_TOKEN"], query["timestamp"], query["nonce"], sealed)
    assert query["msg_signature"] == signed
    with pytest.raises(Exception, match=r"appid|padding"):
        _envelope(stand_in).open(sealed)


def test_events_have_no_message_id(stand_in: StandIn, door: Door) -> None:
    stand_in.sim("/people/lin/wechat/event", event="subscribe")
    (knock,) = door.all()
    message = _opened(stand_in, knock)
    assert (message["MsgType"], message["Event"]) == ("event", "subscribe")
    assert "MsgId" not in message


def test_the_console_verifies_the_address(stand_in: StandIn, door: Door) -> None:
    door.answer = lambda knock: (200, knock.query["echostr"].encode())
    assert stand_in.sim("/push/verify")["ok"] is True
    door.answer = lambda knock: (200, knock.query["echostr"].encode() + b"\n")
    assert stand_in.sim("/push/verify")["ok"] is False


def test_nobody_at_home_is_told_as_such(stand_in: StandIn, door: Door) -> None:
    stand_in.sim("/push", app_url="http://127.0.0.1:9")
    try:
        outcome = _say(stand_in)
    finally:
        stand_in.sim("/push", app_url=door.url)
    assert [attempt["verdict"] for attempt in outcome["attempts"]] == ["ConnectionRefusedError"] * 3
    assert outcome["notice"] == UNAVAILABLE


def test_what_xml_cannot_carry_is_dropped(stand_in: StandIn, door: Door) -> None:
    _say(stand_in, "你\x00好\x0b\ud800！")
    (knock,) = door.all()
    assert _opened(stand_in, knock)["Content"] == "你好！"
