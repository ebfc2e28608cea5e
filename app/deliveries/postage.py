"""What the post costs the applicant (邮费): a rule per item and area, free where the guide says nothing.

What a delivery costs stands on it; what was billed for it is compared with that whenever it changes. Too
little is billed as a difference, too much is asked back for its payer, and the unit that took it decides as
with every fee. What the courier took stays paid.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.cases.models import Case
from app.cases.ways import Way
from app.deliveries.models import Delivery, Parcel, PostageBill, Region
from app.fees import refunding
from app.fees import service as fees
from app.fees.errors import BillNotPayable, RefundAlreadyAsked
from app.fees.models import Bill, BillState, RefundRequest, RequestState
from app.fees.service import FeeLine

_RULES: Final[Mapping[Region, str]] = {
    Region.CITY: "postage_city_fen",
    Region.ELSEWHERE: "postage_elsewhere_fen",
}
_BASIS = "自愿选择邮寄送达，按寄递服务价格代收；可以改为免费的窗口领取"
_LESS = "改了领取方式或地址，多缴的邮费退还"
# Money that went back, is on its way back, or is being asked for.
_GOES_BACK = (RequestState.REQUESTED.value, RequestState.APPROVED.value, RequestState.DONE.value)


@dataclass(frozen=True, slots=True)
class Spare:
    """What may go back of the postage that was paid for a delivery, in fen; `sent`: the courier had it."""

    fen: int
    sent: bool


def fen(body: Mapping[str, Any], region: Region) -> int:
    """What the applicant pays for a region, in fen; 0 is free (免除邮寄费用)."""
    return int((body.get("result") or {}).get(_RULES[region]) or 0)


def depends_on_region(body: Mapping[str, Any]) -> bool:
    """Whether it must be known where an address lies."""
    return len({fen(body, region) for region in Region}) > 1


def settle(session: Session, case: Case, delivery: Delivery, *, way: Way, body: Mapping[str, Any]) -> None:
    """Bill what a delivery whose row is held costs now, or the difference; have too much given back.

    A refusal is sent at the city's cost, what costs nothing is never billed, and sending once more what came
    back costs nothing.
    """
    if _was_sent(session, delivery):
        return
    delivery.postage_fen = fen(body, Region(delivery.region)) if way is Way.POST and case.granted else 0
    session.flush()
    if _paid_fen(session, delivery) < delivery.postage_fen:
        _need_again(session, delivery)
    unpaid = _unpaid(session, delivery)
    if unpaid is not None and unpaid.amount_fen != delivery.postage_fen - _paid_fen(session, delivery):
        with contextlib.suppress(BillNotPayable):  # then it was paid in this moment
            fees.void(session, bill_id=unpaid.id)
        unpaid = None
    due = delivery.postage_fen - _paid_fen(session, delivery)
    if due > 0 and unpaid is None:
        _bill(session, case, delivery, due=due)
    elif due < 0:
        _give_back(session, delivery, most=-due)


def keep(case: Case, delivery: Delivery, *, body: Mapping[str, Any]) -> None:
    """Say again what the post costs of a parcel that could not be called off (撤不回来)."""
    delivery.postage_fen = fen(body, Region(delivery.region)) if case.granted else 0


def is_owed(session: Session, delivery: Delivery) -> bool:
    """Whether the applicant still has to pay before it is sent."""
    return bool(owed_of(session, [delivery]))


def owed_of(session: Session, deliveries: Sequence[Delivery]) -> set[int]:
    """Which of many deliveries wait for their postage, in one statement."""
    asked = select(Delivery.id).where(Delivery.id.in_([one.id for one in deliveries]), *_owing())
    return set(session.scalars(asked))


def unpaid(session: Session, delivery: Delivery) -> str | None:
    """The number of the bill that is to be paid first; None when nothing is."""
    found = _unpaid(session, delivery) if is_owed(session, delivery) else None
    return None if found is None else found.bill_no


def spare_of(session: Session, *, bill_ids: Sequence[int], but_for: str | None = None) -> dict[int, Spare]:
    """What may go back of several bills that are for postage, by bill; others are not named.

    `but_for`: the request for a refund that is being looked at, whose money counts as still here.
    """
    left = _paid(Delivery.id, but_for=but_for) - Delivery.postage_fen
    asked = select(PostageBill.bill_id, left, _sent()).join(Delivery, Delivery.id == PostageBill.delivery_id)
    found = session.execute(asked.where(PostageBill.bill_id.in_(bill_ids)))
    return {bill_id: Spare(max(int(spare), 0), bool(sent)) for bill_id, spare, sent in found}


def hold(session: Session, *, bill_id: int) -> None:
    """Let nothing change about the delivery of a bill for postage until the unit of work ends."""
    session.execute(
        select(Delivery.id)
        .join(PostageBill, PostageBill.delivery_id == Delivery.id)
        .where(PostageBill.bill_id == bill_id)
        .with_for_update(of=Delivery)
    )


def _bill(session: Session, case: Case, delivery: Delivery, *, due: int) -> None:
    name = "邮费" if due == delivery.postage_fen else "邮费差额"
    new = fees.issue(
        session,
        citizen_id=case.citizen_id,
        organisation_id=case.organisation_id,
        case_id=None,  # the case itself is decided and paid: what the post costs is a bill of its own
        task_code=case.task_code,
        task_name=f"{case.task_name}（{name}）",
        lines=[FeeLine("postage", name, due, _BASIS)],
    )
    if new is not None:
        session.add(PostageBill(bill_id=new.id, delivery_id=delivery.id))
        session.flush()


def _need_again(session: Session, delivery: Delivery) -> None:
    """Keep for the post what was asked back and nobody has decided about, so that it is not paid twice."""
    mine = select(PostageBill.bill_id).where(PostageBill.delivery_id == delivery.id)
    refunding.withdraw(session, bill_ids=session.scalars(mine).all())


def _give_back(session: Session, delivery: Delivery, *, most: int) -> None:
    """Ask for its payer what is too much (申请退还多缴的邮费), of the latest bills first."""
    paid = _bills(delivery, BillState.PAID).order_by(Bill.id.desc())
    for bill, gone in session.execute(paid.add_columns(_gone(Bill.id))).all():
        amount = min(most, bill.amount_fen - gone)
        if amount <= 0 or bill.payment_no is None:
            continue
        # What is being asked of this bill goes first; the rest can be asked for when that is through.
        with contextlib.suppress(RefundAlreadyAsked):
            refunding.ask(session, bill=bill, payment_no=bill.payment_no, amount_fen=amount, reason=_LESS)
            most -= amount


def _unpaid(session: Session, delivery: Delivery) -> Bill | None:
    return session.scalar(_bills(delivery, BillState.UNPAID))


def _bills(delivery: Delivery, state: BillState) -> Select[Bill]:
    mine = select(Bill).join(PostageBill, PostageBill.bill_id == Bill.id)
    return mine.where(PostageBill.delivery_id == delivery.id, Bill.state == state.value)


def _paid_fen(session: Session, delivery: Delivery) -> int:
    paid = session.execute(select(_paid(Delivery.id)).where(Delivery.id == delivery.id)).scalar_one()
    return int(paid)


def _paid(delivery_id: InstrumentedAttribute[int], *, but_for: str | None = None) -> ScalarSelect[int]:
    """What was paid for a delivery and stays here."""
    bill, of = aliased(Bill), aliased(PostageBill)
    stays = func.coalesce(func.sum(bill.amount_fen - _gone(bill.id, but_for=but_for)), 0)
    asked = select(stays).join(of, of.bill_id == bill.id)
    return asked.where(of.delivery_id == delivery_id, bill.state == BillState.PAID.value).scalar_subquery()


def _gone(bill_id: InstrumentedAttribute[int], *, but_for: str | None = None) -> ScalarSelect[int]:
    """What of a paid bill went back, or is asked for."""
    gone = select(func.coalesce(func.sum(RefundRequest.amount_fen), 0))
    gone = gone.where(RefundRequest.bill_id == bill_id, RefundRequest.state.in_(_GOES_BACK))
    if but_for is not None:
        gone = gone.where(RefundRequest.refund_no != but_for)
    return gone.scalar_subquery()


def _owing() -> tuple[ColumnElement[bool], ...]:
    """What makes a delivery wait for its applicant's money."""
    return _paid(Delivery.id) < Delivery.postage_fen, ~_sent()


def _sent() -> ColumnElement[bool]:
    """Whether the courier has ever had a parcel of a delivery."""
    return exists().where(Parcel.delivery_id == Delivery.id, Parcel.waybill.is_not(None))


def _was_sent(session: Session, delivery: Delivery) -> bool:
    return bool(session.scalar(select(_sent()).where(Delivery.id == delivery.id)))
