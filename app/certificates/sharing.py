"""Showing a certificate (亮证): for five minutes, chosen facts, every look written down.

The code says by itself what the city states, so that it is checked without a network; with one, whoever scans
it sees how the certificate stands today.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock, tries
from app.certificates import queries, revoking, statements
from app.certificates.errors import CertificateNotValid, ShownTooOften
from app.certificates.models import Certificate, CertificateState
from app.certificates.share_models import CertificateShare, CertificateTry
from app.certificates.statements import Kind, Statement
from app.crypto import blind_index, token_hash
from app.people.models import Citizen
from app.people.queries import masked_name

LIVES_FOR = timedelta(minutes=5)
WINDOW = timedelta(minutes=10)
_SHOWINGS = 30
HOLDER_NAME = "holder_name"
# What a holder may show beyond the least.
FACTS: Final[Mapping[str, str]] = {
    HOLDER_NAME: "持证人全名",
    "holder_number": "证件号码（只留首尾）",
    "holder_address": "住所",
    "legal_person": "法定代表人",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn as a code, and until when it is good."""

    content: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Showing:
    """Who shows which certificate: a person, maybe for the company they act for."""

    certificate_id: int
    citizen_id: int
    organisation_id: int | None = None


def show(session: Session, showing: Showing, *, facts: Collection[str] = ()) -> Shown:
    """Show a certificate of one's own; what the same person showed of it before ends at once.

    Raises CertificateNotFound, also for another's, CertificateNotValid and ShownTooOften.
    """
    _hold_holder(session, showing)
    _own(session, showing)
    certificate = revoking.held(session, certificate_id=showing.certificate_id)
    if certificate.state_on(clock.today()) != CertificateState.VALID:
        raise CertificateNotValid
    caller = blind_index(f"{showing.citizen_id}:{certificate.id}", purpose="certificates.showings")
    if tries.count(session, CertificateTry, window=WINDOW, caller=caller) > _SHOWINGS:
        raise ShownTooOften(retry_after=int(WINDOW.total_seconds()))
    end(session, showing)
    now, share_id = clock.now(), secrets.token_bytes(statements.ID_BYTES)
    share = CertificateShare(
        certificate_id=certificate.id,
        citizen_id=showing.citizen_id,
        token_hash=hash_of(share_id),
        facts=[fact for fact in FACTS if fact in facts],
        shown_at=now,
        expires_at=now + LIVES_FOR,
    )
    session.add(share)
    session.flush()
    said = stated(certificate, kind=Kind.SHOWN, share_id=share_id, ends=share.expires_at)
    return Shown(statements.address(statements.written(said)), share.expires_at)


def end(session: Session, showing: Showing) -> None:
    """End what one shows of a certificate (结束出示); again changes nothing. Raises CertificateNotFound."""
    _own(session, showing)
    session.execute(
        update(CertificateShare)
        .where(
            CertificateShare.certificate_id == showing.certificate_id,
            CertificateShare.citizen_id == showing.citizen_id,
            CertificateShare.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def printed(certificate: Certificate) -> str:
    """What the code on a certificate's paper says (证照版式的码)."""
    no_share = bytes(statements.ID_BYTES)
    said = stated(certificate, kind=Kind.PRINTED, share_id=no_share, ends=None)
    return statements.address(statements.written(said))


def stated(certificate: Certificate, *, kind: Kind, share_id: bytes, ends: datetime | None) -> Statement:
    """What the city says of a certificate now; a person's name is masked, a company's is not."""
    return Statement(
        kind=kind,
        share_id=share_id,
        as_of=clock.now(),
        expires_at=ends,
        identifier=certificate.identifier,
        name=certificate.name,
        holder=public_holder(certificate),
        valid_until="" if certificate.valid_until is None else certificate.valid_until.isoformat(),
    )


def public_holder(certificate: Certificate) -> str:
    """Who holds a certificate, for anybody: a company by its name, a person masked."""
    if certificate.organisation_id is not None or certificate.holder_index is not None:
        return certificate.holder_name
    return masked_name(certificate.holder_name) or ""


def choices(certificate: Certificate) -> dict[str, str]:
    """Which facts of a certificate may be shown beyond the least, with their words."""
    contents = queries.contents(certificate)
    masked = public_holder(certificate) != certificate.holder_name
    return {
        fact: words
        for fact, words in FACTS.items()
        if (masked if fact == HOLDER_NAME else bool(contents.get(fact)))
    }


def hash_of(share_id: bytes) -> bytes:
    """What is stored of a showing's id."""
    return token_hash(share_id.hex())


def _hold_holder(session: Session, showing: Showing) -> None:
    """Before everything else, as closing an account does it; else two could wait for each other."""
    session.execute(
        select(Citizen.id).where(Citizen.id == showing.citizen_id).with_for_update(read=True, key_share=True)
    )


def _own(session: Session, showing: Showing) -> Certificate:
    return queries.certificate_of(
        session,
        certificate_id=showing.certificate_id,
        citizen_id=showing.citizen_id,
        organisation_id=showing.organisation_id,
    )
