"""What a clerk does about money (收费岗): look, approve or refuse a refund, see to a difference.

Each is limited to the clerk's department and written into the audit log with who decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import states
from app.cases.models import Case
from app.cases.states import State
from app.db import LARGEST_ID
from app.desk import duties
from app.fees import refunding
from app.fees.errors import RefundNotFound
from app.fees.models import RefundRequest, RequestState
from app.people import queries as people
from app.plain_text import readable
from app.staff import queries as staff
from app.staff.sessions import OnDuty
from payments import desk_lists, desk_orders, refund_views, refunds
from payments.desk_lists import Difference
from payments.desk_orders import Order
from payments.desk_view import HANDLING_MONEY, sees_bill
from payments.errors import CaseMovedOn, ExceptionNotFound, ExceptionResolved, NoteMissing
from payments.models import PaymentException
from payments.refund_views import RefundView

NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """One request as the clerk who decides sees it; `case_state` is sent back with the approval."""

    view: RefundView
    order: Order
    left_fen: int
    whole_fen: int
    applicant: str
    id_number: str | None
    case_no: str | None
    case_state: str
    case_state_text: str
    decided_by: str | None
    waits: bool


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """One order with all that happened to its money."""

    order: Order
    refunds: Sequence[RefundView]
    differences: Sequence[Difference]


def look_at_order(session: Session, *, clerk: OnDuty, payment_no: str) -> OrderSeen:
    """One order (查看订单); raises NotYourDuty, PaymentNotFound."""
    duties.refuse_unless(clerk, HANDLING_MONEY)
    order, attempt = desk_orders.order(session, clerk=clerk, payment_no=payment_no)
    own = {line.bill_no for line in order.lines}
    views = [view for view in refund_views.of_payment(session, attempt=attempt) if view.bill_no in own]
    seen = OrderSeen(order, views, desk_lists.of_payment(session, attempt_id=attempt.id))
    audit.record(
        session,
        actor=clerk.actor,
        action="payment_viewed",
        subject=f"payment:{payment_no}",
        citizen_id=attempt.citizen_id,
    )
    return seen


def look_at_refund(session: Session, *, clerk: OnDuty, refund_no: str) -> RefundSeen:
    """One request with all that is needed to decide (查看退费申请); raises NotYourDuty, RefundNotFound."""
    request, case = _request(session, clerk, refund_no)
    order, _ = desk_orders.order(session, clerk=clerk, payment_no=request.payment_no)
    citizen = people.citizen(session, citizen_id=request.citizen_id)
    standing = refunds.standings(session, bills=[request.bill], but_for=refund_no)[request.bill_id]
    names = staff.names(session, clerk_ids=[request.decided_by]) if request.decided_by is not None else {}
    seen = RefundSeen(
        view=refund_views.of_citizen_by_no(session, citizen_id=citizen.id, refund_no=refund_no),
        order=order,
        left_fen=standing.left_fen,
        whole_fen=standing.amount_fen,
        applicant=citizen.name or "没有实名",
        id_number=people.masked_id_number(citizen.id_number),
        case_no=case.case_no if case is not None else None,
        case_state=_state(case),
        case_state_text=states.TEXTS[State(case.state)] if case is not None else "没有办件",
        decided_by=next(iter(names.values()), None),
        waits=request.state == RequestState.REQUESTED,
    )
    _note(session, clerk, "refund_viewed", request=request)
    return seen


def approve(session: Session, *, clerk: OnDuty, refund_no: str, case_state: str) -> None:
    """Let the money go (同意退费); `case_state` is what the clerk saw, so that nobody approves by surprise.

    Raises NotYourDuty, RefundNotFound, CaseMovedOn, RefundAlreadyDecided, PostageSent, PostageNeeded.
    """
    request, case = _request(session, clerk, refund_no)
    if case_state != _state(case):
        raise CaseMovedOn
    refunds.approve(session, refund_no=refund_no, clerk_id=clerk.clerk_id)
    _note(session, clerk, "refund_approved", request=request, amount_fen=str(request.amount_fen))


def refuse(session: Session, *, clerk: OnDuty, refund_no: str, reason: str) -> None:
    """Say no and why (不予退费).

    Raises NotYourDuty, RefundNotFound, RefusalUnexplained, RefundAlreadyDecided.
    """
    request, _ = _request(session, clerk, refund_no)
    refunding.refuse(session, refund_no=refund_no, clerk_id=clerk.clerk_id, reason=readable(reason))
    _note(session, clerk, "refund_refused", request=request, amount_fen=str(request.amount_fen))


def resolve(session: Session, *, clerk: OnDuty, exception_id: int, note: str) -> None:
    """Say that a difference was seen to, and how (已处理).

    Raises NotYourDuty, NoteMissing, ExceptionNotFound, ExceptionResolved.
    """
    duties.refuse_unless(clerk, HANDLING_MONEY)
    written = readable(note)
    if not written or len(written) > NOTE_LENGTH:
        raise NoteMissing
    known = 0 < exception_id <= LARGEST_ID and session.scalar(desk_lists.seen(clerk, exception_id))
    if not known:
        raise ExceptionNotFound
    resolved = session.scalar(
        update(PaymentException)
        .where(PaymentException.id == exception_id, PaymentException.resolved_at.is_(None))
        .values(resolved_at=clock.now(), resolved_by=clerk.clerk_id, resolution=written)
        .returning(PaymentException.id)
    )
    if resolved is None:
        raise ExceptionResolved
    audit.record(
        session,
        actor=clerk.actor,
        action="payment_exception_resolved",
        subject=f"payment_exception:{exception_id}",
    )


def _request(session: Session, clerk: OnDuty, refund_no: str) -> tuple[RefundRequest, Case | None]:
    duties.refuse_unless(clerk, HANDLING_MONEY)
    asked = select(RefundRequest).where(
        RefundRequest.refund_no == refund_no, sees_bill(clerk, RefundRequest.bill_id)
    )
    request = session.scalar(asked) if refund_no.isprintable() else None  # PostgreSQL refuses NUL
    if request is None:
        raise RefundNotFound
    case_id = request.bill.case_id
    return request, session.get_one(Case, case_id) if case_id is not None else None


def _state(case: Case | None) -> str:
    return case.state if case is not None else ""


def _note(session: Session, clerk: OnDuty, action: str, *, request: RefundRequest, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"refund:{request.refund_no}",
        details=details,
        citizen_id=request.citizen_id,
    )
