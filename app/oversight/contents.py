"""What is told of a licence (推送内容): only what it shows itself, who decided, who looks after it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.catalogue import oversight
from app.catalogue import queries as catalogue
from app.catalogue.oversight import Department
from app.certificates import following, revoking
from app.certificates import queries as certificates
from app.certificates.models import Certificate, CertificateChange
from app.check_characters import organisation_code_is_right
from app.oversight.models import Kind, OversightEvent
from app.promise_checks import pleas
from app.promise_checks import queries as promises
from app.promise_checks.models import TEXTS, CheckState, PromiseCheck


@dataclass(frozen=True, slots=True)
class Happened:
    """When something happened to a licence, and what there is to say of it."""

    at: datetime
    said: str = ""


def write(session: Session, event: OversightEvent, case: Case) -> None:
    """Write down what an event tells, as things stand; what was told under its number is left alone."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    # Who supervises is a matter of today, whichever guide the case was begun under.
    body = catalogue.body_in_force(session, task_code=case.task_code) or guide.body
    supervising = oversight.supervisor(body)
    happened = _happened(session, event, case)
    licence = session.scalars(select(Certificate).where(Certificate.case_id == case.id)).one()
    told = {
        "event_no": event.event_no,
        "position": event.position,
        "kind": event.kind,
        "happened_at": happened.at.isoformat(),
        "said": happened.said,
        "case_no": case.case_no,
        "item": {"code": case.task_code, "name": case.task_name},
        "licence": _licence(licence),
        "holder": _holder(licence),
        "conditions": case.decision_reason or "",
        "decided_on": clock.local(case.decided_at or happened.at).date().isoformat(),
        "deciding": _department(Department(case.dept_code, case.dept_name)),
        "supervising": _department(supervising),
        **_promised(session, case),
    }
    event.happened_at = happened.at
    event.supervisor_name = supervising.name
    event.sealed_content = json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _happened(session: Session, event: OversightEvent, case: Case) -> Happened:
    kind = Kind(event.kind)
    if kind is Kind.REVOKED:
        return Happened(case.grant_revoked_at or clock.now(), case.grant_revoked_why or "")
    if kind is Kind.CHANGED:
        change = session.get_one(CertificateChange, event.reference)
        return Happened(change.at, following.sentence(change))
    if kind is Kind.PROMISE_UNTRUE:
        check = session.get_one(PromiseCheck, event.reference)
        return Happened(check.settled_at or clock.now(), TEXTS[CheckState(check.state)])
    if kind is Kind.PROMISE_CLEARED:
        plea = pleas.one(session, plea_id=event.reference)
        said = f"对“承诺不实”的异议成立，失信记录已撤销：{plea.reason or ''}"
        return Happened(plea.decided_at or clock.now(), said)
    if kind is Kind.CANCELLED:
        return _cancelled(session, case)
    return Happened(case.decided_at or clock.now())


def _cancelled(session: Session, case: Case) -> Happened:
    """By an approver, on a ground of the law; or with the registration of its unit."""
    asked = select(Certificate.id).where(Certificate.case_id == case.id)
    certificate_id = session.scalars(asked).one()
    revocation = revoking.of(session, certificate_id=certificate_id)
    if revocation is not None:
        return Happened(revocation.at, revoking.sentence(revocation))
    ended = [
        change
        for change in following.history(session, certificate_id=certificate_id)
        if change.field == following.STATUS
    ]
    return Happened(ended[-1].at, following.sentence(ended[-1]))


def _licence(licence: Certificate) -> dict[str, str]:
    return {
        "identifier": licence.identifier,
        "name": licence.name,
        "issued_on": licence.issued_on.isoformat(),
        "valid_until": "" if licence.valid_until is None else licence.valid_until.isoformat(),
    }


def _holder(licence: Certificate) -> dict[str, str]:
    shown = certificates.contents(licence)
    number = shown.get("holder_number", "")
    return {
        "name": licence.holder_name,
        "number_kind": "organisation" if organisation_code_is_right(number) else "person",
        "number": number,
        "address": shown.get("holder_address", ""),
        "legal_person": shown.get("legal_person", ""),
    }


def _department(department: Department) -> dict[str, str]:
    return {"code": department.code, "name": department.name}


def _promised(session: Session, case: Case) -> dict[str, Any]:
    """Whether it was granted on a promise (告知承诺), and by when each is looked into."""
    lines = promises.of_case(session, case_id=case.id)
    return {
        "by_promise": bool(lines),
        "promises": [
            {"name": line.promise.name, "check_by": line.check.due_on.isoformat()} for line in lines
        ],
    }
