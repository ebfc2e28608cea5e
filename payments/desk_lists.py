"""What waits for a clerk who handles money (待审退款、差异)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from app.cases import states
from app.cases.models import Case
from app.cases.states import State
from app.desk import work
from app.fees.models import Bill, RefundRequest, RequestState
from app.people.models import Citizen
from app.people.queries import masked_name
from app.staff import queries as staff
from app.staff.sessions import OnDuty
from payments.desk_view import sees_bill, sees_payment
from payments.models import Attempt, PaymentException

# What a person has to do about each kind of difference: a heading, and what to check.
SENTENCES: dict[str, tuple[str, str]] = {
    "orphan": (
        "收到没有订单的款",
        "渠道说收到一笔款，我们没有对应的订单。请按单号到渠道后台核实，必要时退回。",
    ),
    "mismatch": (
        "金额或商户对不上",
        "渠道说的金额、商户或币种与订单不一致，没有入账。请核对渠道账单后处理。",
    ),
    "second_transaction": (
        "一个订单两笔交易",
        "同一个订单在渠道有两个交易号。请核实是否多收，多收的要退回。",
    ),
    "transaction_reused": (
        "一笔交易两个订单",
        "渠道说付这个订单的交易，已经付了另一个订单。这一笔没有入账，请按交易号到渠道后台核实。",
    ),
    "refunded_elsewhere": (
        "已在别处退款",
        "渠道说这笔款已经退回，不是我们退的，订单没有入账。请核实是谁退的。",
    ),
    "paid_after_close": (
        "关闭后才收到款",
        "订单关闭后收到了款：费用还没缴的已入账，已缴的自动退回。请核对一下。",
    ),
    "lost_at_channel": ("渠道查不到订单", "订单到期后渠道查不到，款项去向还不清楚。请按单号到渠道后台核实。"),
    "refund_failed": (
        "退款没有退成",
        "渠道没能退到原账户，钱还欠着付款人。请联系对方改用其他方式退，并记下凭证号；订单上仍显示待退回。",
    ),
    "refund_refused": ("渠道没有受理退款", "系统会继续再试，但可能一直不成。请到渠道后台查明原因。"),
    "refund_delayed": (
        "退款迟迟没有受理",
        "渠道快一小时没有受理，可能是商户余额不足或渠道故障，系统会继续再试。请到渠道后台看看。",
    ),
    "refund_mismatch": ("退款金额对不上", "渠道说的退款金额与我们的不一致，没有入账。请核对渠道账单后处理。"),
    "orphan_refund": ("没有申请的退款", "渠道说退了一笔款，我们没有对应的退款。请到渠道后台核实是谁退的。"),
}
_ANY_KIND = ("需要人工核对", "这笔款项有对不上的地方，请到渠道后台核对后处理。")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request in the list, where others may look over the shoulder: the applicant is masked."""

    id: int
    refund_no: str
    bill_name: str
    amount_fen: int
    whole_fen: int
    applicant: str
    requested_at: datetime
    case_state_text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about money that a person must see; `evidence` is what the channel said, nothing personal."""

    id: int
    heading: str
    sentence: str
    reference: str
    payment_no: str | None
    at: datetime
    amounts: tuple[int | None, int | None]
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, counted to one beyond work.COUNTED_TO."""

    refunds: int
    differences: int


def counts(session: Session, *, clerk: OnDuty) -> Counts:
    """How many requests and differences wait; one statement."""
    requests = select(RefundRequest.id).where(*_requested(clerk))
    differences = _differences(clerk, PaymentException.id).where(PaymentException.resolved_at.is_(None))
    return Counts(*session.execute(select(work.counted_to(requests), work.counted_to(differences))).one())


def waiting_refunds(
    session: Session, *, clerk: OnDuty, after_id: int | None = None, limit: int = 20
) -> tuple[list[Waiting], int | None]:
    """Up to `limit` requests, the longest waiting first, and where the list goes on; one statement."""
    asked = (
        select(RefundRequest, Citizen.name, Case.state)
        .join(Citizen, Citizen.id == RefundRequest.citizen_id)
        .join(Bill, Bill.id == RefundRequest.bill_id)
        .outerjoin(Case, Case.id == Bill.case_id)
        .where(*_requested(clerk))
    )
    if after_id is not None:
        asked = asked.where(RefundRequest.id > after_id)
    rows = session.execute(asked.order_by(RefundRequest.id).limit(limit + 1)).all()
    shown = [_waiting(request, name, state) for request, name, state in rows[:limit]]
    return shown, shown[-1].id if len(rows) > limit else None


def differences(
    session: Session, *, clerk: OnDuty, resolved: bool = False, before_id: int | None = None, limit: int = 20
) -> tuple[list[Difference], int | None]:
    """Up to `limit` differences that wait, or that were seen to, newest first; two statements."""
    asked = _differences(clerk, PaymentException, Attempt.payment_no)
    done = PaymentException.resolved_at
    asked = asked.where(done.is_not(None) if resolved else done.is_(None))
    if before_id is not None:
        asked = asked.where(PaymentException.id < before_id)
    rows = session.execute(asked.order_by(PaymentException.id.desc()).limit(limit + 1)).all()
    found = shown(session, rows[:limit])
    return found, found[-1].id if len(rows) > limit else None


def of_payment(session: Session, *, attempt_id: int) -> list[Difference]:
    """Every difference of one payment, oldest first."""
    asked = (
        select(PaymentException, Attempt.payment_no)
        .join(Attempt, Attempt.id == PaymentException.attempt_id)
        .where(PaymentException.attempt_id == attempt_id)
    )
    return shown(session, session.execute(asked.order_by(PaymentException.id)).all())


def seen(clerk: OnDuty, exception_id: int) -> Select[tuple[int]]:
    """The id of a difference, if this clerk may see it."""
    return _differences(clerk, PaymentException.id).where(PaymentException.id == exception_id)


def shown(session: Session, rows: Sequence[Any]) -> list[Difference]:
    """Differences with their sentences and the names of the clerks who saw to them."""
    clerks = [found.resolved_by for found, _ in rows if found.resolved_by is not None]
    names = staff.names(session, clerk_ids=clerks) if clerks else {}
    return [_difference(found, payment_no, names) for found, payment_no in rows]


def _requested(clerk: OnDuty) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return RefundRequest.state == RequestState.REQUESTED.value, sees_bill(clerk, RefundRequest.bill_id)


def _differences(clerk: OnDuty, *columns: Any) -> Select[*tuple[Any, ...]]:
    """What nobody's payment is about is for clerks of the whole city."""
    nobodys = PaymentException.attempt_id.is_(None) if clerk.department is None else false()
    return (
        select(*columns)
        .select_from(PaymentException)
        .outerjoin(Attempt, Attempt.id == PaymentException.attempt_id)
        .where(or_(nobodys, and_(PaymentException.attempt_id.is_not(None), sees_payment(clerk))))
    )


def _waiting(request: RefundRequest, name: str | None, case_state: str | None) -> Waiting:
    return Waiting(
        id=request.id,
        refund_no=request.refund_no,
        bill_name=request.bill.title,
        amount_fen=request.amount_fen,
        whole_fen=request.bill.amount_fen,
        applicant=masked_name(name) or "未登记姓名",
        requested_at=request.requested_at,
        case_state_text=states.TEXTS[State(case_state)] if case_state is not None else "没有办件",
    )


def _difference(found: PaymentException, payment_no: str | None, names: dict[int, str]) -> Difference:
    heading, sentence = SENTENCES.get(found.kind, _ANY_KIND)
    evidence = found.evidence
    return Difference(
        id=found.id,
        heading=heading,
        sentence=sentence,
        reference=found.reference,
        payment_no=payment_no,
        at=found.at,
        amounts=(evidence.get("amount_fen", evidence.get("stated_fen")), evidence.get("ours_fen")),
        resolved_at=found.resolved_at,
        resolved_by=names.get(found.resolved_by) if found.resolved_by is not None else None,
        resolution=found.resolution,
    )
