"""Telling of the licences that come after a registration (双告知), once for each, and taking them up.

A licence whose case is under way already is taken up from the start, and its applicant is not sent to apply.
Which licences follow stands in the guide: `licences_after` names items, each with the words of a scope of
business (经营范围) at which it is needed; without words it always is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import forms
from app.cases.events import CaseDecided, CaseSubmitted
from app.cases.models import Case
from app.cases.states import UNDER_WAY
from app.catalogue import queries as catalogue
from app.catalogue.models import ItemState, ServiceItem
from app.double_notice.events import LicencesNamed
from app.double_notice.models import LicenceLead
from app.events import publish

# What a form says about the business, and what the unit is called.
_BUSINESS = ("business_scope", "company_name", "shop_name", "organisation_name")
_NAMES = ("company_name", "shop_name", "organisation_name", "applicant_name")
_BETWEEN_WORDS = re.compile(r"[、，,；;\s]+")


def tell_of_licences(session: Session, event: CaseDecided) -> None:
    """Name the licences that come after a granted registration, to applicant and departments (subscriber)."""
    case = session.get_one(Case, event.case_id)
    if not case.granted:
        return
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    values = forms.opened(case.sealed_form).values
    codes = list(_following(guide.body, values))
    if not codes:
        return
    items = session.scalars(
        select(ServiceItem).where(
            ServiceItem.task_code.in_(codes),
            ServiceItem.state == ItemState.IN_USE.value,
            ServiceItem.secret.is_(False),
        )
    ).all()
    name = next((values[key] for key in _NAMES if values.get(key)), "")
    leads = [_lead(case, item, name) for item in sorted(items, key=lambda item: codes.index(item.task_code))]
    if not leads:
        return
    _take_turns(session, case.citizen_id)
    told = session.scalars(
        insert(LicenceLead).values(leads).on_conflict_do_nothing().returning(LicenceLead.id)
    ).all()
    under_way = session.scalars(
        select(Case).where(
            Case.citizen_id == case.citizen_id, Case.task_code.in_(codes), Case.state.in_(UNDER_WAY)
        )
    ).all()
    taken = [lead_id for licence in under_way for lead_id in _taken_up_by(session, licence)]
    if set(told) - set(taken):
        publish(session, LicencesNamed(case.id))


def take_up(session: Session, event: CaseSubmitted) -> None:
    """Note that somebody hands in the case of a licence that we told them of (subscriber).

    A draft takes nothing up: no department sees one.
    """
    case = session.get_one(Case, event.case_id)
    _take_turns(session, case.citizen_id)
    _taken_up_by(session, case)


def _take_turns(session: Session, citizen_id: int) -> None:
    """Naming licences and taking them up wait for each other, or a case could slip in between unseen."""
    name = f"licence leads\n{citizen_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _taken_up_by(session: Session, case: Case) -> Sequence[int]:
    taken = session.scalars(
        update(LicenceLead)
        .where(
            LicenceLead.citizen_id == case.citizen_id,
            LicenceLead.task_code == case.task_code,
            LicenceLead.taken_up_at.is_(None),
        )
        .values(taken_up_at=clock.now(), taken_up_case_id=case.id)
        .returning(LicenceLead.id)
        .execution_options(synchronize_session=False)
    )
    return taken.all()


def _following(body: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[str]:
    business = "\n".join(values.get(key, "") for key in _BUSINESS)
    for row in body.get("licences_after") or ():
        words = [word for word in _BETWEEN_WORDS.split(str(row.get("words") or "")) if word]
        if not words or any(word in business for word in words):
            yield str(row["licence_code"])


def _lead(case: Case, item: ServiceItem, unit_name: str) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "citizen_id": case.citizen_id,
        "task_code": item.task_code,
        "task_name": item.name,
        "dept_code": item.dept_code,
        "dept_name": item.dept_name,
        "unit_name": unit_name,
        "told_at": clock.now(),
    }
