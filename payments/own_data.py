"""A citizen's own payments: in their file, and what keeps an account from ending (我的数据)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.fees.models import Bill
from app.own_data.export import Row, Section, Turn
from app.people.closing import Room
from payments import refund_views
from payments.models import (
    CHANNEL_NAMES,
    LIVE_STATES,
    Attempt,
    AttemptState,
    Channel,
    PaymentException,
    Refund,
    RefundState,
)

_STATES = {
    AttemptState.SENDING: "正在支付",
    AttemptState.WAITING: "正在支付",
    AttemptState.CLOSING: "正在关闭",
    AttemptState.CLOSED: "没有支付，已关闭",
    AttemptState.PAID: "已支付",
}
_REFUND_STATES = {
    RefundState.RESERVED: "等待退回",
    RefundState.SENDING: "正在退回",
    RefundState.PROCESSING: "正在退回",
    RefundState.SUCCEEDED: "已退回",
    RefundState.FAILED: "没能退回",
}
_ON_ITS_WAY = (RefundState.RESERVED, RefundState.SENDING, RefundState.PROCESSING)


def payments(session: Session, turn: Turn) -> list[Row]:
    """Payments with their bills and what went back by itself; four statements a page."""
    asked = select(Attempt).where(Attempt.citizen_id == turn.citizen_id)
    if turn.before_id is not None:
        asked = asked.where(Attempt.id < turn.before_id)
    found = session.scalars(asked.order_by(Attempt.id.desc()).limit(turn.limit)).all()
    bill_ids = {part.bill_id for attempt in found for part in attempt.bills}
    titles = select(Bill.id, Bill.bill_no, Bill.title).where(Bill.id.in_(bill_ids))
    bills = {row.id: {"bill_no": row.bill_no, "title": row.title} for row in session.execute(titles)}
    returned = _returned(session, [attempt.id for attempt in found])
    return [
        (
            attempt.id,
            {
                "payment_no": attempt.payment_no,
                "channel": CHANNEL_NAMES[Channel(attempt.channel)],
                "payer_id": attempt.payer_id,
                "transaction_id": attempt.transaction_id,
                "amount_fen": attempt.amount_fen,
                "refunded_fen": attempt.refunded_fen,
                "description": attempt.description,
                "state": _STATES[AttemptState(attempt.state)],
                "created_at": attempt.created_at,
                "paid_at": attempt.paid_at,
                "bills": [
                    {**bills[part.bill_id], "amount_fen": part.amount_fen, "refunded_fen": part.refunded_fen}
                    for part in attempt.bills
                ],
                "returned": returned.get(attempt.id, []),
            },
        )
        for attempt in found
    ]


def refunds(session: Session, turn: Turn) -> list[Row]:
    """What was asked back and how it was decided."""
    found = refund_views.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            view.id,
            {
                "refund_no": view.refund_no,
                "payment_no": view.payment_no,
                "bill_no": view.bill_no,
                "title": view.bill_name,
                "amount_fen": view.amount_fen,
                "reason": view.reason,
                "state": view.state_text,
                "requested_at": view.requested_at,
                "decided_at": view.decided_at,
                "decision_reason": view.decision_reason,
                "finished_at": view.finished_at,
            },
        )
        for view in found
    ]


def open_matters(session: Session, citizen_id: int) -> list[str]:
    """Money that is on its way or that somebody has to see to."""
    mine = Attempt.citizen_id == citizen_id
    asked = (
        (
            "有一笔支付还在进行。请先付完；没有付的，过半小时会自动关闭。",
            select(func.count()).select_from(Attempt).where(mine, Attempt.state.in_(LIVE_STATES)),
        ),
        (
            "有一笔钱正在退回给您。等到账后再注销。",
            select(func.count())
            .select_from(Refund)
            .join(Attempt, Attempt.id == Refund.attempt_id)
            .where(mine, Refund.state.in_(_ON_ITS_WAY)),
        ),
        (
            "有一笔缴费正在人工核对。核对完再注销，有疑问请拨打12345。",
            select(func.count())
            .select_from(PaymentException)
            .join(Attempt, Attempt.id == PaymentException.attempt_id)
            .where(mine, PaymentException.resolved_at.is_(None)),
        ),
    )
    return [sentence for sentence, how_many in asked if session.scalar(how_many)]


def forget(session: Session, citizen_id: int) -> None:
    """Payments are vouchers and stay whole, with the account at the channel to which money may go back."""
    del session, citizen_id


def _returned(session: Session, attempt_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """What went back without being asked for, such as what was paid twice."""
    found: dict[int, list[dict[str, Any]]] = {}
    asked = select(Refund).where(Refund.attempt_id.in_(attempt_ids), ~Refund.requested).order_by(Refund.id)
    for refund in session.scalars(asked):
        shown = {
            "refund_no": refund.refund_no,
            "amount_fen": refund.amount_fen,
            "reason": refund.reason,
            "state": _REFUND_STATES[RefundState(refund.state)],
            "at": refund.finished_at,
        }
        found.setdefault(refund.attempt_id, []).append(shown)
    return found


SECTIONS = (Section("payments", payments), Section("refunds", refunds))
ROOM = Room(open_matters, forget)
