"""What I owe and what I paid (我的缴费): /bills."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.fees import queries
from app.fees.models import Bill, BillState
from payments import refunds
from payments.refunds import Standing
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("bills", __name__, url_prefix="/api/v1")


class BillsIn(PageIn):
    """Which bills to list."""

    state = fields.String(validate=validate.OneOf([state.value for state in BillState]))


class BillLineOut(Schema):
    """One fee with its legal basis."""

    fee_code = fields.String()
    name = fields.String()
    amount_fen = fields.Integer()
    basis = fields.String()


class BillOut(Schema):
    """A notice of what is owed; the amount comes from the server's fee table only."""

    bill_no = fields.String()
    title = fields.String()
    task_code = fields.String()
    amount_fen = fields.Integer()
    state = fields.String(metadata={"enum": [state.value for state in BillState]})
    issued_at = ShanghaiTime()
    paid_at = ShanghaiTime(allow_none=True)
    payment_no = fields.String(allow_none=True)
    channel = fields.String(allow_none=True)
    lines = fields.List(fields.Nested(BillLineOut))
    receipt_no = fields.Function(
        lambda bill: bill.receipt.receipt_no if bill.receipt else None,
        metadata={"type": ["string", "null"]},
    )


class MyBillOut(BillOut):
    """A bill with what came back of it; when it cannot be asked back now, `refund_hint` says why."""

    refunded_fen = fields.Integer()
    refundable = fields.Boolean()
    refund_hint = fields.String(allow_none=True)
    open_refund_no = fields.String(allow_none=True, metadata={"description": "of a request that is running"})


@door.get("/bills", auth=CITIZEN_OR_COMPANY, query=BillsIn, gives=MyBillOut, many=True)
def list_bills(query: dict[str, Any]) -> ResponseReturnValue:
    """List my bills, newest first (我的缴款通知)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            state=query.get("state"),
            before_id=query["cursor"],
            limit=query["limit"] + 1,
        )
        standings = refunds.standings(session, bills=found)
        return page(
            found,
            limit=query["limit"],
            dump=lambda bill: _with_standing(bill, standings.get(bill.id)),
            key=lambda bill: bill.id,
        )


@door.get("/bills/<bill_no>", auth=CITIZEN_OR_COMPANY, gives=MyBillOut)
def show_bill(bill_no: str) -> ResponseReturnValue:
    """Show one of my bills (缴款通知)."""
    with unit_of_work() as session:
        bill = queries.of_citizen_by_no(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), bill_no=bill_no
        )
        return _with_standing(bill, refunds.standings(session, bills=[bill]).get(bill.id))


def _with_standing(bill: Bill, standing: Standing | None) -> dict[str, Any]:
    refusal = refunds.why_not(standing) if standing is not None else None
    return {
        **BillOut().dump(bill),
        "refunded_fen": standing.refunded_fen if standing is not None else 0,
        "refundable": standing is not None and refusal is None,
        "refund_hint": refusal.sentence if refusal is not None else None,
        "open_refund_no": standing.open_refund_no if standing is not None else None,
    }
