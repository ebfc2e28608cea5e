"""Paying in one tap and seeing what became of it (一键支付): /payments."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.fees.models import BillState
from miniprogram_api.refunds import RefundOut
from payments import queries, refund_views, service
from payments.models import CHANNEL_NAMES, Attempt, Channel
from payments.refund_views import Shown
from web.callers import CITIZEN, CITIZEN_OR_COMPANY, acting_for, current_citizen_id, tap_owner
from web.door import Door, claim_of_tap
from web.times import ShanghaiTime

door = Door("payments", __name__, url_prefix="/api/v1/payments")

_MOST_BILLS = 20
_TEXTS = {"waiting": "正在等支付结果", "paid": "已支付", "closed": "已关闭，没有扣款"}


def _shown_state(attempt: Attempt) -> str:
    """What the phone shows: `sending` and `closing` are both simply not decided yet."""
    return {"sending": "waiting", "closing": "waiting"}.get(attempt.state, attempt.state)


def _state_text(attempt: Attempt) -> str:
    """The same for people, and what became of the money afterwards."""
    return _money_text(attempt, failed_fen=0)


def _money_text(attempt: Attempt, *, failed_fen: int) -> str:
    if attempt.refunded_fen == attempt.amount_fen:
        return "已全部退款"
    if attempt.reserved_fen > failed_fen:
        return "已支付，正在退款"
    if failed_fen:
        return "已支付，有退款没能退回，请看退款说明"
    if attempt.refunded_fen:
        return "已支付，退了一部分"
    return _TEXTS[_shown_state(attempt)]


class PaymentIn(Schema):
    """Which bills, through which channel; amounts are never taken from the phone."""

    bill_nos = fields.List(
        fields.String(validate=validate.Length(1, 32)),
        required=True,
        validate=validate.Length(1, _MOST_BILLS, error="请选择要缴的费用，一次最多20笔"),
    )
    channel = fields.String(required=True, validate=validate.OneOf(["wechat", "alipay"]))


class PaidBillOut(Schema):
    """One bill of a payment; `refund_hint` says why it cannot be asked back now, once it was paid."""

    bill_no = fields.String()
    title = fields.String()
    amount_fen = fields.Integer()
    refunded_fen = fields.Integer()
    state = fields.String(metadata={"enum": [state.value for state in BillState]})
    receipt_no = fields.String(allow_none=True)
    refundable = fields.Boolean()
    refund_hint = fields.String(allow_none=True)


class PaymentOut(Schema):
    """A payment; `paid` only once the channel has proven it."""

    payment_no = fields.String()
    state = fields.Function(_shown_state, metadata={"type": "string", "enum": ["waiting", "closed", "paid"]})
    state_text = fields.Function(_state_text, metadata={"type": "string"})
    channel = fields.String(metadata={"enum": [channel.value for channel in Channel]})
    channel_text = fields.Function(
        lambda attempt: CHANNEL_NAMES[Channel(attempt.channel)], metadata={"type": "string"}
    )
    amount_fen = fields.Integer()
    refunded_fen = fields.Integer()
    returning_fen = fields.Integer(
        attribute="reserved_fen", metadata={"description": "on its way back, not there yet"}
    )
    description = fields.String()
    created_at = ShanghaiTime()
    expires_at = ShanghaiTime()
    paid_at = ShanghaiTime(allow_none=True)
    invoke = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        allow_none=True,
        metadata={
            "x-optional": True,
            "description": "what wx.requestPayment or my.tradePay takes; only when paying, null once paid",
        },
    )
    bills = fields.List(
        fields.Nested(PaidBillOut), metadata={"x-optional": True, "description": "only when showing"}
    )
    refunds = fields.List(
        fields.Nested(RefundOut), metadata={"x-optional": True, "description": "only when showing"}
    )


@door.post("", auth=CITIZEN_OR_COMPANY, takes=PaymentIn, gives=PaymentOut, status=201, keyed=True)
def pay(data: dict[str, Any]) -> ResponseReturnValue:
    """Pay one or many bills in one tap (一键支付); the same key finds the same payment again."""
    wish = service.Wish(
        citizen_id=current_citizen_id(),
        bill_nos=tuple(dict.fromkeys(data["bill_nos"])),
        channel=data["channel"],
        claim=claim_of_tap(tap_owner()),
        organisation_id=acting_for(),
    )
    started = service.start(wish)
    return {**PaymentOut(exclude=["bills", "refunds"]).dump(started.attempt), "invoke": started.invoke}, 201


@door.get("/<payment_no>", auth=CITIZEN, gives=PaymentOut)
def show_payment(payment_no: str) -> ResponseReturnValue:
    """Show a payment (支付结果); the channel is asked when we are not sure."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        attempt = queries.of_payer(session, citizen_id=citizen_id, payment_no=payment_no)
    service.refresh(attempt)
    with unit_of_work() as session:
        attempt = queries.of_payer(session, citizen_id=citizen_id, payment_no=payment_no)
        refunds = refund_views.of_payment(session, attempt=attempt)
        # Still owed and set aside, but no longer on its way.
        failed_fen = sum(view.amount_fen for view in refunds if view.state == Shown.FAILED)
        return {
            **PaymentOut(exclude=["bills", "invoke", "refunds"]).dump(attempt),
            "state_text": _money_text(attempt, failed_fen=failed_fen),
            "returning_fen": attempt.reserved_fen - failed_fen,
            "bills": PaidBillOut(many=True).dump(refund_views.parts_of(session, attempt=attempt)),
            "refunds": RefundOut(many=True).dump(refunds),
        }
