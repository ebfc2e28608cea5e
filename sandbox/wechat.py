"""WeChat's API host (api.weixin.qq.com) for a mini-program and an official account."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, request

from . import breakage
from .message_templates import FIELDS, KEY_OF, TITLES
from .wechat_code import check_request, draw
from .wechat_errors import FAULT_KINDS, Refusal, answer, done
from .wechat_fields import check_data
from .wechat_office import Office
from .world import Person, World

LONGEST_TEXT = 2048
LONGEST_PAGE = 1024
STATES = {"developer", "trial", "formal"}
LANGUAGES = {"zh_CN", "en_US", "zh_HK", "zh_TW"}
PAGE = re.compile(r"[\w\-./]+(?:\?[^#\s]*)?", re.ASCII)

View = Callable[[], Response]


def blueprint(world: World, office: Office) -> Blueprint:
    """Serve the API. Business refusals are HTTP 200 with an errcode, as on the platform."""
    door = Blueprint("wechat", __name__)
    _add_tokens(door, world, office)
    _add_login(door, world, office)
    _add_followers(door, world, office)
    _add_messages(door, world, office)
    _add_pictures(door, world, office)
    return door


def _route(door: Blueprint, world: World, office: Office, *, path: str, verb: str) -> Callable[[View], View]:
    """Add an operation: the wrong verb is 43001 or 43002, planned errors come before or after the work."""

    def add(view: View) -> View:
        def serve() -> Response:
            try:
                answered = _serve(view, world, office, verb=verb)
            except Refusal as refusal:
                g.verdict = f"errcode {refusal.code}"
                return refusal.answer()
            return answered

        door.add_url_rule(path, view.__name__, serve, methods=["GET", "POST"])
        return view

    return add


def _serve(view: View, world: World, office: Office, *, verb: str) -> Response:
    if request.method != verb:
        raise Refusal(43001 if verb == "GET" else 43002)
    fault = breakage.take(world, request.endpoint or "", "token_revoked", *FAULT_KINDS)
    if fault is None:
        return view()
    token = request.args.get("access_token")
    if fault.kind == "token_revoked":
        office.tokens.revoke(token)
        raise Refusal(40001)
    if fault.kind == "42001":
        office.tokens.expire(token)
    if fault.detail.get("after"):
        view()
    raise Refusal(int(fault.kind))


def _add_tokens(door: Blueprint, world: World, office: Office) -> None:
    @_route(door, world, office, path="/cgi-bin/token", verb="GET")
    def token() -> Response:
        if request.args.get("grant_type") != "client_credential":
            raise Refusal(40002)
        appid = _check_account(world, request.args.get("appid"), request.args.get("secret"))
        value, seconds = office.tokens.plain(appid)
        return answer({"access_token": value, "expires_in": seconds})

    @_route(door, world, office, path="/cgi-bin/stable_token", verb="POST")
    def stable_token() -> Response:
        asked = _body()
        if asked.get("grant_type") != "client_credential":
            raise Refusal(40002)
        appid = _check_account(world, asked.get("appid"), asked.get("secret"))
        value, seconds = office.tokens.stable(appid, force=asked.get("force_refresh") is True)
        return answer({"access_token": value, "expires_in": seconds})


def _add_login(door: Blueprint, world: World, office: Office) -> None:
    @_route(door, world, office, path="/sns/jscode2session", verb="GET")
    def jscode2session() -> Response:
        # A stray access_token in the query (wechatpy adds one) is ignored, as on the platform.
        appid = _check_account(world, request.args.get("appid"), request.args.get("secret"))
        code = request.args.get("js_code")
        if not code:
            raise Refusal(41008)
        if request.args.get("grant_type") != "authorization_code":
            raise Refusal(40002)
        person, session_key = office.log_in(code, appid)
        told = {"session_key": session_key, "openid": person.mini_openid, "unionid": person.unionid}
        return answer(told, "text/plain")

    @_route(door, world, office, path="/wxa/business/getuserphonenumber", verb="POST")
    def getuserphonenumber() -> Response:
        appid = _account(office, world.keys.mini_appid)
        code = _body().get("code")
        if not isinstance(code, str) or not code:
            raise Refusal(40029)
        person = office.phone_of(code, appid)
        number = {
            "phoneNumber": person.phone,
            "purePhoneNumber": person.phone,
            "countryCode": "86",
            "watermark": {"timestamp": int(world.clock.now().timestamp()), "appid": appid},
        }
        return done(phone_info=number)


def _add_followers(door: Blueprint, world: World, office: Office) -> None:
    @_route(door, world, office, path="/cgi-bin/user/info", verb="GET")
    def user_info() -> Response:
        appid = _account(office, world.keys.oa_appid)
        person = _reader(world, appid, request.args.get("openid"))
        if not person.follows:
            return answer({"subscribe": 0, "openid": person.oa_openid})
        since = world.clock.now() - timedelta(days=30)
        return answer(
            {
                "subscribe": 1,
                "openid": person.oa_openid,
                "language": request.args.get("lang", "zh_CN"),
                "subscribe_time": int(since.timestamp()),
                "unionid": person.unionid,
                "remark": "",
                "groupid": 0,
                "tagid_list": [],
                "subscribe_scene": "ADD_SCENE_SEARCH",
                "qr_scene": 0,
                "qr_scene_str": "",
            }
        )


def _add_messages(door: Blueprint, world: World, office: Office) -> None:
    @_route(door, world, office, path="/cgi-bin/message/subscribe/send", verb="POST")
    def send_subscribe_message() -> Response:
        appid = _account(office, world.keys.mini_appid)
        asked = _body()
        person = _reader(world, appid, asked.get("touser"))
        template_id = str(asked.get("template_id") or "")
        data = check_data(template_id, asked.get("data"))
        page = _check_page(office, asked.get("page"))
        if (
            asked.get("miniprogram_state", "formal") not in STATES
            or asked.get("lang", "zh_CN") not in LANGUAGES
        ):
            raise Refusal(47003, "miniprogram_state or lang invalid")
        office.spend_credit(person, template_id)
        key = KEY_OF[template_id]
        lines = [TITLES[key], *(f"{FIELDS[key][name]}：{value}" for name, value in data.items())]
        world.deliver(person, channel="wechat_subscribe", text="\n".join(lines), data=data, page=page)
        return done()

    @_route(door, world, office, path="/cgi-bin/message/custom/send", verb="POST")
    def send_custom_message() -> Response:
        appid = office.tokens.check(request.args.get("access_token"))
        asked = _body()
        person = _reader(world, appid, asked.get("touser"))
        text = _custom_text(asked)
        if appid == world.keys.oa_appid and not person.follows:
            raise Refusal(43004)
        office.use_window(str(asked["touser"]))
        world.deliver(person, channel="wechat_custom", text=text)
        office.say(person, who="account", text=text)
        return done()


def _add_pictures(door: Blueprint, world: World, office: Office) -> None:
    @_route(door, world, office, path="/wxa/getwxacodeunlimit", verb="POST")
    def getwxacodeunlimit() -> Response:
        _account(office, world.keys.mini_appid)
        asked = check_request(_body(), pages=office.pages)
        office.keep_scene(asked.scene, asked.page)
        return Response(draw(asked.scene, width=asked.width), mimetype="image/jpeg")


def _check_account(world: World, appid: Any, secret: Any) -> str:
    if not appid:
        raise Refusal(41002)
    if not secret:
        raise Refusal(41004)
    secrets_of = {
        world.keys.mini_appid: world.keys.mini_secret,
        world.keys.oa_appid: world.keys.oa_secret,
    }
    if appid not in secrets_of:
        raise Refusal(40013)
    if secret != secrets_of[appid]:
        raise Refusal(40125)
    return str(appid)


def _account(office: Office, wanted: str) -> str:
    """Check the token and that its account may use this operation; 48001 when it is the other one."""
    appid = office.tokens.check(request.args.get("access_token"))
    if appid != wanted:
        raise Refusal(48001)
    return appid


def _reader(world: World, appid: str, openid: Any) -> Person:
    """Find the receiver; an openid belongs to one account only."""
    person = world.by_openid(openid) if isinstance(openid, str) else None
    own = {world.keys.mini_appid: "mini_openid", world.keys.oa_appid: "oa_openid"}[appid]
    if person is None or getattr(person, own) != openid:
        raise Refusal(40003)
    return person


def _check_page(office: Office, page: Any) -> str | None:
    if page is None or page == "":
        return None
    if not isinstance(page, str) or len(page) > LONGEST_PAGE or not PAGE.fullmatch(page) or page[0] == "/":
        raise Refusal(41030)
    if office.pages and page.partition("?")[0] not in office.pages:
        raise Refusal(41030)
    return page


def _custom_text(asked: dict[str, Any]) -> str:
    if asked.get("msgtype") != "text":
        raise Refusal(40008)
    content = asked.get("text")
    text = content.get("content") if isinstance(content, dict) else None
    if not isinstance(text, str) or not text:
        raise Refusal(44004)
    if len(text.encode(errors="replace")) > LONGEST_TEXT:
        raise Refusal(45002)
    return text


def _body() -> dict[str, Any]:
    """Read the JSON body, whatever its Content-Type says; raises Refusal 44002 or 47001."""
    raw = request.get_data()
    if not raw:
        raise Refusal(44002)
    try:
        asked = json.loads(raw)
    except ValueError as error:
        raise Refusal(47001) from error
    if not isinstance(asked, dict):
        raise Refusal(47001)
    return asked
