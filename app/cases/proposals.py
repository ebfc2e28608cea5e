"""Answers proposed to a citizen who agreed to it (情形问题预填): what is proven, held or was said."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock, settings
from app.cases.models import Case
from app.catalogue.models import GuideVersion
from app.catalogue.queries import Guide
from app.certificates.models import Certificate, CertificateState
from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.people import queries as people
from app.situations import guide as situations
from app.situations import known
from app.situations.known import Known, Proposal
from app.situations.tables import Table


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be used for a guide's questions, in words, and the proposals: none without the consent."""

    uses: list[str]
    proposals: Mapping[str, Proposal]


def offer(session: Session, *, citizen_id: int, guide: Guide) -> Offer:
    """What can be proposed to a citizen for a guide (预填).

    Without the consent `prefill` nothing of theirs is looked at: only the kinds of information are named.
    """
    table = situations.table_of(guide.body)
    uses = known.uses(table)
    if not uses or not consents.allows(session, citizen_id=citizen_id, purpose=Purpose.PREFILL):
        return Offer(uses, {})
    about = _known(session, citizen_id=citizen_id, guide=guide, table=table)
    return Offer(uses, known.proposals(table, about, today=clock.today()))


def _known(session: Session, *, citizen_id: int, guide: Guide, table: Table) -> Known:
    number = people.citizen(session, citizen_id=citizen_id).id_number
    names = known.certificate_names(table)
    told = known.of_number(number, region_code=settings.current().region_code)
    return replace(
        told,
        certificates=_held(session, citizen_id, names) if names else {},
        earlier=_earlier(session, citizen_id, guide)
        if any(question.stable for question in table.questions)
        else {},
    )


def _held(session: Session, citizen_id: int, names: Collection[str]) -> dict[str, date | None]:
    """Which of these certificates a citizen holds that are valid today, with the last day; None: without end.

    A certificate is known by the result that the guide of its case names. Of several the newest counts.
    """
    name = GuideVersion.body["result"]["result_name"].astext
    asked = (
        select(name.label("name"), Certificate.valid_until)
        .join(Case, Case.id == Certificate.case_id)
        .join(GuideVersion, GuideVersion.id == Case.guide_version_id)
        .where(
            Certificate.citizen_id == citizen_id,
            Certificate.state == CertificateState.VALID,
            or_(Certificate.valid_until.is_(None), Certificate.valid_until >= clock.today()),
            name.in_(names),
        )
        .order_by(Certificate.id)
    )
    return {row.name: row.valid_until for row in session.execute(asked)}


def _earlier(session: Session, citizen_id: int, guide: Guide) -> dict[str, object]:
    """The answers in the case of this item that the citizen handed in last."""
    sealed = session.scalar(
        select(Case.sealed_answers)
        .where(
            Case.citizen_id == citizen_id,
            Case.task_code == guide.task_code,
            Case.submitted_at.is_not(None),
        )
        .order_by(Case.id.desc())
        .limit(1)
    )
    answers: dict[str, object] = json.loads(sealed) if sealed is not None else {}
    return answers
