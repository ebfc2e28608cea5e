"""How refunds are shown to their payer (退款进度): what was asked for and what goes back by itself, alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.fees.errors import RefundNotFound
from app.fees.models import Bill, RefundRequest, RequestState
from payments import refunds
from payments.errors import RefundRunning
from payments.models import CHANNEL_NAMES, Attempt, AttemptBill, AttemptState, Channel, Refund, RefundState


class Shown(StrEnum):
    """Where a refund stands, for people."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund as its payer sees it; fen, and one sentence on what happens next."""

    id: int
    refund_no: str
    payment_no: str
    bill_no: str
    bill_name: str
    amount_fen: int
    reason: str
    automatic: bool
    state: str
    state_text: str
    requested_at: datetime
    decided_at: datetime | None
    decision_reason: str | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartView:
    """One bill of a payment; `refund_hint` says why it cannot be asked back now, when it was paid."""

    bill_no: str
    title: str
    amount_fen: int
    refunded_fen: int
    state: str
    receipt_no: str | None
    refundable: bool
    refund_hint: str | None


_TEXTS = {
    Shown.REQUESTED: "收费单位正在审核，结果会发消息通知您",
    Shown.APPROVED: "已同意退费，马上提交给{channel}原路退回",
    Shown.REFUSED: "没有通过审核，原因见说明；有疑问请到窗口咨询或拨打12345",
    Shown.SENDING: "{channel}正在原路退回，到账后会发消息通知您",
    Shown.DONE: "已退回{channel}的原付款账户",
    Shown.FAILED: "没能退回原付款账户，收费单位会联系您改用其他方式退，也可拨打12345",
    Shown.WITHDRAWN: "改回了邮寄，这笔邮费留作寄件用，不退了",
}
# Nobody agreed to what goes back by itself.
_ABOUT_TO_LEAVE = "这笔款不需要缴，马上提交给{channel}原路退回"
_ON_ITS_WAY = {
    RefundState.RESERVED: Shown.APPROVED,
    RefundState.SENDING: Shown.SENDING,
    RefundState.PROCESSING: Shown.SENDING,
    RefundState.SUCCEEDED: Shown.DONE,
    RefundState.FAILED: Shown.FAILED,
}


def of_payment(session: Session, *, attempt: Attempt) -> list[RefundView]:
    """Every refund of one payment, oldest first; two statements."""
    asked = session.execute(_requests().where(RefundRequest.payment_no == attempt.payment_no))
    by_itself = session.execute(
        select(Refund, Bill)
        .join(Bill, Bill.id == Refund.bill_id)
        .where(Refund.attempt_id == attempt.id, ~Refund.requested)
    )
    views = [*_views(asked), *(_automatic(refund, bill, attempt) for refund, bill in by_itself)]
    return sorted(views, key=lambda view: (view.requested_at, view.id))


def parts_of(session: Session, *, attempt: Attempt) -> list[PartView]:
    """The bills of one payment, each with what came back of it; a fixed number of statements."""
    ids = [part.bill_id for part in attempt.bills]
    bills = {bill.id: bill for bill in session.scalars(select(Bill).where(Bill.id.in_(ids)))}
    found = refunds.standings(session, bills=list(bills.values()))
    return [
        _part(part, bills[part.bill_id], attempt, standing=found.get(part.bill_id)) for part in attempt.bills
    ]


def _part(part: AttemptBill, bill: Bill, attempt: Attempt, *, standing: refunds.Standing | None) -> PartView:
    hint = None
    if attempt.state == AttemptState.PAID and bill.payment_no != attempt.payment_no:
        hint = RefundRunning.message if part.refunded_fen == 0 else None
    elif standing is not None:
        refusal = refunds.why_not(standing)
        hint = None if refusal is None else refusal.sentence
    paid_by_this = attempt.state == AttemptState.PAID and bill.payment_no == attempt.payment_no
    return PartView(
        bill_no=bill.bill_no,
        title=bill.title,
        amount_fen=part.amount_fen,
        refunded_fen=part.refunded_fen,
        state=bill.state,
        receipt_no=bill.receipt.receipt_no if bill.receipt is not None and paid_by_this else None,
        refundable=paid_by_this and standing is not None and hint is None,
        refund_hint=hint,
    )


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int = 20
) -> list[RefundView]:
    """What a citizen asked back, newest first; `before_id` continues a list."""
    asked = _requests().where(RefundRequest.citizen_id == citizen_id)
    if before_id is not None:
        asked = asked.where(RefundRequest.id < before_id)
    return _views(session.execute(asked.order_by(RefundRequest.id.desc()).limit(limit)))


def of_citizen_by_no(session: Session, *, citizen_id: int, refund_no: str) -> RefundView:
    """One request of this citizen; raises RefundNotFound, also for somebody else's."""
    asked = _requests().where(RefundRequest.citizen_id == citizen_id, RefundRequest.refund_no == refund_no)
    found = _views(session.execute(asked))
    if not found:
        raise RefundNotFound
    return found[0]


def _requests() -> Select[*tuple[Any, ...]]:
    return (
        select(RefundRequest, Attempt.channel, Refund.state)
        .join(Attempt, Attempt.payment_no == RefundRequest.payment_no)
        .outerjoin(Refund, Refund.refund_no == RefundRequest.refund_no)
    )


def shown(request: RefundRequest, refund_state: str | None) -> Shown:
    """Where a request stands: approved money is on its way, or has ended it."""
    if request.state == RequestState.APPROVED and refund_state is not None:
        return _ON_ITS_WAY[RefundState(refund_state)]
    return Shown(request.state)


def _views(rows: Iterable[Any]) -> list[RefundView]:
    return [_asked(request, channel, refund_state) for request, channel, refund_state in rows]


def _asked(request: RefundRequest, channel: str, refund_state: str | None) -> RefundView:
    state = shown(request, refund_state)
    return RefundView(
        id=request.id,
        refund_no=request.refund_no,
        payment_no=request.payment_no,
        bill_no=request.bill.bill_no,
        bill_name=request.bill.title,
        amount_fen=request.amount_fen,
        reason=request.reason,
        automatic=False,
        state=state.value,
        state_text=text_of(state, channel),
        requested_at=request.requested_at,
        decided_at=request.decided_at,
        decision_reason=request.decision_reason,
        finished_at=request.finished_at,
    )


def _automatic(refund: Refund, bill: Bill, attempt: Attempt) -> RefundView:
    state = _ON_ITS_WAY[RefundState(refund.state)]
    return RefundView(
        id=refund.id,
        refund_no=refund.refund_no,
        payment_no=attempt.payment_no,
        bill_no=bill.bill_no,
        bill_name=bill.title,
        amount_fen=refund.amount_fen,
        reason=refund.reason,
        automatic=True,
        state=state.value,
        state_text=_text_by_itself(state, attempt.channel),
        requested_at=refund.created_at,
        decided_at=refund.created_at,
        decision_reason=None,
        finished_at=refund.finished_at,
    )


def text_of(state: Shown, channel: str) -> str:
    """What happens next, in one sentence."""
    return _TEXTS[state].format(channel=CHANNEL_NAMES[Channel(channel)])


def _text_by_itself(state: Shown, channel: str) -> str:
    if state is Shown.APPROVED:
        return _ABOUT_TO_LEAVE.format(channel=CHANNEL_NAMES[Channel(channel)])
    return text_of(state, channel)
