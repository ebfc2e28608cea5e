"""What hangs on a case: what stands for materials (免提交、容缺、承诺书), who was told of it (审管联动)."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cases import credit_marks, owed, remarks
from app.cases.credit_models import TEXTS as CREDIT_TEXTS
from app.cases.credit_models import CaseCredit, CreditMark
from app.cases.owed_models import OwedMaterial
from app.cases.remarks import Remarks
from app.certificates.models import Certificate
from app.credit import records
from app.credit.models import STATE_TEXTS, CreditRecord, CreditState
from app.oversight import queries as oversight
from app.oversight.models import TEXTS as OVERSEEN
from app.oversight.models import Kind, OversightEvent
from app.oversight.queries import Finding
from app.promise_checks import pleas
from app.promise_checks import queries as checks
from app.promise_checks.models import TEXTS, CheckState
from app.promise_checks.plea_models import KIND_TEXTS, Plea, PleaKind, PleaState
from app.promise_checks.plea_models import STATE_TEXTS as PLEA_TEXTS
from app.promise_checks.queries import Line
from app.undertakings import queries as undertakings
from app.undertakings.models import SignedUndertaking


def of_cases(session: Session, case_ids: Collection[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """All of it for several cases, and what clerks wrote beside them; one statement for each kind."""
    left_out = owed.of_cases(session, case_ids=case_ids)
    signed = undertakings.of_cases(session, case_ids=case_ids)
    looked_into = checks.of_cases(session, case_ids=case_ids)
    lines = [line for found in looked_into.values() for line in found]
    recorded = records.of_undertakings(
        session, undertaking_ids=[line.promise.undertaking_id for line in lines]
    )
    asked = pleas.of_cases(session, case_ids=case_ids)
    credit = credit_marks.of_cases(session, case_ids=case_ids)
    written = remarks.of_cases(session, case_ids=case_ids)
    overseen = oversight.of_cases(session, case_ids=case_ids)
    found = oversight.findings_of_cases(session, case_ids=case_ids)
    return {
        case_id: {
            "materials_to_follow": [_owed(one) for one in left_out[case_id]],
            "signed_undertakings": [_signed(one) for one in signed[case_id]],
            "promise_checks": [
                {
                    **_check(line),
                    "credit_record": _record(recorded.get(line.promise.undertaking_id)),
                    "pleas": [_plea(one) for one in asked.get(line.check.id, ())],
                }
                for line in looked_into[case_id]
            ],
            "credit_check": [] if case_id not in credit else [_credit(credit[case_id])],
            "remarks_on_materials": _remarks(written[case_id]),
            "told_to_supervisor": [_told(event) for event in overseen[case_id]],
            "found_by_supervisor": [_found(one) for one in found[case_id]],
        }
        for case_id in case_ids
    }


def _told(event: OversightEvent) -> dict[str, Any]:
    """What the department that supervises a licence was told of it, in full."""
    return {
        "what": OVERSEEN[Kind(event.kind)],
        "department": event.supervisor_name,
        "received_at": event.received_at,
        "contents": json.loads(event.sealed_content),
    }


def _found(one: Finding) -> dict[str, Any]:
    """What whoever supervises a licence found of it, and what the office did about that."""
    return {
        "result": one.result_text,
        "found_on": one.found_on,
        "said": "内容打不开，请向监管部门要原文" if one.unread else one.said,
        "answer": one.answer,
    }


def _owed(one: OwedMaterial) -> dict[str, Any]:
    """What one left out, until when it was to come, and what became of it."""
    return {
        "material": one.name,
        "due_on": one.due_on,
        "delivered_at": one.delivered_at,
        "sent_back": one.sent_back_why,
        "confirmed_at": one.confirmed_at,
        "overdue_at": one.overdue_at,
    }


def _remarks(written: Remarks) -> list[dict[str, Any]]:
    """What clerks wrote beside one's materials (材料批注)."""
    return [
        {"material": code, "at": one.at, "who": one.clerk_name, "what": one.text}
        for code, said in written.items()
        for one in said
    ]


def _check(line: Line) -> dict[str, Any]:
    """What was found of a promise, what one said to it, and what followed (承诺核查)."""
    check = line.check
    return {
        "material": line.promise.name,
        "state": TEXTS[CheckState(check.state)],
        "due_on": check.due_on,
        "evidence": check.evidence,
        "objection": check.objection,
        "settlement": check.settlement,
        "legal_basis": check.legal_basis,
    }


def _credit(one: CaseCredit) -> dict[str, Any]:
    """What the credit lists said when a promise was handed in (信用核查), or somebody elsewhere."""
    return {
        "outcome": CREDIT_TEXTS[CreditMark(one.mark)],
        "listed_by": one.listed,
        "at": one.settled_at,
        "learned_by": one.learned_by_name,
        "learned_from": one.learned_from,
        "learned_why": one.learned_why,
    }


def _record(record: CreditRecord | None) -> dict[str, Any] | None:
    """That a broken promise is on record, and until when (失信记录)."""
    if record is None:
        return None
    return {
        "state": STATE_TEXTS[CreditState(record.state)],
        "recorded_at": record.recorded_at,
        "until": records.last_day(record),
    }


def _plea(one: Plea) -> dict[str, Any]:
    """What was asked about a record, and what became of it (异议、信用修复)."""
    return {
        "kind": KIND_TEXTS[PleaKind(one.kind)],
        "said": one.said,
        "asked_at": one.asked_at,
        "state": PLEA_TEXTS[PleaState(one.state)],
        "reason": one.reason,
        "decided_at": one.decided_at,
    }


def _signed(one: SignedUndertaking) -> dict[str, Any]:
    """A text that one signed, word for word."""
    return {"text": one.sealed_text, "sha256": one.digest, "signed_at": one.signed_at}


def given(given: Mapping[str, Certificate]) -> list[dict[str, str]]:
    """The certificates that stand for materials, by material."""
    return [
        {"material": code, "certificate": certificate.name, "identifier": certificate.identifier}
        for code, certificate in given.items()
    ]
