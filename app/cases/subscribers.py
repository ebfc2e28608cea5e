"""What cases do when something else has happened (办件的事件响应)."""

from sqlalchemy.orm import Session

from app.cases import billing, timeline
from app.fees import queries as fees
from app.fees.events import BillPaid, BillRefunded


def note_payment(session: Session, event: BillPaid) -> None:
    """Write into the timeline that a bill of the case is paid; once per bill."""
    bill = fees.facts(session, bill_id=event.bill_id)
    if bill.case_id is not None:
        timeline.note(
            session,
            case_id=bill.case_id,
            kind="bill_paid",
            actor=timeline.CITIZEN,
            sentence=f"已缴费{billing.yuan(bill.amount_fen)}元",
            reference=f"bill:{event.bill_id}",
        )


def note_refund(session: Session, event: BillRefunded) -> None:
    """Write into the timeline that a bill of the case was given back; once per bill."""
    bill = fees.facts(session, bill_id=event.bill_id)
    if bill.case_id is not None:
        timeline.note(
            session,
            case_id=bill.case_id,
            kind="bill_refunded",
            actor=timeline.SYSTEM,
            sentence=f"已退费{billing.yuan(bill.amount_fen)}元",
            reference=f"bill:{event.bill_id}",
        )
