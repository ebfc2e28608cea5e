"""What a case costs (办件收费): lines of the pinned guide, never an amount from outside."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.cases.errors import FeeChoiceNeeded, FeeNotPriced, FeeUnknown
from app.catalogue.queries import Guide
from app.fees import queries as fee_queries
from app.fees import service as fees
from app.fees.errors import BillNotPayable
from app.fees.models import BillState
from app.fees.service import FeeLine

_CHOOSE = "choose"


def lines(guide: Guide, fee_codes: Sequence[str] | None) -> list[FeeLine]:
    """The fees to bill; None takes those that always apply, an empty list is a waiver (减免).

    Raises FeeUnknown, FeeNotPriced for a fee without a fixed amount, and FeeChoiceNeeded when the
    situation decides between several and nobody chose.
    """
    return _lines(guide.fees, fee_codes)


def is_fixed(fees_of_guide: Sequence[Mapping[str, Any]], fee_codes: Sequence[str] | None) -> bool:
    """Whether what is due is settled without anybody who chooses or sets an amount; None as in `lines`."""
    try:
        _lines(fees_of_guide, fee_codes)
    except (FeeChoiceNeeded, FeeNotPriced):
        return False
    return True


def _lines(fees_of_guide: Sequence[Mapping[str, Any]], fee_codes: Sequence[str] | None) -> list[FeeLine]:
    offered = {fee["fee_code"]: fee for fee in fees_of_guide}
    if fee_codes is None:
        priced = [fee for fee in offered.values() if fee["amount_fen"] is not None]
        open_choice = [fee for fee in priced if fee.get("charge", _CHOOSE) == _CHOOSE]
        if open_choice and len(priced) > 1:
            names = [f"{fee['fee_name']}{yuan(fee['amount_fen'])}元" for fee in priced]
            raise FeeChoiceNeeded(errors={"fee_codes": [f"请从这些收费项目中选择：{'、'.join(names)}"]})
        fee_codes = [fee["fee_code"] for fee in priced]
    unknown = [code for code in fee_codes if code not in offered]
    if unknown:
        raise FeeUnknown(errors={"fee_codes": [f"没有收费项目{code[:64]}" for code in unknown]})
    chosen = [offered[code] for code in dict.fromkeys(fee_codes)]
    if any(fee["amount_fen"] is None for fee in chosen):
        raise FeeNotPriced
    return [
        FeeLine(fee["fee_code"], fee["fee_name"], int(fee["amount_fen"]), str(fee.get("by_law", "")))
        for fee in chosen
    ]


def void_open_bills(session: Session, *, case_id: int) -> bool:
    """Take the unpaid bills of a case back (作废); whether a paid one is left.

    A bill that is being paid in this moment stays paid: the payer may have it refunded.
    """
    paid = False
    for bill in fee_queries.of_case(session, case_id=case_id):
        if bill.state == BillState.UNPAID:
            try:
                fees.void(session, bill_id=bill.id)
            except BillNotPayable:
                session.refresh(bill)
                paid = True
        elif bill.state == BillState.PAID:
            paid = True
    return paid


def yuan(amount_fen: int) -> str:
    """Fen as yuan with two decimals, for sentences: 2000 → 20.00."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"
