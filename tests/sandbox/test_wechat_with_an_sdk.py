"""An independent client understands the stand-in, and the stand-in understands it (wechatpy)."""

import json
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatClientException
from wechatpy.replies import TextReply

from .conftest import Answer, Door, Knock, StandIn

REAL = "https://api.weixin.qq.com"


class Redirecting(HTTPAdapter):
    """Sends what is meant for WeChat to the stand-in."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Change the address and nothing else."""
        request.url = (request.url or "").replace(REAL, self._url)
        return super().send(request, *args, **options)


@pytest.fixture
def sdk(stand_in: StandIn) -> Any:
    client = WeChatClient(
        stand_in.env["WECHAT_MINI_APPID"], stand_in.env["WECHAT_MINI_SECRET"], auto_retry=False, timeout=10
    )
    client._http.mount(REAL, Redirecting(stand_in.url))
    yield client
    client._http.close()


def test_it_logs_somebody_in(stand_in: StandIn, sdk: Any) -> None:
    session = sdk.wxa.code_to_session(stand_in.sim("/people/wu/wechat/login")["code"])
    assert session["openid"] == stand_in.person("wu")["mini_openid"]


def test_it_sends_a_subscribe_message_once(stand_in: StandIn, sdk: Any) -> None:
    template_id = json.loads(stand_in.env["WECHAT_TEMPLATES"])["certificate_ready"]
    stand_in.sim("/people/wu/wechat/subscribe", template_id=template_id, result="accept")
    data = {"thing1": {"value": "居住证"}, "time2": {"value": "09:30"}, "thing3": {"value": "请带身份证"}}
    sdk.wxa.send_subscribe_message(stand_in.person("wu")["mini_openid"], template_id, data)
    with pytest.raises(WeChatClientException) as caught:
        sdk.wxa.send_subscribe_message(stand_in.person("wu")["mini_openid"], template_id, data)
    assert caught.value.errcode == 43101


def test_it_gets_a_picture(sdk: Any) -> None:
    answer = sdk.wxa.get_wxa_code_unlimited("a=1", page="pages/index/index")
    assert answer.content[:3] == b"\xff\xd8\xff"


def test_it_opens_a_push_and_its_reply_is_shown(stand_in: StandIn, door: Door) -> None:
    env = stand_in.env
    crypto = WeChatCrypto(env["WECHAT_OA_TOKEN"], env["WECHAT_OA_AES_KEY"], env["WECHAT_OA_APPID"])

    def answer(knock: Knock) -> Answer:
        query = knock.query
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(crypto.decrypt_message(knock.body, *signed))
        reply = TextReply(content=f"您说：{message.content}", message=message).render()
        return 200, crypto.encrypt_message(reply, query["nonce"], query["timestamp"]).encode()

    door.answer = answer
    outcome = stand_in.sim("/people/lin/wechat/text", text="不动产登记")
    assert outcome["reply"] == {"type": "text", "text": "您说：不动产登记"}
