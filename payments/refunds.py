"""Refunds that a citizen asks for (退费申请): who may ask for what, and what an approval sets going.

A fee may be asked back on the phone while its case is not decided, or after it was withdrawn, or when it has
no case. After a decision the work that the fee is for has been done, so that only a clerk who sees the person
and the papers can say whether too much was taken. The unit approves, always (单位审核); approving only sets
the money aside, and sending it is the job's, as with money that goes back by itself.

Whoever changes the sums of a payment locks its row first; the database refuses to give back more than paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.cases.states import State
from app.deliveries import postage
from app.deliveries.postage import Spare
from app.errors import DomainError
from app.fees import refunding
from app.fees.errors import BillNotFound, RefundAlreadyAsked
from app.fees.models import Bill, BillState, RefundRequest, RequestState
from payments import ledger, truth
from payments.errors import (
    NothingToRefund,
    PaymentNotFound,
    PaymentNotPaid,
    PostageNeeded,
    PostageSent,
    RefundAfterDecision,
    RefundBillUnsaid,
    RefundRunning,
    RefundTooLate,
    RefundTooMuch,
)
from payments.models import Attempt, AttemptBill, AttemptState, Refund

# WeChat Pay takes no refund of an older order; Alipay's limit is by contract and not shorter.
LATEST = timedelta(days=365)
_OPEN = (RequestState.REQUESTED.value, RequestState.APPROVED.value)
_DECIDED = (State.DECIDED.value, State.CLOSED.value)
# What the payer reads in the channel's own list; their own words are not the channel's business.
_REASON = "申请退费，经收费单位审核同意"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the payer asks back: one bill of a payment, all that is left of it unless an amount is said."""

    citizen_id: int
    payment_no: str
    reason: str
    bill_no: str | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the money of one paid bill stands, in fen, and all that decides whether it may be asked back."""

    amount_fen: int
    reserved_fen: int
    refunded_fen: int
    paid_at: datetime | None
    case_state: str | None
    unit_name: str | None
    open_refund_no: str | None
    # Of a bill for postage: what the post does not need of it.
    spare: Spare | None = None

    @property
    def left_fen(self) -> int:
        """What neither went back nor is on its way, and is not needed for the post."""
        left = self.amount_fen - self.reserved_fen - self.refunded_fen
        return left if self.spare is None else min(left, self.spare.fen)


def standings(session: Session, *, bills: Sequence[Bill], but_for: str | None = None) -> dict[int, Standing]:
    """How each paid bill stands with the payment that paid it, by bill id; two statements at most.

    `but_for`: the request that is being looked at.
    """
    wanted = [bill.id for bill in bills if bill.payment_no is not None]
    if not wanted:
        return {}
    asked = _standing().where(Bill.id.in_(wanted), Attempt.payment_no == Bill.payment_no)
    posted = [bill.id for bill in bills if bill.case_id is None]
    spare = postage.spare_of(session, bill_ids=posted, but_for=but_for) if posted else {}
    return {row[0]: replace(Standing(*row[1:]), spare=spare.get(row[0])) for row in session.execute(asked)}


def why_not(standing: Standing) -> DomainError | None:
    """Why a paid bill cannot be asked back now, as the error to raise; None when it can."""
    if standing.open_refund_no is not None:
        return RefundAlreadyAsked(refund_no=standing.open_refund_no)
    if standing.left_fen == 0:
        return _needed(standing) or NothingToRefund()
    if standing.case_state in _DECIDED:
        return RefundAfterDecision(unit=standing.unit_name or "收费单位")
    if standing.paid_at is not None and standing.paid_at < clock.now() - LATEST:
        return RefundTooLate()
    return None


def _needed(standing: Standing) -> DomainError | None:
    """Why postage that is still here stays here."""
    if standing.spare is None or standing.amount_fen == standing.reserved_fen + standing.refunded_fen:
        return None
    return PostageSent() if standing.spare.sent else PostageNeeded()


def ask(session: Session, wish: Wish) -> RefundRequest:
    """Ask a bill of one's own payment back (申请退费).

    Raises PaymentNotFound, PaymentNotPaid, BillNotFound, RefundBillUnsaid, RefundRunning, NothingToRefund,
    RefundTooMuch and what `why_not` names.
    """
    attempt = _locked(session, payment_no=wish.payment_no)
    if attempt is None or attempt.citizen_id != wish.citizen_id:
        raise PaymentNotFound
    if attempt.state != AttemptState.PAID:
        raise PaymentNotPaid
    bill = _chosen(session, attempt, bill_no=wish.bill_no)
    if bill.payment_no != attempt.payment_no:
        part = next(found for found in attempt.bills if found.bill_id == bill.id)
        raise NothingToRefund if part.refunded_fen else RefundRunning
    postage.hold(session, bill_id=bill.id)
    standing = standings(session, bills=[bill])[bill.id]
    refusal = why_not(standing)
    if refusal is not None:
        raise refusal
    amount_fen = standing.left_fen if wish.amount_fen is None else wish.amount_fen
    if amount_fen > standing.left_fen:
        most = f"{standing.left_fen // 100}.{standing.left_fen % 100:02d}"
        raise RefundTooMuch(most=most, errors={"amount_fen": [f"最多可以退{most}元"]})
    return refunding.ask(
        session, bill=bill, payment_no=attempt.payment_no, amount_fen=amount_fen, reason=wish.reason
    )


def approve(session: Session, *, refund_no: str, clerk_id: int) -> RefundRequest:
    """Let a request's money go (同意退费): it is set aside now and sent by the job.

    Raises RefundNotFound, RefundAlreadyDecided, PostageSent, PostageNeeded.
    """
    asked = refunding.by_no(session, refund_no=refund_no)
    attempt = _locked(session, payment_no=asked.payment_no)
    if attempt is None:
        raise PaymentNotFound
    postage.hold(session, bill_id=asked.bill_id)
    request = refunding.approve(session, refund_no=refund_no, clerk_id=clerk_id)
    spare = postage.spare_of(session, bill_ids=[asked.bill_id], but_for=refund_no).get(asked.bill_id)
    if spare is not None and asked.amount_fen > spare.fen:
        raise PostageSent if spare.sent else PostageNeeded
    part = next(found for found in attempt.bills if found.bill_id == request.bill_id)
    refund = Refund(refund_no=refund_no, amount_fen=request.amount_fen, reason=_REASON, requested=True)
    truth.reserve(session, attempt, part=part, refund=refund)
    sides: dict[tuple[str, int | None], int] = {
        (ledger.RECEIVED, part.bill_id): -refund.amount_fen,
        (ledger.TO_RETURN, part.bill_id): refund.amount_fen,
    }
    ledger.book(session, booking=f"owe:{refund_no}", sides=sides, at=clock.now())
    return request


def _locked(session: Session, *, payment_no: str) -> Attempt | None:
    """A payment, its row locked until the end of the transaction."""
    return session.scalar(
        select(Attempt)
        .where(Attempt.payment_no == payment_no)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def _chosen(session: Session, attempt: Attempt, *, bill_no: str | None) -> Bill:
    ids = [part.bill_id for part in attempt.bills]
    bills = session.scalars(
        select(Bill).where(Bill.id.in_(ids)).execution_options(populate_existing=True)
    ).all()
    if bill_no is None and len(bills) > 1:
        raise RefundBillUnsaid(errors={"bill_no": ["请选择要退的那一笔"]})
    found = next((bill for bill in bills if bill_no in {None, bill.bill_no}), None)
    if found is None:
        raise BillNotFound
    return found


def _standing() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Bill.id,
            AttemptBill.amount_fen,
            AttemptBill.reserved_fen,
            AttemptBill.refunded_fen,
            Attempt.paid_at,
            Case.state,
            Case.dept_name,
            RefundRequest.refund_no,
        )
        .join(AttemptBill, AttemptBill.bill_id == Bill.id)
        .join(Attempt, Attempt.id == AttemptBill.attempt_id)
        .outerjoin(Case, Case.id == Bill.case_id)
        .outerjoin(RefundRequest, and_(RefundRequest.bill_id == Bill.id, RefundRequest.state.in_(_OPEN)))
        .where(Bill.state.in_((BillState.PAID.value, BillState.REFUNDED.value)))
    )
