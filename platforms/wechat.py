"""The mini-program and the official account, by wechatpy (小程序、公众号)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from platforms import strict_json, wechat_errors
from platforms.clean_text import clean, one_line, within_bytes
from platforms.errors import PlatformError, Refused
from platforms.tokens import AccessTokens, WeChatConfig
from platforms.transport import failure, open_session

__all__ = ["MiniProgram", "OfficialAccount", "WeChatConfig", "WeChatLogin"]

_WRITTEN_DOWN: Final = "https://api.weixin.qq.com/"  # what wechatpy has in its code
_OPENID = re.compile(r"[\w-]{6,64}", re.ASCII)
_CODE = re.compile(r"[!-~]{1,256}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,24}")
_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}")
_PAGE = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z_/.-]{0,127}")
_WIDTHS: Final = range(280, 1281)
_LONGEST_TEXT: Final = 2048  # bytes of one customer message
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class WeChatLogin:
    """Who wx.login was. The session_key stays behind: nothing outside this room needs it."""

    openid: str
    unionid: str | None


class _TokenSession:
    """Lets wechatpy find our shared token where it looks for its own."""

    def __init__(self, tokens: AccessTokens) -> None:
        self._tokens = tokens

    def get(self, _key: str, _default: object = None) -> str:
        return self._tokens.get()


class _Client(WeChatClient):  # type: ignore[misc]  # wechatpy carries no types
    """wechatpy's client over our transport, with our token, without its endless retry."""

    def __init__(self, config: WeChatConfig, tokens: AccessTokens) -> None:
        super().__init__(
            config.appid,
            config.secret,
            session=_TokenSession(tokens),
            timeout=config.timeout,
            auto_retry=False,
        )
        base = config.api_url.rstrip("/") + "/"
        self._http = open_session(timeout=config.timeout, rewrite=(_WRITTEN_DOWN, base))

    def _decode_result(self, res: requests.Response) -> Any:
        # The library drops bad bytes, and stumbles over an errcode that is no number.
        try:
            read = strict_json.read_object(res.content)
            read["errcode"] = int(read.get("errcode", 0))
        except (ValueError, TypeError):
            return res
        return {key: value for key, value in read.items() if key != "base_resp"}


class _Account:
    """What both accounts do alike: call, renew a dead token once, translate errors."""

    def __init__(self, config: WeChatConfig, tokens: AccessTokens) -> None:
        self._appid = config.appid
        self._secret = config.secret
        self._tokens = tokens
        self._client = _Client(config, tokens)

    def _call(self, operation: str, send: Callable[[], Any]) -> Any:
        """Call with a token; a token that WeChat calls dead is renewed and the call sent once more."""
        token = self._tokens.get()
        try:
            return self._once(operation, send)
        except PlatformError as error:
            if error.platform_code not in {str(code) for code in wechat_errors.DEAD_TOKEN}:
                raise
        self._tokens.refresh(token)
        return self._once(operation, send)

    @staticmethod
    def _once(operation: str, send: Callable[[], Any]) -> Any:
        try:
            return send()
        except WeChatClientException as error:
            if error.errcode is None:
                raise wechat_errors.from_status(error.response.status_code, operation=operation) from None
            raise wechat_errors.from_code(error.errcode, error.errmsg, operation=operation) from None
        except requests.RequestException as error:
            raise failure(error, platform="wechat", operation=operation) from None

    def _object(self, operation: str, send: Callable[[], Any]) -> dict[str, Any]:
        return _an_object(operation, self._call(operation, send))


class MiniProgram(_Account):
    """The mini-program (小程序). One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def code_to_session(self, code: str) -> WeChatLogin:
        """Turn the code of wx.login (five minutes, one use) into who it is. Refused: ask for a new code."""
        operation = "code_to_session"
        _must(operation, "invalid_code", ok=_CODE.fullmatch(code) is not None)
        # The library's own method adds an access token to the address, beside the secret. Pairs instead of a
        # dict keep it from doing so, and save the fetching of a token.
        asked = [
            ("appid", self._appid),
            ("secret", self._secret),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ]
        answer = self._once(
            operation,
            lambda: self._client.get("sns/jscode2session", api_base_url=_WRITTEN_DOWN, params=asked),
        )
        return _login(_an_object(operation, answer))

    def phone_number(self, code: str) -> str:
        """Turn the code of the phone button into the number; a foreign one keeps its country code."""
        operation = "phone_number"
        _must(operation, "invalid_code", ok=_CODE.fullmatch(code) is not None)
        url = f"{_WRITTEN_DOWN}wxa/business/getuserphonenumber"
        read = self._object(operation, lambda: self._client.post(url, data={"code": code}))
        with wechat_errors.reading(operation):
            info = strict_json.object_of(read, "phone_info")
            number = strict_json.text_of(info, "phoneNumber", longest=26)
            if strict_json.object_of(info, "watermark").get("appid") != self._appid:
                raise ValueError("the number was given to another app")
            if _PHONE.fullmatch(number) is None:
                raise ValueError("phoneNumber is not a number")
            return number

    def send_subscribe_message(
        self, *, openid: str, template_id: str, page: str, data: dict[str, str]
    ) -> None:
        """Send one subscribe message (订阅消息). Refused 43101: no consent left; 47003: a field is wrong."""
        operation = "send_subscribe_message"
        _must(operation, "invalid_openid", ok=_OPENID.fullmatch(openid) is not None)
        _must(operation, "invalid_template_id", ok=_OPENID.fullmatch(template_id) is not None)
        fields = {clean(key): {"value": one_line(value, longest=200)} for key, value in data.items()}
        wxa = self._client.wxa
        self._object(
            operation, lambda: wxa.send_subscribe_message(openid, template_id, fields, page=clean(page))
        )

    def unlimited_code(self, *, scene: str, page: str, width: int = 430) -> bytes:
        """Draw a mini-program code (小程序码) as PNG or JPEG. `scene`: 32 visible characters, no %."""
        operation = "unlimited_code"
        _must(operation, "invalid_scene", ok=_SCENE.fullmatch(scene) is not None)
        _must(operation, "invalid_page", ok=_PAGE.fullmatch(page) is not None)
        _must(operation, "invalid_width", ok=width in _WIDTHS)
        wxa = self._client.wxa
        answer = self._call(operation, lambda: wxa.get_wxa_code_unlimited(scene, width=width, page=page))
        picture = answer.content if isinstance(answer, requests.Response) else b""
        if not picture.startswith(_PICTURES):
            raise wechat_errors.unreadable(operation, "not a picture")
        return bytes(picture)


class OfficialAccount(_Account):
    """The official account (公众号). One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def unionid(self, openid: str) -> str | None:
        """Tell the id that joins this follower with the same person in the mini-program, if any."""
        operation = "unionid"
        _must(operation, "invalid_openid", ok=_OPENID.fullmatch(openid) is not None)
        read = self._object(operation, lambda: self._client.user.get(openid))
        with wechat_errors.reading(operation):
            return strict_json.optional_text(read, "unionid")

    def send_text(self, openid: str, text: str) -> None:
        """Send a text within 48 hours of the follower's last message (客服消息). Refused 45015: too late."""
        operation = "send_text"
        _must(operation, "invalid_openid", ok=_OPENID.fullmatch(openid) is not None)
        words = within_bytes(text, _LONGEST_TEXT)
        self._object(operation, lambda: self._client.message.send_text(openid, words))


def _an_object(operation: str, answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise wechat_errors.unreadable(operation, "not a JSON object")
    return answer


def _login(read: dict[str, Any]) -> WeChatLogin:
    with wechat_errors.reading("code_to_session"):
        openid = strict_json.text_of(read, "openid", longest=64)
        if _OPENID.fullmatch(openid) is None:
            raise ValueError("openid is no openid")
        return WeChatLogin(openid, strict_json.optional_text(read, "unionid"))


def _must(operation: str, code: str, *, ok: bool) -> None:
    if not ok:
        raise Refused("wechat", operation, platform_code=code, detail="not sent")
