"""Ending, at the desk, the delivery of what was revoked (已撤销，不再发放)."""

from sqlalchemy.orm import Session

from app.cases import timeline
from app.deliveries import withholding
from app.desk import delivery_rows, duties
from app.staff.sessions import OnDuty


def withhold(session: Session, *, clerk: OnDuty, delivery_id: int) -> None:
    """Say that the paper stays here and is made void; raises DeliveryNotFound and as `withholding` does."""
    case, delivery = delivery_rows.held(session, clerk, delivery_id)
    withholding.withhold(session, case, delivery, actor=timeline.clerk(duties.officer(clerk)))
    delivery_rows.record(session, clerk, case, action="result_withheld")
