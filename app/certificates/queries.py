"""What can be asked about certificates (查询电子证照)."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.certificates.errors import CertificateNotFound
from app.certificates.models import Certificate, CertificateState
from app.organisations import queries as organisations

# An address may hold a longer number than the database has ids.
_ID_BITS = 63


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a message says about a certificate."""

    citizen_id: int
    organisation_id: int | None
    task_code: str
    name: str
    identifier: str
    issued_at: datetime


def of_citizen(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    cursor: int | None = None,
    limit: int = 20,
) -> Sequence[Certificate]:
    """The certificates of a citizen, or of the company they act for, newest first.

    `cursor` is the id below which the list goes on.
    """
    mine = organisations.owned(session, Certificate, citizen_id=citizen_id, organisation_id=organisation_id)
    asked = select(Certificate).where(mine)
    if cursor is not None:
        asked = asked.where(Certificate.id < cursor)
    return session.scalars(asked.order_by(Certificate.id.desc()).limit(limit)).all()


def certificate_of(
    session: Session, *, citizen_id: int, certificate_id: int, organisation_id: int | None = None
) -> Certificate:
    """A certificate of a citizen, or of their company; raises CertificateNotFound, also for another's."""
    if certificate_id.bit_length() > _ID_BITS:
        raise CertificateNotFound
    mine = organisations.owned(session, Certificate, citizen_id=citizen_id, organisation_id=organisation_id)
    found = session.scalar(select(Certificate).where(Certificate.id == certificate_id, mine))
    if found is None:
        raise CertificateNotFound
    return found


def of_case(session: Session, *, case_id: int) -> Certificate | None:
    """The certificate that a case gave, if it did."""
    return session.scalar(select(Certificate).where(Certificate.case_id == case_id))


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, Certificate]:
    """The certificates that several cases gave, by case: one statement for all."""
    found = session.scalars(select(Certificate).where(Certificate.case_id.in_(case_ids)))
    return {certificate.case_id: certificate for certificate in found}


def revoked_of(session: Session, *, case_ids: Collection[int]) -> set[int]:
    """Which of several cases gave a certificate that was revoked, by an approver or by the registry."""
    ended = select(Certificate.case_id).where(
        Certificate.case_id.in_(case_ids), Certificate.state == CertificateState.REVOKED.value
    )
    return set(session.scalars(ended))


def by_identifier(session: Session, *, identifier: str) -> Certificate | None:
    """The certificate of an identifier that we have signed for; None when it is gone."""
    return session.scalar(select(Certificate).where(Certificate.identifier == identifier))


def facts(session: Session, *, certificate_id: int) -> CertificateFacts:
    """The facts of one certificate; raises CertificateNotFound."""
    found = session.get(Certificate, certificate_id)
    if found is None:
        raise CertificateNotFound
    return CertificateFacts(
        citizen_id=found.citizen_id,
        organisation_id=found.organisation_id,
        task_code=found.task_code,
        name=found.name,
        identifier=found.identifier,
        issued_at=found.issued_at,
    )


def contents(certificate: Certificate) -> dict[str, str]:
    """What the certificate itself says, for its holder."""
    kept: dict[str, str] = json.loads(certificate.sealed_facts)
    return kept
