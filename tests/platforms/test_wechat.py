"""The mini-program and the official account against the sandbox."""

import io
import json
import logging

import pytest
import zxingcpp
from PIL import Image

from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.tokens import AccessTokens, WeChatConfig
from platforms.wechat import MiniProgram, OfficialAccount
from tests.platforms.conftest import Sandbox
from tests.platforms.test_tokens import FETCH, at_once, dead_redis

SUBSCRIBE = "wechat.send_subscribe_message"
PROGRESS = {
    "thing1": "居住证办理",
    "phrase2": "已受理",
    "time3": "2025年6月1日 09:00",
    "thing4": "请留意进度",
}


def template(sandbox: Sandbox, key: str = "case_progress") -> str:
    return str(json.loads(sandbox.env["WECHAT_TEMPLATES"])[key])


def allow(sandbox: Sandbox, person: str = "lin", times: int = 1) -> str:
    for _ in range(times):
        sandbox.post(f"/people/{person}/wechat/subscribe", template_id=template(sandbox), result="accept")
    return str(sandbox.get(f"/people/{person}")["mini_openid"])


def send(mini: MiniProgram, sandbox: Sandbox, openid: str, **data: str) -> None:
    page, fields = "pages/cases/detail?no=1", {**PROGRESS, **data}
    mini.send_subscribe_message(openid=openid, template_id=template(sandbox), page=page, data=fields)


def test_a_login_code_tells_who_it_is_once(sandbox: Sandbox, mini: MiniProgram) -> None:
    code = sandbox.post("/people/lin/wechat/login")["code"]
    login = mini.code_to_session(code)
    lin = sandbox.get("/people/lin")
    assert (login.openid, login.unionid) == (lin["mini_openid"], lin["unionid"])
    with pytest.raises(Refused) as again:
        mini.code_to_session(code)
    assert again.value.platform_code in {"40029", "40163"}


def test_a_login_fetches_no_token_and_sends_none(sandbox: Sandbox, mini: MiniProgram) -> None:
    mini.code_to_session(sandbox.post("/people/lin/wechat/login")["code"])
    (entry,) = sandbox.get("/log", op="wechat.jscode2session")["items"]
    assert "access_token" not in entry["query"]
    assert sandbox.calls(FETCH) == 0


@pytest.mark.parametrize("code", ["", "x" * 300, "a b", "办", "\ud800", "a\n"])
def test_a_code_that_cannot_be_one_is_refused_here(sandbox: Sandbox, mini: MiniProgram, code: str) -> None:
    with pytest.raises(Refused) as refused:
        mini.code_to_session(code)
    assert refused.value.platform_code == "invalid_code"
    assert sandbox.calls("wechat.jscode2session") == 0


def test_the_phone_button_tells_the_number(sandbox: Sandbox, mini: MiniProgram) -> None:
    assert mini.phone_number(sandbox.post("/people/lin/wechat/phone")["code"]) == "13900000001"


def test_a_login_code_is_no_phone_code(sandbox: Sandbox, mini: MiniProgram) -> None:
    with pytest.raises(Refused):
        mini.phone_number(sandbox.post("/people/lin/wechat/login")["code"])


def test_a_subscribe_message_arrives_and_uses_one_consent(sandbox: Sandbox, mini: MiniProgram) -> None:
    openid = allow(sandbox)
    send(mini, sandbox, openid)
    (message,) = sandbox.get("/people/lin/messages")["items"]
    assert message["data"]["phrase2"] == "已受理"
    with pytest.raises(Refused) as used_up:
        send(mini, sandbox, openid)
    assert used_up.value.platform_code == "43101"


def test_a_field_that_breaks_its_rule_is_refused_and_named(sandbox: Sandbox, mini: MiniProgram) -> None:
    with pytest.raises(Refused) as refused:
        send(mini, sandbox, allow(sandbox), thing1="长" * 21)
    assert refused.value.platform_code == "47003"
    assert "thing1" in refused.value.detail
    assert "rid:" not in refused.value.detail


def test_line_breaks_and_odd_characters_are_smoothed_before_they_are_sent(
    sandbox: Sandbox, mini: MiniProgram
) -> None:
    send(mini, sandbox, allow(sandbox), thing1="居住证\n办理\ud800\0")
    (message,) = sandbox.get("/people/lin/messages")["items"]
    assert message["data"]["thing1"] == "居住证 办理"


def test_a_code_picture_carries_its_scene(mini: MiniProgram) -> None:
    picture = mini.unlimited_code(scene="c=7Qm2xWv9", page="pages/code/scan", width=430)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert found.text == "c=7Qm2xWv9"


@pytest.mark.parametrize(
    ("scene", "page", "width"),
    [
        ("", "a", 430),
        ("a" * 33, "a", 430),
        ("100%", "a", 430),
        ("办", "a", 430),
        ("a", "/a", 430),
        ("a", "a?b=1", 430),
        ("a", "a", 5000),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused_here(
    mini: MiniProgram, sandbox: Sandbox, scene: str, page: str, width: int
) -> None:
    with pytest.raises(Refused):
        mini.unlimited_code(scene=scene, page=page, width=width)
    assert sandbox.calls("wechat.getwxacodeunlimit") == 0


def test_a_refusal_where_a_picture_was_expected_is_a_refusal(sandbox: Sandbox, mini: MiniProgram) -> None:
    sandbox.post("/wechat/pages", pages=["pages/home/home"])
    with pytest.raises(Refused) as refused:
        mini.unlimited_code(scene="a", page="pages/gone/gone")
    sandbox.post("/wechat/pages", pages=[])
    assert refused.value.platform_code == "41030"


def test_the_unionid_joins_follower_and_citizen(sandbox: Sandbox, account: OfficialAccount) -> None:
    lin = sandbox.get("/people/lin")
    assert account.unionid(lin["oa_openid"]) == lin["unionid"]
    with pytest.raises(Refused):
        account.unionid("oNobodyAtAll000000000000000")


def test_a_text_reaches_a_follower_who_has_just_spoken(sandbox: Sandbox, account: OfficialAccount) -> None:
    openid = sandbox.get("/people/lin")["oa_openid"]
    with pytest.raises(Refused) as too_late:
        account.send_text(openid, "您好")
    assert too_late.value.platform_code == "45015"
    sandbox.post("/people/lin/wechat/text", text="在吗")
    account.send_text(openid, "办" * 3000)
    *_, message = sandbox.get("/people/lin/messages")["items"]
    assert message["text"].endswith("办…")


@pytest.mark.parametrize("kind", ["40001", "40014", "42001", "token_revoked"])
def test_a_dead_token_is_renewed_and_the_message_sent_once(
    sandbox: Sandbox, mini: MiniProgram, kind: str
) -> None:
    openid = allow(sandbox)
    sandbox.fault(SUBSCRIBE, kind)
    send(mini, sandbox, openid)
    assert len(sandbox.get("/people/lin/messages")["items"]) == 1
    assert sandbox.calls(SUBSCRIBE) == 2


def test_a_token_that_stays_dead_costs_two_calls_not_a_thousand(sandbox: Sandbox, mini: MiniProgram) -> None:
    sandbox.fault(SUBSCRIBE, "40001", times=-1)
    with pytest.raises(Busy) as refused:
        send(mini, sandbox, allow(sandbox))
    assert refused.value.platform_code == "40001"
    assert sandbox.calls(SUBSCRIBE) == 2
    assert sandbox.calls(FETCH) <= 3


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("-1", Busy),
        ("45009", Busy),
        ("45011", Busy),
        ("http_429", Busy),
        ("40037", Refused),
        ("48001", Refused),
    ]
    + [
        (kind, Unknown)
        for kind in ("http_500", "http_502", "html", "empty", "truncated", "bom", "not_utf8", "hang", "reset")
    ],
)
def test_every_misfortune_is_one_of_three_words(
    sandbox: Sandbox, mini: MiniProgram, kind: str, wanted: type[PlatformError]
) -> None:
    openid = allow(sandbox)
    sandbox.fault(SUBSCRIBE, kind)
    with pytest.raises(wanted):
        send(mini, sandbox, openid)


@pytest.mark.parametrize(
    "kind", ["html", "empty", "truncated", "bom", "not_utf8", "http_500", "hang", "reset"]
)
def test_a_broken_login_answer_is_unknown(sandbox: Sandbox, mini: MiniProgram, kind: str) -> None:
    sandbox.fault("wechat.jscode2session", kind)
    with pytest.raises(Unknown):
        mini.code_to_session(sandbox.post("/people/lin/wechat/login")["code"])


@pytest.mark.parametrize("kind", ["html", "empty", "truncated", "http_502"])
def test_a_broken_picture_is_unknown(sandbox: Sandbox, mini: MiniProgram, kind: str) -> None:
    sandbox.fault("wechat.getwxacodeunlimit", kind)
    with pytest.raises(Unknown):
        mini.unlimited_code(scene="a", page="pages/code/scan")


def test_the_day_wechat_is_down_is_busy() -> None:
    config = WeChatConfig("http://127.0.0.1:9", "wx1", "a-secret", (1, 1))
    with pytest.raises(Busy):
        MiniProgram(config, AccessTokens(None, config)).code_to_session("abc")
    with pytest.raises(Busy):
        OfficialAccount(config, AccessTokens(dead_redis(), config)).send_text("oABCDEF", "您好")


def test_many_threads_share_one_client(sandbox: Sandbox, mini: MiniProgram) -> None:
    people = ["lin", "chen", "wu"]
    codes = [(who, sandbox.post(f"/people/{who}/wechat/login")["code"]) for who in people * 8]
    logins = at_once(24, lambda index: mini.code_to_session(codes[index][1]).openid)
    openids = {who: sandbox.get(f"/people/{who}")["mini_openid"] for who in people}
    assert logins == [openids[who] for who, _ in codes]


def test_no_secret_reaches_the_log_or_the_error(
    sandbox: Sandbox, mini: MiniProgram, mini_config: WeChatConfig, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.fault(SUBSCRIBE, "hang")
    with caplog.at_level(logging.DEBUG), pytest.raises(Unknown) as broken:
        mini.code_to_session(sandbox.post("/people/lin/wechat/login")["code"])
        send(mini, sandbox, allow(sandbox))
    assert mini_config.secret not in caplog.text
    assert mini._tokens.get() not in caplog.text + str(broken.value)
