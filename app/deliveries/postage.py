"""What the post costs the applicant (邮费): a rule per item and area, free where the guide says nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.ways import Way
from app.deliveries.models import Delivery, Region
from app.fees import queries as fee_queries
from app.fees import service as fees
from app.fees.errors import BillNotPayable
from app.fees.models import Bill, BillState
from app.fees.service import FeeLine

_RULES: Final[Mapping[Region, str]] = {
    Region.CITY: "postage_city_fen",
    Region.ELSEWHERE: "postage_elsewhere_fen",
}
_BASIS = "自愿选择邮寄送达，按寄递服务价格代收；可以改为免费的窗口领取"


def fen(body: Mapping[str, Any], region: Region) -> int:
    """What the applicant pays for a region, in fen; 0 is free (免除邮寄费用)."""
    return int((body.get("result") or {}).get(_RULES[region]) or 0)


def settle(session: Session, case: Case, delivery: Delivery, *, way: Way, body: Mapping[str, Any]) -> None:
    """Bill the postage of what is to be posted, and take back what is owed for nothing any more.

    A refusal is sent at the city's cost, what costs nothing is never billed, and what was paid is not asked
    again: when the result was not sent after all, it is given back on demand like every fee.
    """
    owed = fen(body, Region(delivery.region)) if way is Way.POST and case.granted else 0
    bill = None if delivery.postage_bill_id is None else session.get_one(Bill, delivery.postage_bill_id)
    if bill is not None and bill.state == BillState.UNPAID and bill.amount_fen != owed:
        try:
            fees.void(session, bill_id=bill.id)
        except BillNotPayable:
            return  # it was paid in this moment
        bill = None
    if bill is not None and bill.state in {BillState.UNPAID, BillState.PAID}:
        return
    line = FeeLine("postage", "邮费", owed, _BASIS)
    new = fees.issue(
        session,
        citizen_id=case.citizen_id,
        organisation_id=case.organisation_id,
        case_id=None,  # the case itself is decided and paid: what the post costs is a bill of its own
        task_code=case.task_code,
        task_name=f"{case.task_name}（邮费）",
        lines=[line],
    )
    delivery.postage_bill_id = None if new is None else new.id


def is_owed(session: Session, delivery: Delivery) -> bool:
    """Whether the applicant still has to pay before it is sent."""
    return unpaid(session, delivery) is not None


def owed_of(session: Session, deliveries: Sequence[Delivery]) -> set[int]:
    """Which of many deliveries wait for their postage, in one statement."""
    asked = (
        select(Delivery.id)
        .join(Bill, Bill.id == Delivery.postage_bill_id)
        .where(Delivery.id.in_([one.id for one in deliveries]), Bill.state == BillState.UNPAID.value)
    )
    return set(session.scalars(asked))


def unpaid(session: Session, delivery: Delivery) -> str | None:
    """The number of the bill that is to be paid first; None when nothing is."""
    if delivery.postage_bill_id is None:
        return None
    found = fee_queries.facts(session, bill_id=delivery.postage_bill_id)
    return found.bill_no if found.state == BillState.UNPAID else None
