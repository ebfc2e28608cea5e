"""A citizen's cases and what they gave, in full (办件、材料清单、经过、证照)."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles import following as bundles
from app.bundles import standing
from app.cases import clock_log, corrections, decided, forms, machine, opinions, proofs, revoked
from app.cases import queries as case_queries
from app.cases.clock_models import CaseClockEvent
from app.cases.corrections import Notice
from app.cases.machine import Reviewed
from app.cases.models import Case, CaseEvent
from app.cases.opinion_models import OpinionRequest
from app.catalogue.models import GuideVersion
from app.certificates import queries as certificate_queries
from app.documents import queries as document_queries
from app.documents import sheet
from app.figures import explaining as visit_queries
from app.figures.models import CaseVisits
from app.materials.models import Photo
from app.own_data import promised
from app.own_data.export import Row, Section, Turn
from app.review_points.engine import OUTCOME_TEXTS
from app.supervision import queries as supervision


def cases(session: Session, turn: Turn) -> list[Row]:
    """Cases with form, materials, decision, the machine's word and timeline; fifteen statements a page."""
    found = case_queries.of_citizen(
        session, citizen_id=turn.citizen_id, cursor=turn.before_id, limit=turn.limit
    )
    ids = [case.id for case in found]
    versions = {case.guide_version_id for case in found}
    asked = select(GuideVersion.id, GuideVersion.body).where(GuideVersion.id.in_(versions))
    guides = {row.id: row.body for row in session.execute(asked)}
    events = _events(session, ids)
    photos = _photos(session, ids)
    given = proofs.of_cases(session, case_ids=ids)
    reviews = machine.latest_of(session, case_ids=ids)
    clocks = clock_log.of_cases(session, ids)
    late = supervision.explanations(session, case_ids=ids)
    notices = corrections.of_cases(session, found)
    asked_for = opinions.of_cases(session, case_ids=ids)
    left_out = promised.of_cases(session, ids)
    return [
        (
            case.id,
            {
                **_case(case),
                "form": _form(case, guides[case.guide_version_id]),
                "answers": json.loads(case.sealed_answers),
                "materials": _materials(photos.get(case.id, []), guides[case.guide_version_id]),
                "materials_from_certificates": promised.given(given[case.id]),
                "machine_review": _review(reviews.get(case.id)),
                "limits": [_clock_line(event) for event in clocks[case.id]],
                "late_because": late[case.id].explanation if case.id in late else None,
                "correction": _correction(notices.get(case.id)),
                "opinions": [_opinion(one) for one in asked_for.get(case.id, [])],
                **left_out[case.id],
                "timeline": events.get(case.id, []),
            },
        )
        for case in found
    ]


def bundle_applications(session: Session, turn: Turn) -> list[Row]:
    """Applications for bundles with their parts; the cases themselves stand among the cases."""
    found = bundles.of_citizen(session, citizen_id=turn.citizen_id, cursor=turn.before_id, limit=turn.limit)
    return [
        (
            shown.application.id,
            {
                "application_no": shown.application.application_no,
                "name": shown.application.name,
                "licence_name": shown.application.licence_name,
                "state": standing.TEXTS[shown.standing],
                "parts": [
                    {"step": part.step, "task_name": case.task_name, "case_no": case.case_no}
                    for part, case in shown.parts
                ],
                "created_at": shown.application.created_at,
                "submitted_at": shown.application.submitted_at,
                "finished_at": shown.application.finished_at,
                "withdrawn_at": shown.application.withdrawn_at,
            },
        )
        for shown in found
    ]


def documents(session: Session, turn: Turn) -> list[Row]:
    """Legal notices with all that they say."""
    found = document_queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            each.id,
            {
                "title": each.title,
                "number": each.number,
                "department": each.dept_name,
                "issued_on": each.issued_on,
                "contents": asdict(sheet.opened(each.sealed_content)),
                "sha256": each.sha256,
            },
        )
        for each in found
    ]


def certificates(session: Session, turn: Turn) -> list[Row]:
    """Electronic certificates with all that they say."""
    found = certificate_queries.of_citizen(
        session, citizen_id=turn.citizen_id, cursor=turn.before_id, limit=turn.limit
    )
    return [
        (
            each.id,
            {
                "name": each.name,
                "identifier": each.identifier,
                "issuer": each.issuer_name,
                "holder": each.holder_name,
                "contents": certificate_queries.contents(each),
                "state": each.state,
                "issued_at": each.issued_at,
                "valid_until": each.valid_until,
            },
        )
        for each in found
    ]


def hall_visits(session: Session, turn: Turn) -> list[Row]:
    """On which days one came to a hall for which case, what was promised, and why it took more."""
    asked = select(CaseVisits, Case.case_no).join(Case, Case.id == CaseVisits.case_id)
    asked = asked.where(Case.citizen_id == turn.citizen_id, Case.organisation_id.is_(None))
    if turn.before_id is not None:
        asked = asked.where(CaseVisits.case_id < turn.before_id)
    found = session.execute(asked.order_by(CaseVisits.case_id.desc()).limit(turn.limit)).all()
    explained = visit_queries.explanations(session, case_ids=[row.CaseVisits.case_id for row in found])
    return [
        (
            row.CaseVisits.case_id,
            {
                "case_no": row.case_no,
                "promised": row.CaseVisits.promised,
                "days": row.CaseVisits.days,
                "explained": [
                    {"at": one.at, "who": one.clerk_name, "what": one.text}
                    for one in explained[row.CaseVisits.case_id]
                ],
            },
        )
        for row in found
    ]


def _case(case: Case) -> dict[str, Any]:
    return {
        "case_no": case.case_no,
        "query_code": case.query_code,
        "task_name": case.task_name,
        "task_code": case.task_code,
        "department": case.dept_name,
        "project_code": case.project_code,
        "state": revoked.state_text(case.state, revoked_at=case.grant_revoked_at),
        "created_at": case.created_at,
        "submitted_at": case.submitted_at,
        "notice_due_on": case.notice_due_on,
        "accepted_at": case.accepted_at,
        "deemed_accepted_at": case.deemed_accepted_at,
        "not_accepted_at": case.not_accepted_at,
        "remedies": case.remedies,
        "promised_due_on": case.promised_due_on,
        "statutory_due_on": case.statutory_due_on,
        "notice_until": case.notice_until,
        "decided_at": case.decided_at,
        "granted": case.granted,
        "decided_by": case.decided_by,
        "ground": decided.ground(case),
        "decision_reason": case.decision_reason,
        "legal_basis": case.legal_basis,
        "grant_revoked_at": case.grant_revoked_at,
        "grant_revoked_because": case.grant_revoked_why,
        "closed_at": case.closed_at,
        "withdrawn_at": case.withdrawn_at,
        "terminated_at": case.terminated_at,
    }


def _clock_line(event: CaseClockEvent) -> dict[str, Any]:
    """What happened to the limits of a case, with both before and after (时限变动)."""
    return {
        "at": event.at,
        "who": event.actor_name,
        "what": event.cause,
        "reason": event.reason,
        "promised": [event.promised_before, event.promised_after],
        "statutory": [event.statutory_before, event.statutory_after],
    }


def _review(found: Reviewed | None) -> list[dict[str, str]]:
    """What the machine said of each review point when it looked last (机器审查)."""
    return [
        {"point": one.text, "law": one.law, "outcome": OUTCOME_TEXTS[one.outcome], "reason": one.reason}
        for one in (found.verdicts if found is not None else ())
    ]


def _correction(found: Notice | None) -> dict[str, Any] | None:
    """What one was asked to correct, until when, and when it came in (补正告知)."""
    if found is None:
        return None
    return {
        "asked_at": found.asked_at,
        "asked_by": found.asked_by,
        "answer_by": found.answer_by,
        "answered_at": found.answered_at,
        "points": [point.said for point in found.points],
    }


def _opinion(request: OpinionRequest) -> dict[str, Any]:
    """What a department was asked about one's case, and what it said (部门意见)."""
    return {
        "department": request.dept_name,
        "subject": request.subject,
        "asked_on": request.asked_on,
        "due_on": request.due_on,
        "answer": request.answer_text,
        "said": request.said,
        "basis": request.legal_basis,
        "at": request.settled_at,
    }


def _form(case: Case, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What was filled in, under the labels of the guide it was filled in for."""
    filled = forms.opened(case.sealed_form)
    labels = {field.key: field.label for field in forms.fields_of(body)}
    return [
        {"field": labels.get(key, key), "value": value, "prefilled_from": filled.sources.get(key)}
        for key, value in filled.values.items()
    ]


def _materials(photos: Sequence[Photo], body: dict[str, Any]) -> list[dict[str, Any]]:
    names = {each["material_code"]: each.get("name") for each in body.get("materials", [])}
    return [
        {
            "material": names.get(photo.material_code) or photo.material_code,
            "page": photo.page,
            "taken_in_at": photo.created_at,
            "width": photo.width,
            "height": photo.height,
            "size_bytes": photo.size_bytes,
            "findings": [str(finding.get("sentence", "")) for finding in photo.findings],
        }
        for photo in photos
    ]


def _events(session: Session, case_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    asked = select(CaseEvent).where(CaseEvent.case_id.in_(case_ids)).order_by(CaseEvent.id)
    for event in session.scalars(asked):
        line = {"at": event.at, "who": event.actor_name, "what": event.sentence}
        found.setdefault(event.case_id, []).append(line)
    return found


def _photos(session: Session, case_ids: Sequence[int]) -> dict[int, list[Photo]]:
    found: dict[int, list[Photo]] = {}
    live = select(Photo).where(Photo.case_id.in_(case_ids), Photo.deleted_at.is_(None))
    for photo in session.scalars(live.order_by(Photo.material_code, Photo.page, Photo.id)):
        found.setdefault(photo.case_id, []).append(photo)
    return found


# A form may be 32 KiB and a guide is longer, so few at a time.
SECTIONS = (
    Section("cases", cases, most=20),
    Section("bundle_applications", bundle_applications),
    Section("hall_visits", hall_visits),
    Section("certificates", certificates),
    Section("documents", documents),
)
