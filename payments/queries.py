"""What can be asked about payments (查询支付)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.errors import PaymentNotFound
from payments.models import Attempt, PaymentException, Refund


def of_payer(session: Session, *, citizen_id: int, payment_no: str) -> Attempt:
    """A payer's own attempt; raises PaymentNotFound, also for somebody else's."""
    found = session.scalar(
        select(Attempt).where(Attempt.payment_no == payment_no, Attempt.citizen_id == citizen_id)
    )
    if found is None:
        raise PaymentNotFound
    return found


def refunds_of(session: Session, *, attempt_id: int) -> list[Refund]:
    """The refunds of one attempt, oldest first."""
    return list(session.scalars(select(Refund).where(Refund.attempt_id == attempt_id).order_by(Refund.id)))


def refund_facts(session: Session, *, refund_id: int) -> tuple[Refund, Attempt]:
    """A refund and the attempt it belongs to; raises PaymentNotFound."""
    found = session.execute(
        select(Refund, Attempt).join(Attempt, Attempt.id == Refund.attempt_id).where(Refund.id == refund_id)
    ).one_or_none()
    if found is None:
        raise PaymentNotFound
    return found[0], found[1]


def open_exceptions(session: Session, *, limit: int = 100) -> list[PaymentException]:
    """What a person still has to look at, oldest first."""
    asked = select(PaymentException).where(PaymentException.resolved_at.is_(None))
    return list(session.scalars(asked.order_by(PaymentException.id).limit(limit)))
