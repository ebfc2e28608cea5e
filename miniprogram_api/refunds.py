"""Asking a fee back and seeing what becomes of it (申请退费): /payments/{payment_no}/refunds, /refunds."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate

from app.db import unit_of_work
from app.fees.refunding import REASON_LENGTH
from app.plain_text import readable
from payments import queries, refund_views, refunds
from payments.refund_views import Shown
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("refunds", __name__, url_prefix="/api/v1")

_LEAST_REASON = 2
_MOST_FEN = 10**12


def _says_why(text: str) -> None:
    """A reason that a clerk can read."""
    if not _LEAST_REASON <= len(readable(text)) <= REASON_LENGTH:
        raise ValidationError(f"请写明退费的原因，{_LEAST_REASON}到{REASON_LENGTH}个字")


class RefundIn(Schema):
    """What to give back; without `bill_no` the only bill, without `amount_fen` all that is left of it."""

    bill_no = fields.String(validate=validate.Length(1, 32))
    amount_fen = fields.Integer(
        strict=True, validate=validate.Range(1, _MOST_FEN, error="请填写要退的金额，至少1分")
    )
    reason = fields.String(required=True, validate=_says_why, error_messages={"required": "请写明退费的原因"})


class RefundOut(Schema):
    """Money that was asked back, or that goes back by itself; `state_text` says what happens next."""

    refund_no = fields.String()
    payment_no = fields.String()
    bill_no = fields.String()
    bill_name = fields.String()
    amount_fen = fields.Integer()
    reason = fields.String()
    automatic = fields.Boolean(metadata={"description": "nobody asked: paid twice, or for a void bill"})
    state = fields.String(metadata={"enum": [state.value for state in Shown]})
    state_text = fields.String()
    requested_at = ShanghaiTime()
    decided_at = ShanghaiTime(allow_none=True)
    decision_reason = fields.String(allow_none=True)
    finished_at = ShanghaiTime(allow_none=True)


@door.post(
    "/payments/<payment_no>/refunds",
    auth=CITIZEN,
    takes=RefundIn,
    gives=RefundOut,
    status=201,
    idempotent=True,
)
def ask(payment_no: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Ask a bill of my payment back (申请退费); the unit that charged decides."""
    wish = refunds.Wish(
        citizen_id=current_citizen_id(),
        payment_no=payment_no,
        reason=readable(data["reason"]),
        bill_no=data.get("bill_no"),
        amount_fen=data.get("amount_fen"),
    )
    with unit_of_work() as session:
        asked = refunds.ask(session, wish)
        view = refund_views.of_citizen_by_no(session, citizen_id=wish.citizen_id, refund_no=asked.refund_no)
        return dict(RefundOut().dump(view)), 201


@door.get("/payments/<payment_no>/refunds", auth=CITIZEN, gives=RefundOut, many=True)
def list_refunds_of_payment(payment_no: str) -> ResponseReturnValue:
    """List all that went or goes back of my payment, oldest first (这笔支付的退款)."""
    with unit_of_work() as session:
        attempt = queries.of_payer(session, citizen_id=current_citizen_id(), payment_no=payment_no)
        found = refund_views.of_payment(session, attempt=attempt)
        return {"items": RefundOut(many=True).dump(found), "next_cursor": None}


@door.get("/refunds", auth=CITIZEN, query=PageIn, gives=RefundOut, many=True)
def list_refunds(query: dict[str, Any]) -> ResponseReturnValue:
    """List what I asked back, newest first (我的退费申请)."""
    with unit_of_work() as session:
        found = refund_views.of_citizen(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=query["limit"] + 1
        )
        return page(found, limit=query["limit"], dump=RefundOut().dump, key=lambda view: view.id)


@door.get("/refunds/<refund_no>", auth=CITIZEN, gives=RefundOut)
def show_refund(refund_no: str) -> ResponseReturnValue:
    """Show one of my requests (退费进度)."""
    with unit_of_work() as session:
        view = refund_views.of_citizen_by_no(session, citizen_id=current_citizen_id(), refund_no=refund_no)
        return dict(RefundOut().dump(view))
