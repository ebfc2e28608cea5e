"""What can be done with a bill: issue, mark as paid, give back (开具、入账、退还)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.events import publish
from app.fees.errors import BillNotPayable
from app.fees.events import BillIssued, BillPaid, BillRefunded, BillVoided
from app.fees.models import Bill, BillLine, BillState, Receipt


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee as the guide names it; `amount_fen` is whole fen, `basis` the legal basis."""

    fee_code: str
    name: str
    amount_fen: int
    basis: str


def issue(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    case_id: int | None,
    task_code: str,
    task_name: str,
    lines: Sequence[FeeLine],
) -> Bill | None:
    """Issue a bill (开具缴款通知); None when nothing is owed, since channels take no payment of zero."""
    amount_fen = sum(line.amount_fen for line in lines)
    if amount_fen == 0:
        return None
    now = clock.now()
    bill = Bill(
        bill_no=_number("B", now),
        citizen_id=citizen_id,
        organisation_id=organisation_id,
        case_id=case_id,
        task_code=task_code,
        title=task_name,
        amount_fen=amount_fen,
        issued_at=now,
        lines=[
            BillLine(fee_code=line.fee_code, name=line.name, amount_fen=line.amount_fen, basis=line.basis)
            for line in lines
        ],
    )
    session.add(bill)
    session.flush()
    publish(session, BillIssued(bill.id))
    return bill


def mark_paid(session: Session, *, bill_id: int, payment_no: str, channel: str, paid_at: datetime) -> bool:
    """Book a proven payment (入账); False when the bill was not open any more: the payer gets it back.

    A conditional UPDATE: of two payments for one bill exactly one is booked.
    """
    booked = session.scalar(
        update(Bill)
        .where(Bill.id == bill_id, Bill.state == BillState.UNPAID)
        .values(state=BillState.PAID, paid_at=paid_at, payment_no=payment_no, channel=channel)
        .returning(Bill.id)
    )
    if booked is None:
        return False
    session.add(Receipt(receipt_no=_number("R", clock.now()), bill_id=bill_id, issued_at=clock.now()))
    publish(session, BillPaid(bill_id))
    return True


def mark_refunded(session: Session, *, bill_id: int) -> None:
    """Say that all of a paid bill was given back (已退费); repeating it changes nothing."""
    refunded = session.scalar(
        update(Bill)
        .where(Bill.id == bill_id, Bill.state == BillState.PAID)
        .values(state=BillState.REFUNDED)
        .returning(Bill.id)
    )
    if refunded is not None:
        publish(session, BillRefunded(bill_id))


def void(session: Session, *, bill_id: int) -> None:
    """Take an unpaid bill back (作废); repeating it changes nothing; BillNotPayable once it is paid."""
    voided = session.scalar(
        update(Bill)
        .where(Bill.id == bill_id, Bill.state == BillState.UNPAID)
        .values(state=BillState.VOID)
        .returning(Bill.id)
    )
    if voided is not None:
        publish(session, BillVoided(bill_id))
    elif session.get_one(Bill, bill_id, populate_existing=True).state != BillState.VOID:
        raise BillNotPayable(bill=bill_id)


def _number(kind: str, at: datetime) -> str:
    """A number that says the day and tells nobody how many there are."""
    return f"{kind}{clock.local(at):%Y%m%d}{secrets.randbelow(10**12):012d}"
