"""Certificates of a unit follow what the registry tells of it (多证合一、证照联动).

A unit is found by its 统一社会信用代码, of which only a keyed hash stands beside the certificate.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.certificates.models import Certificate, CertificateChange, CertificateState
from app.check_characters import organisation_code_is_right
from app.crypto import blind_index

_PURPOSE = "certificates.holder_number"
NAME, STATUS = "name", "status"
# What a certificate says of its unit besides the name, by what the registry calls it.
_FACTS: Final[Mapping[str, str]] = {"address": "holder_address", "legal_person": "legal_person"}
FIELDS: Final[Mapping[str, str]] = {
    NAME: "单位名称",
    "address": "住所",
    "legal_person": "法定代表人",
    STATUS: "登记状态",
}
_ENDED = "已注销登记"


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed of a unit: in which respect, to what, and the registry's message that said so."""

    organisation_code: str
    field: str
    value: str
    message_id: int


def holder_index(number: str) -> bytes | None:
    """What a unit's certificates are found by; None for the number of a person."""
    return blind_index(number, purpose=_PURPOSE) if organisation_code_is_right(number) else None


def fill_index(session: Session, *, after: int, limit: int) -> tuple[int | None, int]:
    """Note the unit of certificates that were issued before it was noted (补记单位); safe to repeat.

    Looks at `limit` of them from the id `after` on: the last one's id, None at the end, and how many are a
    unit's.
    """
    waiting = (
        select(Certificate)
        .where(Certificate.id > after, Certificate.holder_index.is_(None))
        .order_by(Certificate.id)
        .limit(limit)
        .with_for_update()
    )
    found = session.scalars(waiting).all()
    for certificate in found:
        number = str(json.loads(certificate.sealed_facts).get("holder_number", ""))
        certificate.holder_index = holder_index(number)
    last = found[-1].id if found else None
    return last, sum(certificate.holder_index is not None for certificate in found)


def follow(session: Session, changed: Changed) -> list[int]:
    """Change every certificate of a unit; whose they are. A message that was followed changes nothing more.

    Where a unit is deregistered its certificates end (《行政许可法》第七十条第四项).
    """
    theirs = (
        select(Certificate)
        .where(Certificate.holder_index == holder_index(changed.organisation_code))
        .order_by(Certificate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = [each for each in session.scalars(theirs) if _changes(session, each, changed)]
    session.flush()
    return sorted({certificate.citizen_id for certificate in found})


def history(session: Session, *, certificate_id: int) -> Sequence[CertificateChange]:
    """What the registry changed on a certificate, oldest first."""
    asked = select(CertificateChange).where(CertificateChange.certificate_id == certificate_id)
    return session.scalars(asked.order_by(CertificateChange.id)).all()


def sentence(change: CertificateChange) -> str:
    """One change for the holder to read."""
    name = FIELDS[change.field]
    if change.field == STATUS:
        return f"{name}：{_ENDED}，证照停用"
    if not change.before:
        return f"{name}：{change.after}"
    return f"{name}：由“{change.before}”变更为“{change.after}”"


def _changes(session: Session, certificate: Certificate, changed: Changed) -> bool:
    before, after = _before(certificate, changed.field), changed.value
    if changed.field == STATUS:
        after = _ENDED
    if before == after:
        return False
    kept = session.scalar(
        insert(CertificateChange)
        .values(
            certificate_id=certificate.id,
            message_id=changed.message_id,
            field=changed.field,
            before=before,
            after=after,
            at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(CertificateChange.id)
    )
    if kept is not None:
        _write(certificate, changed.field, after)
    return kept is not None


def _before(certificate: Certificate, field: str) -> str:
    if field == NAME:
        return certificate.holder_name
    if field == STATUS:
        return _ENDED if certificate.state == CertificateState.REVOKED else ""
    return str(json.loads(certificate.sealed_facts).get(_FACTS[field], ""))


def _write(certificate: Certificate, field: str, value: str) -> None:
    if field == NAME:
        certificate.holder_name = value
    elif field == STATUS:
        certificate.state = CertificateState.REVOKED.value
    else:
        facts = {**json.loads(certificate.sealed_facts), _FACTS[field]: value}
        certificate.sealed_facts = json.dumps(facts, ensure_ascii=False)
