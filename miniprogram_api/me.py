"""The citizen's own page (我的): /me."""

from collections.abc import Callable, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.appointments import queries as appointments
from app.cases import queries as cases
from app.certificates import queries as certificates
from app.db import unit_of_work
from app.errors import Invalid
from app.fees import queries as fees
from app.people import queries, service, sms_codes
from app.people.errors import SmsCodeWrong
from app.people.models import Platform
from miniprogram_api import case_shapes, consents
from miniprogram_api.appointments import AppointmentOut
from miniprogram_api.asking import asking
from miniprogram_api.bills import BillOut
from miniprogram_api.case_shapes import CaseBriefOut
from miniprogram_api.certificates import CertificateOut
from miniprogram_api.consents import ConsentOut
from miniprogram_api.sessions import CitizenOut
from platforms import directory
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.paging import USUAL, page

door = Door("me", __name__, url_prefix="/api/v1/me")

_CHANNELS = ("wechat", "alipay", "sms")
_PROOF = {"wechat": ("code",), "alipay": ("response",), "h5": ("phone", "code")}
_HOUR = validate.Regexp(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z", error="请填写如 22:00 的时间")


class PhoneProofRefused(Invalid):
    """The platform does not vouch for a number with this code or response."""

    code = "phone_proof_refused"
    message = "没有取到手机号，请重新点击“获取手机号”"


class QuietHours(Schema):
    """When not to disturb, local time; `from` may be later than `to` (over midnight)."""

    start = fields.String(required=True, validate=_HOUR, data_key="from")
    end = fields.String(required=True, validate=_HOUR, data_key="to")


class PreferencesIn(Schema):
    """What may be preferred; what is not sent stays."""

    channels = fields.List(fields.String(validate=validate.OneOf(_CHANNELS)), validate=validate.Length(0, 3))
    quiet_hours = fields.Nested(QuietHours, allow_none=True)
    elder_mode = fields.Boolean(truthy={True}, falsy={False})
    district = fields.String(
        allow_none=True, validate=validate.Regexp(r"[0-9]{6}\Z", error="区县应是六位编码")
    )
    language = fields.String(validate=validate.OneOf(["zh-CN", "en"]))


class MeIn(Schema):
    """Changes to one's own page."""

    preferences = fields.Nested(PreferencesIn, required=True)


class PhoneIn(Schema):
    """The proof of a number: WeChat's button `code`, Alipay's `response`, or `phone` with its SMS `code`."""

    platform = fields.String(required=True, validate=validate.OneOf(["wechat", "alipay", "h5"]))
    code = fields.String(validate=validate.Length(1, 256))
    response = fields.String(validate=validate.Length(1, 8192))
    phone = fields.String(validate=validate.Length(1, 40))

    @validates_schema
    def _what_the_platform_needs(self, data: dict[str, Any], **_: Any) -> None:
        missing = [name for name in _PROOF[data["platform"]] if name not in data]
        if missing:
            raise ValidationError({name: ["缺少这一项，请返回重试"] for name in missing})


def _list_of(shape: type[Schema]) -> fields.Nested:
    listed: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(shape)),
        "next_cursor": fields.String(allow_none=True),
    }
    page_of = Schema.from_dict(listed, name=f"{shape.__name__}List")
    page_of.__module__ = shape.__module__  # the document names it beside its items
    return fields.Nested(page_of)


class FileOut(Schema):
    """What is kept about a citizen, by kind; each list is the first page of its own address."""

    citizen = fields.Nested(CitizenOut)
    cases = _list_of(CaseBriefOut)
    certificates = _list_of(CertificateOut)
    bills = _list_of(BillOut)
    appointments = _list_of(AppointmentOut)
    consents = fields.List(fields.Nested(ConsentOut))


@door.get("", auth=CITIZEN, gives=CitizenOut)
def show_me() -> ResponseReturnValue:
    """Show my page: masked name, number and phone, preferences (我的资料)."""
    with unit_of_work() as session:
        return dict(CitizenOut().dump(queries.profile(session, citizen_id=current_citizen_id())))


@door.patch("", auth=CITIZEN, takes=MeIn, gives=CitizenOut)
def change_me(data: dict[str, Any]) -> ResponseReturnValue:
    """Change what I prefer (偏好设置)."""
    changes = PreferencesIn().dump(data["preferences"])
    with unit_of_work() as session:
        service.change_preferences(session, citizen_id=current_citizen_id(), changes=dict(changes))
        return dict(CitizenOut().dump(queries.profile(session, citizen_id=current_citizen_id())))


@door.post("/phone", auth=CITIZEN, takes=PhoneIn, gives=CitizenOut)
def bind_phone(data: dict[str, Any]) -> ResponseReturnValue:
    """Keep the number that the platform, or a code sent to it, vouches for (绑定手机号)."""
    number = data["phone"] if data["platform"] == Platform.H5 else _vouched(data)
    bound = None
    with unit_of_work() as session:
        if data["platform"] != Platform.H5 or sms_codes.redeem(session, phone=number, code=data["code"]):
            citizen = service.bind_phone(session, citizen_id=current_citizen_id(), phone=number)
            bound = CitizenOut().dump(queries.profile(session, citizen_id=citizen.id))
    if bound is None:
        raise SmsCodeWrong
    return dict(bound)


@door.get("/file", auth=CITIZEN, gives=FileOut)
def show_file() -> ResponseReturnValue:
    """Show all that is kept about me in one place, the newest of each first (一人一档).

    Each list goes on at its own address with its `next_cursor`.
    """
    with unit_of_work() as session:
        mine: dict[str, Any] = {"citizen_id": current_citizen_id(), "limit": USUAL + 1}
        return {
            "citizen": CitizenOut().dump(queries.profile(session, citizen_id=current_citizen_id())),
            "cases": _newest(cases.of_citizen(session, **mine), case_shapes.brief),
            "certificates": _newest(certificates.of_citizen(session, **mine), CertificateOut().dump),
            "bills": _newest(fees.of_citizen(session, **mine), BillOut().dump),
            "appointments": _newest(appointments.of_citizen(session, **mine), AppointmentOut().dump),
            "consents": consents.shown(session, citizen_id=current_citizen_id()),
        }


def _newest(found: Sequence[Any], dump: Callable[[Any], Any]) -> dict[str, Any]:
    return page(found, limit=USUAL, dump=dump, key=lambda row: int(row.id))


def _vouched(data: dict[str, Any]) -> str:
    if data["platform"] == Platform.WECHAT:
        with asking("微信", refused=PhoneProofRefused):
            return directory.current().mini_program.phone_number(data["code"])
    with asking("支付宝", refused=PhoneProofRefused):
        return directory.current().alipay.phone_number(data["response"])
