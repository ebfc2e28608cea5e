"""Asking a fee back and deciding about it (退费申请、审核). How the money travels is the payments room's.

A refund that somebody asks for is decided by the unit that charged, never by the program: whether work had
begun, or a reduction applies, is a judgement (财税〔2016〕33号 leaves it to the unit and the treasury).
"""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.events import publish
from app.fees.errors import (
    RefundAlreadyAsked,
    RefundAlreadyDecided,
    RefundNotFound,
    RefusalUnexplained,
)
from app.fees.events import RefundApproved, RefundRefused, RefundRequested
from app.fees.models import Bill, RefundRequest, RequestState

REASON_LENGTH = 200


def ask(session: Session, *, bill: Bill, payment_no: str, amount_fen: int, reason: str) -> RefundRequest:
    """Ask for a paid bill, or a part of it (申请退费); raises RefundAlreadyAsked while one is open.

    Of two that ask at once the index lets one in.
    """
    now = clock.now()
    asked = session.scalar(
        insert(RefundRequest)
        .values(
            refund_no=f"T{clock.local(now):%Y%m%d}{secrets.randbelow(10**12):012d}",
            payment_no=payment_no,
            bill_id=bill.id,
            citizen_id=bill.citizen_id,
            amount_fen=amount_fen,
            reason=reason,
            state=RequestState.REQUESTED.value,
            requested_at=now,
        )
        .on_conflict_do_nothing(
            index_elements=[RefundRequest.bill_id],
            # Literal: with a parameter PostgreSQL no longer recognises the index once it plans generically.
            index_where=text("state IN ('requested', 'approved')"),
        )
        .returning(RefundRequest.id)
    )
    if asked is None:
        raise RefundAlreadyAsked
    request = session.get_one(RefundRequest, asked)
    publish(session, RefundRequested(request.refund_no))
    return request


def approve(session: Session, *, refund_no: str, clerk_id: int) -> RefundRequest:
    """Say yes (同意退费), once; raises RefundAlreadyDecided, RefundNotFound."""
    request = _decide(session, refund_no, state=RequestState.APPROVED, clerk_id=clerk_id, reason=None)
    publish(session, RefundApproved(refund_no))
    return request


def refuse(session: Session, *, refund_no: str, clerk_id: int, reason: str) -> RefundRequest:
    """Say no and why (不予退费), once; raises RefusalUnexplained, RefundAlreadyDecided, RefundNotFound."""
    if not reason or len(reason) > REASON_LENGTH:
        raise RefusalUnexplained
    request = _decide(session, refund_no, state=RequestState.REFUSED, clerk_id=clerk_id, reason=reason)
    publish(session, RefundRefused(refund_no))
    return request


def withdraw(session: Session, *, bill_ids: Collection[int]) -> None:
    """Take back what was asked of several bills (收回退费申请); what somebody has decided stays decided.

    Against a clerk who decides in this moment the conditional UPDATE settles it.
    """
    session.execute(
        update(RefundRequest)
        .where(RefundRequest.bill_id.in_(bill_ids), RefundRequest.state == RequestState.REQUESTED.value)
        .values(state=RequestState.WITHDRAWN.value)
    )


def finish(session: Session, *, refund_no: str, done: bool, at: datetime) -> None:
    """Note how the money's way ended: it arrived, or the channel could not bring it (退费结果).

    What failed and was mended at the channel afterwards has arrived; the other way round nothing changes.
    """
    before = [RequestState.APPROVED.value, *([RequestState.FAILED.value] if done else [])]
    session.execute(
        update(RefundRequest)
        .where(RefundRequest.refund_no == refund_no, RefundRequest.state.in_(before))
        .values(state=(RequestState.DONE if done else RequestState.FAILED).value, finished_at=at)
    )


def by_no(session: Session, *, refund_no: str) -> RefundRequest:
    """One request as it stands now; raises RefundNotFound."""
    found = session.scalar(
        select(RefundRequest)
        .where(RefundRequest.refund_no == refund_no)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise RefundNotFound
    return found


def _decide(
    session: Session, refund_no: str, *, state: RequestState, clerk_id: int, reason: str | None
) -> RefundRequest:
    """Of two clerks who decide at once, the conditional UPDATE hears one."""
    decided = session.scalar(
        update(RefundRequest)
        .where(RefundRequest.refund_no == refund_no, RefundRequest.state == RequestState.REQUESTED.value)
        .values(state=state.value, decided_at=clock.now(), decided_by=clerk_id, decision_reason=reason)
        .returning(RefundRequest.id)
    )
    request = by_no(session, refund_no=refund_no)
    if decided is None:
        raise RefundAlreadyDecided
    return request
