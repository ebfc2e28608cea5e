"""What can be done with certificates (电子证照): issue."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.certificates import following, numbers
from app.certificates.events import CertificateIssued
from app.certificates.models import Certificate, CertificateType
from app.events import publish


def issue(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    case_id: int,
    name: str,
    task_code: str,
    dept_code: str,
    dept_name: str,
    holder_name: str,
    facts: Mapping[str, str],
    valid_years: int | None = None,
    quiet: bool = False,
) -> Certificate:
    """Issue the certificate of a granted case (签发); None years: without end (长期); `quiet`: no message."""
    now = clock.now()
    today = clock.local(now).date()
    number = _type_number(session, dept_code=dept_code, task_code=task_code)
    identifier = numbers.new_identifier(session, dept_code=dept_code, type_number=number)
    certificate = Certificate(
        identifier=str(identifier),
        citizen_id=citizen_id,
        organisation_id=organisation_id,
        case_id=case_id,
        name=name,
        task_code=task_code,
        issuer_name=dept_name,
        holder_name=holder_name,
        holder_index=following.holder_index(facts.get("holder_number", "")),
        sealed_facts=json.dumps(dict(facts), ensure_ascii=False),
        issued_at=now,
        issued_on=today,
        valid_until=None if valid_years is None else last_day(today, years=valid_years),
    )
    session.add(certificate)
    session.flush()
    publish(session, CertificateIssued(certificate.id, quiet=quiet))
    return certificate


def last_day(start: date, *, years: int) -> date:
    """The last day of so many years from a day: the day before its anniversary (29 February: 28 February)."""
    try:
        return start.replace(year=start.year + years) - timedelta(days=1)
    except ValueError:
        return date(start.year + years, 2, 28)


def _type_number(session: Session, *, dept_code: str, task_code: str) -> int:
    """The item's number among its department's types; the first certificate takes the next free one."""
    known = select(CertificateType.number).where(
        CertificateType.dept_code == dept_code, CertificateType.task_code == task_code
    )
    number = session.scalar(known)
    if number is not None:
        return number
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"certificate_types\n{dept_code}", 0))
    session.execute(select(lock))
    last = select(func.coalesce(func.max(CertificateType.number), 0)).where(
        CertificateType.dept_code == dept_code
    )
    session.execute(
        insert(CertificateType)
        .values(dept_code=dept_code, task_code=task_code, number=session.scalars(last).one() + 1)
        .on_conflict_do_nothing(index_elements=[CertificateType.dept_code, CertificateType.task_code])
    )
    return session.scalars(known).one()
