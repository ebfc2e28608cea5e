"""What comes into the locker and what leaves it (材料入库、清空、到期).

Only what an office took as it was: the case was accepted, nothing of the material is still owed, and it was
not refused afterwards. What silence accepted nobody has looked at; it comes in with the grant.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import completeness, owed
from app.cases.events import CaseAccepted, CaseDecided, OwedConfirmed
from app.cases.models import Case
from app.cases.states import State
from app.catalogue.models import GuideVersion
from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.consents.service import Follower
from app.db import unit_of_work
from app.locker import ageing
from app.locker.models import LockerItem
from app.materials import queries as materials
from app.materials.models import Photo

_Values = dict[str, Any]
_A_YEAR = timedelta(days=366)
_TAKEN_UP = (State.ACCEPTED, State.DECIDED, State.CLOSED)


def follow_case(session: Session, event: CaseAccepted | CaseDecided | OwedConfirmed) -> None:
    """Keep what a case has brought, where its citizen agrees; a refusal takes it out. Safe to repeat."""
    case = session.get_one(Case, event.case_id, populate_existing=True)
    if case.granted is False:
        session.execute(delete(LockerItem).where(LockerItem.case_id == case.id))
        return
    agreed = consents.allows(session, citizen_id=case.citizen_id, purpose=Purpose.LOCKER, hold=True)
    if agreed:
        _keep(session, session.scalars(select(Case).where(Case.id == case.id, *_in_order())).all())


def forget_expired() -> int:
    """Delete entries whose last day is over, and marks of removed ones with them (job); how many."""
    with unit_of_work() as session:
        over = delete(LockerItem).where(LockerItem.expires_on < clock.today()).returning(LockerItem.id)
        return len(session.scalars(over).all())


def _fill(session: Session, citizen_id: int) -> None:
    """Whoever agrees today finds what the year before has brought."""
    since = clock.now() - _A_YEAR
    theirs = select(Case).where(Case.citizen_id == citizen_id, Case.accepted_at > since, *_in_order())
    _keep(session, session.scalars(theirs.order_by(Case.id)).all())


def _empty(session: Session, citizen_id: int) -> None:
    """Nothing is kept without the consent; what was removed by hand stays out, also should it come back."""
    session.execute(
        delete(LockerItem).where(LockerItem.citizen_id == citizen_id, LockerItem.removed_at.is_(None))
    )


FOLLOWER = Follower(given=_fill, withdrawn=_empty)


def _in_order() -> tuple[ColumnElement[bool], ...]:
    return (
        Case.organisation_id.is_(None),
        Case.state.in_(_TAKEN_UP),
        Case.granted.is_not(False),
        or_(Case.deemed_accepted_at.is_(None), Case.granted.is_(True)),
    )


def _keep(session: Session, cases: Sequence[Case]) -> None:
    """Write the materials of several cases down, each set of pages once: five statements for all."""
    case_ids = [case.id for case in cases]
    photos = materials.of_cases(session, case_ids=case_ids)
    owing = {
        (one.case_id, one.material_code)
        for rows in owed.of_cases(session, case_ids=case_ids).values()
        for one in rows
        if one.confirmed_at is None
    }
    taken = materials.first_taken(
        session, storage_keys={page.storage_key for page in _pages(photos.values())}
    )
    guides = _guides(session, {case.guide_version_id for case in cases})
    rows = [
        _row(
            case, material, pages, taken_on=min(clock.local(taken[page.storage_key]).date() for page in pages)
        )
        for case in cases
        for material in guides[case.guide_version_id]
        if (pages := photos[case.id].get(str(material["material_code"])))
        and (case.id, material["material_code"]) not in owing
        and completeness.takes_photos(material)
        and ageing.months(material)
    ]
    fresh = [row for row in rows if row["expires_on"] >= clock.today()]
    if fresh:
        session.execute(insert(LockerItem).values(fresh).on_conflict_do_nothing())


def _row(
    case: Case, material: Mapping[str, Any], pages: Sequence[Photo], *, taken_on: date
) -> dict[str, Any]:
    name = str(material["name"])
    return {
        "citizen_id": case.citizen_id,
        "case_id": case.id,
        "material_code": str(material["material_code"]),
        "name": name,
        "kind": ageing.kind_of(name),
        "pages_digest": hashlib.sha256(b"".join(page.sha256 for page in pages)).digest(),
        "taken_on": taken_on,
        "expires_on": ageing.last_day(taken_on, ageing.months(material)),
        "kept_at": clock.now(),
    }


def _pages(cases: Collection[Mapping[str, Sequence[Photo]]]) -> Iterator[Photo]:
    for by_code in cases:
        for pages in by_code.values():
            yield from pages


def _guides(session: Session, version_ids: Collection[int]) -> dict[int, list[Mapping[str, Any]]]:
    """The materials of several versions of guides, by version."""
    asked = select(GuideVersion.id, GuideVersion.body["materials"]).where(GuideVersion.id.in_(version_ids))
    return {version_id: listed or [] for version_id, listed in session.execute(asked)}
