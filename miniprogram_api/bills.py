"""What I owe and what I paid (我的缴费): /bills and /receipts."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.fees import queries
from app.fees.models import BillState
from web.callers import CITIZEN, current_citizen_id
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


class ReceiptOut(Schema):
    """Proof that a bill was paid."""

    receipt_no = fields.String()
    issued_at = ShanghaiTime()
    bill = fields.Nested(BillOut)


@door.get("/bills", auth=CITIZEN, query=BillsIn, gives=BillOut, many=True)
def list_bills(query: dict[str, Any]) -> ResponseReturnValue:
    """List my bills, newest first (我的缴款通知)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session,
            citizen_id=current_citizen_id(),
            state=query.get("state"),
            before_id=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(found, limit=query["limit"], dump=BillOut().dump, key=lambda bill: bill.id)


@door.get("/bills/<bill_no>", auth=CITIZEN, gives=BillOut)
def show_bill(bill_no: str) -> ResponseReturnValue:
    """Show one of my bills (缴款通知)."""
    with unit_of_work() as session:
        bill = queries.of_citizen_by_no(session, citizen_id=current_citizen_id(), bill_no=bill_no)
        return dict(BillOut().dump(bill))


@door.get("/receipts", auth=CITIZEN, query=PageIn, gives=ReceiptOut, many=True)
def list_receipts(query: dict[str, Any]) -> ResponseReturnValue:
    """List my receipts, newest first (缴费凭证)."""
    with unit_of_work() as session:
        found = queries.receipts_of(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=query["limit"] + 1
        )
        return page(
            found,
            limit=query["limit"],
            dump=lambda pair: ReceiptOut().dump(
                {"receipt_no": pair[0].receipt_no, "issued_at": pair[0].issued_at, "bill": pair[1]}
            ),
            key=lambda pair: pair[0].id,
        )
