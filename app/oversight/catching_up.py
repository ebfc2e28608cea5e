"""Licences that were granted before supervisors were told of any (补推): noted once, with their end."""

import logging
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cases.events import CaseDecided
from app.cases.models import Case
from app.certificates.events import CertificateRevoked
from app.certificates.models import Certificate, CertificateRevocation
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.oversight import noting
from app.oversight.models import Kind, OversightEvent
from app.promise_checks.events import PromiseSettled
from app.promise_checks.models import PromiseCheck

log = logging.getLogger(__name__)

_AT_ONCE = 200
_TROUBLE = (UnreadableError, SQLAlchemyError, LookupError, ValueError)


@dataclass(frozen=True, slots=True)
class Caught:
    """How many cases were noted, and how many nobody can read; the reason stands in the log."""

    noted: int
    unread: int


def catch_up() -> Caught:
    """Note every licence of which nothing was noted, each in a unit of work of its own.

    May run again, late, and beside itself or the jobs: what happened is noted once by the database.
    """
    after, noted, unread = 0, 0, 0
    while found := _silent(after):
        for case_id in found:
            try:
                with unit_of_work() as session:
                    noted += _note(session, case_id)
            except _TROUBLE:
                log.exception("licence_not_caught_up", extra={"case_id": case_id})
                unread += 1
        after = found[-1]
    return Caught(noted, unread)


def _silent(after: int) -> list[int]:
    """The next licences of which nothing was noted; only their cases' ids, since a row may be unreadable."""
    told = exists().where(OversightEvent.case_id == Case.id)
    asked = (
        select(Case.id)
        .join(Certificate, Certificate.case_id == Case.id)
        .where(Case.granted.is_(True), Case.id > after, ~told)
        .order_by(Case.id)
        .limit(_AT_ONCE)
    )
    with unit_of_work() as session:
        return list(session.scalars(asked))


def _note(session: Session, case_id: int) -> bool:
    """Note the grant, an untrue promise and the end, in this order; whether it is told at all."""
    noting.note_grant(session, CaseDecided(case_id))
    if not session.scalar(select(exists().where(OversightEvent.case_id == case_id))):
        return False
    for check_id in session.scalars(select(PromiseCheck.id).where(PromiseCheck.case_id == case_id)).all():
        noting.note_promise(session, PromiseSettled(check_id))
    case = session.get_one(Case, case_id)
    if case.grant_revoked_at is not None:
        noting.note(session, case, Kind.REVOKED)
    ended = select(CertificateRevocation.certificate_id).join(
        Certificate, Certificate.id == CertificateRevocation.certificate_id
    )
    for certificate_id in session.scalars(ended.where(Certificate.case_id == case_id)).all():
        noting.note_ending(session, CertificateRevoked(certificate_id))
    return True
