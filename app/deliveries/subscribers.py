"""What deliveries do when something else has happened (送达的事件响应)."""

from sqlalchemy.orm import Session

from app.cases.events import CaseDecided
from app.deliveries import service


def begin(session: Session, event: CaseDecided) -> None:
    """Begin to hand over a result on paper; safe to repeat."""
    service.begin(session, case_id=event.case_id)
