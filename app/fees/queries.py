"""What can be asked about bills (查询缴款通知)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.fees.errors import BillNotFound, ReceiptNotFound
from app.fees.models import Bill, Receipt
from app.organisations import queries as organisations


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What a message or a timeline says about a bill."""

    citizen_id: int
    organisation_id: int | None
    task_code: str
    case_id: int | None
    bill_no: str
    title: str
    amount_fen: int
    state: str


def facts(session: Session, *, bill_id: int) -> BillFacts:
    """The facts of one bill; raises BillNotFound."""
    bill = session.get(Bill, bill_id)
    if bill is None:
        raise BillNotFound
    return BillFacts(
        citizen_id=bill.citizen_id,
        organisation_id=bill.organisation_id,
        task_code=bill.task_code,
        case_id=bill.case_id,
        bill_no=bill.bill_no,
        title=bill.title,
        amount_fen=bill.amount_fen,
        state=bill.state,
    )


def of_case(session: Session, *, case_id: int) -> list[Bill]:
    """The bills of one case, oldest first."""
    return list(session.scalars(select(Bill).where(Bill.case_id == case_id).order_by(Bill.id)))


def of_cases(session: Session, *, case_ids: Sequence[int]) -> list[Bill]:
    """The bills of many cases in one statement, for lists."""
    return list(session.scalars(select(Bill).where(Bill.case_id.in_(case_ids)).order_by(Bill.id)))


def of_citizen(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    state: str | None = None,
    before_id: int | None = None,
    limit: int = 20,
) -> list[Bill]:
    """A citizen's bills, or those of the company they act for, newest first; `before_id` continues a list."""
    mine = organisations.owned(session, Bill, citizen_id=citizen_id, organisation_id=organisation_id)
    asked = select(Bill).where(mine)
    if state is not None:
        asked = asked.where(Bill.state == state)
    if before_id is not None:
        asked = asked.where(Bill.id < before_id)
    return list(session.scalars(asked.order_by(Bill.id.desc()).limit(limit)))


def of_citizen_by_no(
    session: Session, *, citizen_id: int, bill_no: str, organisation_id: int | None = None
) -> Bill:
    """One bill of this citizen, or of the company they act for; raises BillNotFound for every other."""
    mine = organisations.owned(session, Bill, citizen_id=citizen_id, organisation_id=organisation_id)
    bill = session.scalar(select(Bill).where(Bill.bill_no == bill_no, mine))
    if bill is None:
        raise BillNotFound
    return bill


def receipts_of(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    before_id: int | None = None,
    limit: int = 20,
) -> list[tuple[Receipt, Bill]]:
    """The receipts of a citizen, or of the company they act for, with their bills, newest first."""
    mine = organisations.owned(session, Bill, citizen_id=citizen_id, organisation_id=organisation_id)
    asked = select(Receipt, Bill).join(Bill, Bill.id == Receipt.bill_id).where(mine)
    if before_id is not None:
        asked = asked.where(Receipt.id < before_id)
    return [
        (receipt, bill) for receipt, bill in session.execute(asked.order_by(Receipt.id.desc()).limit(limit))
    ]


def receipt_of_citizen(
    session: Session, *, citizen_id: int, receipt_no: str, organisation_id: int | None = None
) -> tuple[Receipt, Bill]:
    """One receipt of this citizen, or of their company, with its bill; raises ReceiptNotFound."""
    mine = organisations.owned(session, Bill, citizen_id=citizen_id, organisation_id=organisation_id)
    found = session.execute(
        select(Receipt, Bill)
        .join(Bill, Bill.id == Receipt.bill_id)
        .where(Receipt.receipt_no == receipt_no, mine)
    ).one_or_none()
    if found is None:
        raise ReceiptNotFound
    return found[0], found[1]
