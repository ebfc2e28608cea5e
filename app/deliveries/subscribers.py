"""What deliveries do when something else has happened (送达的事件响应)."""

from sqlalchemy.orm import Session

from app.cases.events import CaseDecided
from app.certificates.events import CertificateRevoked
from app.certificates.models import Certificate
from app.deliveries import service, withholding


def begin(session: Session, event: CaseDecided) -> None:
    """Begin to hand over a result on paper; safe to repeat."""
    service.begin(session, case_id=event.case_id)


def let_off(session: Session, event: CertificateRevoked) -> None:
    """Charge no post for what was revoked before it was sent; safe to repeat."""
    given = session.get_one(Certificate, event.certificate_id)
    withholding.let_off(session, case_id=given.case_id)
