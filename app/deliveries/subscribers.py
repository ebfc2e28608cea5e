"""What deliveries do when something else has happened (送达的事件响应)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.events import CaseDecided
from app.certificates import following
from app.certificates.events import CertificateRevoked
from app.certificates.models import Certificate, CertificateChange
from app.deliveries import service, withholding
from app.enterprises.events import UnitChanged


def begin(session: Session, event: CaseDecided) -> None:
    """Begin to hand over a result on paper; safe to repeat."""
    service.begin(session, case_id=event.case_id)


def let_off_unit(session: Session, event: UnitChanged) -> None:
    """Charge no post for what ended with the registration of its unit (随注销登记停用); safe to repeat."""
    ended = (
        select(Certificate.case_id)
        .join(CertificateChange, CertificateChange.certificate_id == Certificate.id)
        .where(
            CertificateChange.message_id == event.message_id,
            CertificateChange.field == following.STATUS,
            Certificate.citizen_id == event.citizen_id,
        )
        .order_by(Certificate.case_id)
    )
    for case_id in session.scalars(ended).all():
        withholding.let_off(session, case_id=case_id)


def let_off(session: Session, event: CertificateRevoked) -> None:
    """Charge no post for what was revoked before it was sent; safe to repeat."""
    given = session.get_one(Certificate, event.certificate_id)
    withholding.let_off(session, case_id=given.case_id)
