"""Where the channels report to (支付回调). Verified before anything else; the same event is taken once.

Success is answered only once the outcome is in the database, so a crash makes the channel ask again.
"""

import logging

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.db import unit_of_work
from payments import truth
from payments.channels import channel
from payments.models import Channel, ChannelNotice
from platforms import directory
from platforms.errors import BadSignature, Malformed
from platforms.facts import Callback, RefundFact, TradeFact
from web.callers import SIGNED
from web.door import Door

log = logging.getLogger(__name__)

door = Door("payment_webhooks", __name__, url_prefix="/webhooks")


@door.post("/wechat-pay/transactions", auth=SIGNED)
def wechat_paid() -> ResponseReturnValue:
    """WeChat Pay says that something was paid."""
    return _from_wechat()


@door.post("/wechat-pay/refunds", auth=SIGNED)
def wechat_refunded() -> ResponseReturnValue:
    """WeChat Pay says how a refund ended."""
    return _from_wechat()


@door.post("/alipay/notify", auth=SIGNED)
def alipay_notified() -> ResponseReturnValue:
    """Alipay says that something was paid, refunded or closed; only the word `success` ends its retries."""
    try:
        told = directory.current().alipay.open_notify(
            request.get_data(cache=False), request.headers.get("Content-Type", "")
        )
    except (BadSignature, Malformed) as error:
        log.warning("callback_refused", extra={"channel": Channel.ALIPAY, "error": type(error).__name__})
        return Response("fail", status=401, mimetype="text/plain")
    _take(Channel.ALIPAY, told)
    return Response("success", mimetype="text/plain")


def _from_wechat() -> ResponseReturnValue:
    try:
        told = directory.current().wechat_pay.open_callback(
            dict(request.headers.items()), request.get_data(cache=False)
        )
    except (BadSignature, Malformed) as error:
        log.warning("callback_refused", extra={"channel": Channel.WECHAT, "error": type(error).__name__})
        return {"code": "FAIL", "message": "签名或内容无效"}, 401
    _take(Channel.WECHAT, told)
    return Response(status=204)


def _take(name: Channel, told: Callback) -> None:
    with unit_of_work() as session:
        if not _first_time(session, name, told.event_id):
            return
        if isinstance(told.fact, TradeFact):
            truth.apply_trade(session, channel=channel(name), fact=told.fact, source="callback")
        elif isinstance(told.fact, RefundFact):
            truth.apply_refund(session, fact=told.fact)


def _first_time(session: Session, name: Channel, event_id: str) -> bool:
    taken = session.scalar(
        insert(ChannelNotice)
        .values(channel=name.value, event_id=event_id, received_at=clock.now())
        .on_conflict_do_nothing()
        .returning(ChannelNotice.id)
    )
    return taken is not None
