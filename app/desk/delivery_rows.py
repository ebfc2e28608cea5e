"""Which deliveries a clerk sees and may hold, and how what is done with one is written down (送达)."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases.models import Case
from app.db import LARGEST_ID
from app.deliveries import holding
from app.deliveries.errors import DeliveryNotFound
from app.deliveries.models import Delivery, DeliveryState
from app.desk import duties
from app.desk.work import visible_to
from app.staff.sessions import OnDuty


def held(session: Session, clerk: OnDuty, delivery_id: int) -> tuple[Case, Delivery]:
    """A delivery that the clerk sees, locked with its case; raises DeliveryNotFound."""
    duties.refuse_unless(clerk, duties.CLOSING)
    if delivery_id > LARGEST_ID:
        raise DeliveryNotFound
    asked = select(Delivery.case_id).join(Case, Case.id == Delivery.case_id)
    case_id = session.scalar(asked.where(Delivery.id == delivery_id, seen_by(clerk)))
    if case_id is None:
        raise DeliveryNotFound
    return holding.case(session, case_id=case_id), holding.delivery(session, case_id=case_id)


def seen_by(clerk: OnDuty) -> ColumnElement[bool]:
    """What waits at a hall is seen by whoever sits there, all else by the department that decided."""
    if clerk.centre_id is None:
        return visible_to(clerk)
    here = or_(Delivery.centre_id == clerk.centre_id, Delivery.centre_id.is_(None))
    waits = Delivery.state == DeliveryState.WAITING.value
    return or_(and_(waits, here), and_(~waits, visible_to(clerk)))


def record(session: Session, clerk: OnDuty, case: Case, *, action: str, **details: str) -> None:
    """Write into the audit log what a clerk did with the result of a case."""
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
