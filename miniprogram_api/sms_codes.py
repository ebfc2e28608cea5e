"""Sending a code to a phone (短信验证码): /sms-codes."""

import logging
from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.errors import Invalid, Unavailable
from app.people import sms_codes
from miniprogram_api import addresses
from miniprogram_api.asking import asking, certainly_not_done
from platforms import directory
from platforms.errors import PlatformError, Unknown
from web.callers import PUBLIC
from web.door import Door

log = logging.getLogger(__name__)

door = Door("sms_codes", __name__, url_prefix="/api/v1/sms-codes")

TEMPLATE = "login_code"


class SmsMaybeLate(Unavailable):
    """Nobody knows whether the message left; a code that arrives works."""

    code = "sms_maybe_late"
    message = "短信可能会晚到，请等一分钟，没收到再重新获取"


class SmsRefused(Invalid):
    """The gateway does not send to this number."""

    code = "sms_refused"
    message = "短信没有发出，请核对手机号后再试；还是收不到请拨打12345"


class SmsCodeIn(Schema):
    """Where to send the code."""

    phone = fields.String(required=True, validate=validate.Length(1, 40))


class SmsCodeOut(Schema):
    """How long the code works and when another may be asked for, in seconds."""

    expires_in = fields.Integer()
    retry_after = fields.Integer()


@door.post("", auth=PUBLIC, takes=SmsCodeIn, gives=SmsCodeOut, status=202)
def send_code(data: dict[str, Any]) -> ResponseReturnValue:
    """Send a code to a phone: six digits, five minutes, one use (获取验证码)."""
    with unit_of_work() as session:
        ordered = sms_codes.order(session, phone=data["phone"], caller_address=addresses.address())
    with asking("短信服务", refused=SmsRefused):
        message_id = _send(ordered)
    with unit_of_work() as session:
        sms_codes.sent(session, code_id=ordered.id, message_id=message_id)
    return dict(
        SmsCodeOut().dump(
            {
                "expires_in": sms_codes.VALID_FOR.total_seconds(),
                "retry_after": sms_codes.PER_PHONE[0].span.total_seconds(),
            }
        )
    )


def _send(ordered: sms_codes.Ordered) -> str:
    """Send, and void the code when it certainly did not go out, so that the phone may ask again at once."""
    minutes = int(sms_codes.VALID_FOR.total_seconds()) // 60
    try:
        return directory.current().sms.send(
            phone=ordered.phone,
            template=TEMPLATE,
            params={"code": ordered.code, "minutes": str(minutes)},
        )
    except PlatformError as error:
        if certainly_not_done(error):
            with unit_of_work() as session:
                sms_codes.failed(session, code_id=ordered.id, reason=error.platform_code or "refused")
        if isinstance(error, Unknown):
            log.warning("sms_maybe_late", extra={"sms_code_id": ordered.id, "answer": error.platform_code})
            raise SmsMaybeLate from error
        raise
