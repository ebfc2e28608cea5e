"""Answers proposed to a citizen who agreed to it (情形问题预填): what is proven, held or was said."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
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
    return offers(session, citizen_id=citizen_id, guides=[guide])[guide.task_code]


def offers(session: Session, *, citizen_id: int, guides: Sequence[Guide]) -> dict[str, Offer]:
    """What can be proposed for several guides, by task code: four statements however many there are."""
    tables = {guide.task_code: situations.table_of(guide.body) for guide in guides}
    asking = {code: table for code, table in tables.items() if known.uses(table)}
    told = _known(session, citizen_id=citizen_id, tables=asking) if asking else {}
    return {
        code: Offer(
            known.uses(table),
            known.proposals(table, told[code], today=clock.today()) if code in told else {},
        )
        for code, table in tables.items()
    }


def _known(session: Session, *, citizen_id: int, tables: Mapping[str, Table]) -> dict[str, Known]:
    """What may be used for each guide; nothing without the consent."""
    if not consents.allows(session, citizen_id=citizen_id, purpose=Purpose.PREFILL):
        return {}
    number = people.citizen(session, citizen_id=citizen_id).id_number
    names = {name for table in tables.values() for name in known.certificate_names(table)}
    stable = [code for code, table in tables.items() if any(one.stable for one in table.questions)]
    told = replace(
        known.of_number(number, region_code=settings.current().region_code),
        certificates=_held(session, citizen_id, names) if names else {},
    )
    earlier = _earlier(session, citizen_id, stable) if stable else {}
    return {code: replace(told, earlier=earlier.get(code, {})) for code in tables}


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
            Certificate.organisation_id.is_(None),
            Certificate.state == CertificateState.VALID,
            or_(Certificate.valid_until.is_(None), Certificate.valid_until >= clock.today()),
            name.in_(names),
        )
        .order_by(Certificate.id)
    )
    return {row.name: row.valid_until for row in session.execute(asked)}


def _earlier(session: Session, citizen_id: int, codes: Collection[str]) -> dict[str, dict[str, object]]:
    """The answers in the case of each of these items that the citizen handed in last."""
    found = session.execute(
        select(Case.task_code, Case.sealed_answers)
        .where(
            Case.citizen_id == citizen_id,
            Case.organisation_id.is_(None),
            Case.task_code.in_(codes),
            Case.submitted_at.is_not(None),
        )
        .ext(distinct_on(Case.task_code))
        .order_by(Case.task_code, Case.id.desc())
    )
    return {row.task_code: json.loads(row.sealed_answers) for row in found}
