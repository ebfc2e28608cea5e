"""Logging in, staying logged in, logging out (登录): /sessions."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app import settings
from app.db import unit_of_work
from app.errors import Forbidden, Unauthenticated
from app.people import queries, service, sessions, sms_codes
from app.people.errors import SmsCodeWrong
from app.people.models import Platform
from miniprogram_api.asking import asking
from platforms import directory
from web.callers import CITIZEN, PUBLIC, current_caller
from web.door import Door

door = Door("sessions", __name__, url_prefix="/api/v1/sessions")


_DEMO = "demo"
_CHOSEN = {"x-optional": True}


class LoginCodeRefused(Unauthenticated):
    """The platform does not take the code: used, too old, or not its own."""

    code = "login_code_refused"
    message = "登录凭证已失效，请重新打开小程序再试"


class DemoLoginOff(Forbidden):
    """Nobody may be a demo citizen here: production, or beside the real WeChat."""

    code = "demo_login_off"
    message = "这里不能用演示身份登录，请用微信、支付宝或手机号登录"


class SessionIn(Schema):
    """The code of wx.login or my.getAuthCode; `h5` takes a phone number and its SMS code.

    `demo` takes the key of one of /bootstrap's personas, and is refused in production.
    """

    platform = fields.String(required=True, validate=validate.OneOf(["wechat", "alipay", "h5", _DEMO]))
    code = fields.String(required=True, validate=validate.Length(1, 256))
    phone = fields.String(validate=validate.Length(1, 40))

    @validates_schema
    def _a_phone_for_h5(self, data: dict[str, Any], **_: Any) -> None:
        if data["platform"] == Platform.H5 and "phone" not in data:
            raise ValidationError("请填写手机号", "phone")


class RefreshIn(Schema):
    """The refresh token; it works once, and again only with the `key` of a renewal whose answer was lost."""

    refresh_token = fields.String(required=True, validate=validate.Length(1, 128))
    key = fields.String(
        validate=validate.Length(16, 64),
        metadata={"description": "chance made for this renewal, kept until it was answered"},
    )


class QuietHoursOut(Schema):
    """When not to disturb, local time."""

    start = fields.String(attribute="from", data_key="from")
    end = fields.String(attribute="to", data_key="to")


class PreferencesOut(Schema):
    """What was chosen; what never was is absent."""

    channels = fields.List(fields.String(metadata={"enum": ["wechat", "alipay", "sms"]}), metadata=_CHOSEN)
    quiet_hours = fields.Nested(QuietHoursOut, allow_none=True, metadata=_CHOSEN)
    elder_mode = fields.Boolean(metadata=_CHOSEN)
    district = fields.String(
        allow_none=True,
        metadata=_CHOSEN | {"description": "where I live or trade: six digits, see /centres"},
    )
    language = fields.String(metadata=_CHOSEN | {"enum": ["zh-CN", "en"]})


class CitizenOut(Schema):
    """The citizen, with name, number and phone masked; `id` is opaque and stable."""

    id = fields.String()
    name = fields.String(allow_none=True)
    id_number = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    assurance = fields.Integer(metadata={"description": "0 platform, 1 phone, 2 real name"})
    platforms = fields.List(fields.String())
    preferences = fields.Nested(PreferencesOut)
    closing_on = fields.Date(
        allow_none=True, metadata={"description": "the day on which the account ends, when I wished so"}
    )


class SessionOut(Schema):
    """What the phone keeps; `expires_in` is in seconds and is the access token's."""

    access_token = fields.String()
    refresh_token = fields.String()
    expires_in = fields.Integer()
    citizen = fields.Nested(CitizenOut)


@door.post("", auth=PUBLIC, takes=SessionIn, gives=SessionOut, status=201)
def log_in(data: dict[str, Any]) -> ResponseReturnValue:
    """Log in; the first login makes the citizen (登录)."""
    if data["platform"] == Platform.WECHAT:
        return _log_in_by_wechat(data["code"])
    if data["platform"] == _DEMO:
        return _log_in_by_wechat(_code_of_persona(data["code"]))
    if data["platform"] == Platform.ALIPAY:
        return _log_in_by_alipay(data["code"])
    return _log_in_by_phone(data["phone"], data["code"])


@door.post("/refresh", auth=PUBLIC, takes=RefreshIn, gives=SessionOut)
def refresh(data: dict[str, Any]) -> ResponseReturnValue:
    """Go on with new tokens; a refresh token used twice ends every session of its login (续期)."""
    with unit_of_work() as session:
        rotated = sessions.rotate(session, refresh_token=data["refresh_token"], key=data.get("key"))
        shown = None if rotated is None else _shown(session, *rotated)
    if shown is None:
        raise sessions.SessionOver
    return shown


@door.delete("/current", auth=CITIZEN, status=204)
def log_out() -> ResponseReturnValue:
    """Log out on this phone (退出登录)."""
    with unit_of_work() as session:
        sessions.end(session, family=current_caller().family)
    return Response(status=204)


def _log_in_by_wechat(code: str) -> dict[str, Any]:
    with asking("微信", refused=LoginCodeRefused):
        login = directory.current().mini_program.code_to_session(code)
    with unit_of_work() as session:
        citizen = service.enter_by_wechat(
            session,
            app_id=settings.current().wechat.mini_appid,
            open_id=login.openid,
            union_id=login.unionid,
        )
        return _opened(session, citizen.id, Platform.WECHAT)


def _code_of_persona(key: str) -> str:
    """The login code of a sandbox person's phone; from there on it is a WeChat login like any other."""
    demo = directory.current().demo
    if demo is None or settings.current().production:
        raise DemoLoginOff
    with asking("演示环境", refused=LoginCodeRefused):
        return demo.login_code(key)


def _log_in_by_alipay(code: str) -> dict[str, Any]:
    with asking("支付宝", refused=LoginCodeRefused):
        login = directory.current().alipay.login(code)
    with unit_of_work() as session:
        citizen = service.enter_by_alipay(
            session,
            app_id=settings.current().alipay.app_id,
            open_id=login.open_id or login.user_id or "",
            user_id=login.user_id,
        )
        return _opened(session, citizen.id, Platform.ALIPAY)


def _log_in_by_phone(phone: str, code: str) -> dict[str, Any]:
    shown = None
    with unit_of_work() as session:
        if sms_codes.redeem(session, phone=phone, code=code):
            citizen = service.enter_by_phone(session, phone=phone)
            shown = _opened(session, citizen.id, Platform.H5)
    if shown is None:
        raise SmsCodeWrong
    return shown


def _opened(session: Any, citizen_id: int, platform: Platform) -> dict[str, Any]:
    tokens = sessions.open_for(session, citizen_id=citizen_id, platform=platform)
    return _shown(session, tokens, citizen_id)


def _shown(session: Any, tokens: sessions.Tokens, citizen_id: int) -> dict[str, Any]:
    return dict(
        SessionOut().dump(
            {
                "access_token": tokens.access_token,
                "refresh_token": tokens.refresh_token,
                "expires_in": tokens.expires_in,
                "citizen": queries.profile(session, citizen_id=citizen_id),
            }
        )
    )
