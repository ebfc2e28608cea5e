"""What of the money a clerk may see (收费岗的范围): that of their department's cases, or of no case.

Bills lie with the department of their case and with no hall, so that a hall limits nothing here.
"""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.models import Case
from app.desk.duties import Duty
from app.desk.work import visible_to
from app.fees.models import Bill
from app.staff.models import Role
from app.staff.sessions import OnDuty
from payments.models import Attempt, AttemptBill

HANDLING_MONEY: Duty = frozenset({Role.CASHIER, Role.SUPERVISOR})


def sees_bill(clerk: OnDuty, bill_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether a bill belongs to the clerk's department."""
    if clerk.department is None:
        return true()
    return (
        select(Bill.id)
        .outerjoin(Case, Case.id == Bill.case_id)
        .where(Bill.id == bill_id, or_(Bill.case_id.is_(None), visible_to(clerk)))
        .correlate_except(Bill, Case)
        .exists()
    )


def sees_payment(clerk: OnDuty) -> ColumnElement[bool]:
    """Whether one bill of a payment belongs to the clerk's department."""
    if clerk.department is None:
        return true()
    return (
        select(AttemptBill.id)
        .where(AttemptBill.attempt_id == Attempt.id, sees_bill(clerk, AttemptBill.bill_id))
        .correlate_except(AttemptBill)
        .exists()
    )
