"""Proof that I paid (缴费凭证): /receipts."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.cases import queries as cases
from app.db import Session, unit_of_work
from app.fees import queries
from app.fees.models import Bill, Receipt
from app.organisations import queries as organisations
from app.people import queries as people
from miniprogram_api.bills import BillOut
from payments import queries as payments
from payments import refunds
from payments.models import CHANNEL_NAMES, Channel
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("receipts", __name__, url_prefix="/api/v1/receipts")

# Before the treasury has confirmed, a receipt proves the payment and is no fiscal bill (财政电子票据).
_KIND = "缴费凭证"
_NOTE = "这是缴费凭证，证明款项已经缴到。需要财政电子票据的，请到收费单位窗口领取，或拨打12345。"


class ReceiptOut(Schema):
    """Proof that a bill was paid."""

    receipt_no = fields.String()
    kind_text = fields.Constant(_KIND, metadata={"type": "string"})
    issued_at = ShanghaiTime()
    bill = fields.Nested(BillOut)


class ReceiptDetailOut(ReceiptOut):
    """A receipt with all that stands on it; only its owner sees it, hence the whole name."""

    payer_name = fields.String(allow_none=True)
    unit_name = fields.String(allow_none=True, metadata={"description": "who charged; null without a case"})
    case_no = fields.String(allow_none=True)
    amount_fen = fields.Integer()
    refunded_fen = fields.Integer()
    payment_no = fields.String()
    channel = fields.String(metadata={"enum": [channel.value for channel in Channel]})
    channel_text = fields.String()
    transaction_id = fields.String(allow_none=True, metadata={"description": "the channel's own number"})
    paid_at = ShanghaiTime()
    note = fields.Constant(_NOTE, metadata={"type": "string"})


@door.get("", auth=CITIZEN_OR_COMPANY, query=PageIn, gives=ReceiptOut, many=True)
def list_receipts(query: dict[str, Any]) -> ResponseReturnValue:
    """List my receipts, newest first (缴费凭证)."""
    with unit_of_work() as session:
        found = queries.receipts_of(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            before_id=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(
            found,
            limit=query["limit"],
            dump=lambda pair: ReceiptOut().dump(
                {"receipt_no": pair[0].receipt_no, "issued_at": pair[0].issued_at, "bill": pair[1]}
            ),
            key=lambda pair: pair[0].id,
        )


@door.get("/<receipt_no>", auth=CITIZEN_OR_COMPANY, gives=ReceiptDetailOut)
def show_receipt(receipt_no: str) -> ResponseReturnValue:
    """Show one of my receipts with all that stands on it (缴费凭证)."""
    with unit_of_work() as session:
        receipt, bill = queries.receipt_of_citizen(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), receipt_no=receipt_no
        )
        return dict(ReceiptDetailOut().dump(_whole(session, receipt, bill)))


def _whole(session: Session, receipt: Receipt, bill: Bill) -> dict[str, Any]:
    standing = refunds.standings(session, bills=[bill]).get(bill.id)
    attempt = payments.by_no(session, payment_no=bill.payment_no) if bill.payment_no else None
    case = cases.facts(session, case_id=bill.case_id) if bill.case_id is not None else None
    return {
        "receipt_no": receipt.receipt_no,
        "issued_at": receipt.issued_at,
        "bill": bill,
        "payer_name": _payer(session, bill),
        "unit_name": standing.unit_name if standing is not None else None,
        "case_no": case.case_no if case is not None else None,
        "amount_fen": bill.amount_fen,
        "refunded_fen": standing.refunded_fen if standing is not None else 0,
        "payment_no": bill.payment_no,
        "channel": bill.channel,
        "channel_text": CHANNEL_NAMES[Channel(bill.channel)] if bill.channel else "",
        "transaction_id": attempt.transaction_id if attempt is not None else None,
        "paid_at": bill.paid_at,
    }


def _payer(session: Session, bill: Bill) -> str | None:
    """Whose fee it was: the company's, or the person's."""
    if bill.organisation_id is not None:
        return organisations.organisation(session, organisation_id=bill.organisation_id).name
    return people.citizen(session, citizen_id=bill.citizen_id).name
