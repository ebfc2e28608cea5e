"""What can be asked about payments (查询支付)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.errors import PaymentNotFound
from payments.models import Attempt


def of_payer(session: Session, *, citizen_id: int, payment_no: str) -> Attempt:
    """A payer's own attempt; raises PaymentNotFound, also for somebody else's."""
    found = session.scalar(
        select(Attempt).where(Attempt.payment_no == payment_no, Attempt.citizen_id == citizen_id)
    )
    if found is None:
        raise PaymentNotFound
    return found


def by_no(session: Session, *, payment_no: str) -> Attempt | None:
    """One attempt, whoever made it."""
    return session.scalar(select(Attempt).where(Attempt.payment_no == payment_no))
