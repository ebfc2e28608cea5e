"""What can be asked about the locker (查询材料库)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, LargeBinary, Row, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from app import clock
from app.cases import completeness
from app.cases import queries as cases
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.locker import ageing
from app.locker.models import LockerItem, LockerUse
from app.materials import queries as materials
from app.materials.models import Photo


@dataclass(frozen=True, slots=True)
class Kept:
    """One entry with the case that brought it and its pages."""

    item: LockerItem
    case: Case
    pages: Sequence[Photo]


@dataclass(frozen=True, slots=True)
class Offer:
    """An entry that fits a material of a case (可以直接用的)."""

    material_code: str
    kept: Kept


@dataclass(frozen=True, slots=True)
class Used:
    """One line of the log: the use, for which case, and of which case the pages were."""

    use: LockerUse
    case: Case
    origin: Case


def of_citizen(session: Session, *, citizen_id: int, before_id: int | None = None, limit: int) -> list[Kept]:
    """What is in a citizen's locker today, newest first (我的材料库)."""
    asked = select(LockerItem, Case).join(Case, Case.id == LockerItem.case_id).where(*live(citizen_id))
    if before_id is not None:
        asked = asked.where(LockerItem.id < before_id)
    return _with_pages(session, session.execute(asked.order_by(LockerItem.id.desc()).limit(limit)).all())


def offers(session: Session, *, citizen_id: int, case_no: str) -> list[Offer]:
    """What fits the materials of a citizen's own case, newest first; nothing without the consent.

    What the material has already is not offered. Raises CaseNotFound.
    """
    case = cases.case_of(session, citizen_id=citizen_id, case_no=case_no)
    if not consents.allows(session, citizen_id=citizen_id, purpose=Purpose.LOCKER):
        return []
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    wanted = {
        str(one["material_code"]): ageing.kind_of(str(one["name"]))
        for one in guide.materials
        if completeness.takes_photos(one)
    }
    asked = select(LockerItem, Case).join(Case, Case.id == LockerItem.case_id)
    asked = asked.where(
        *live(citizen_id), LockerItem.kind.in_(set(wanted.values())), LockerItem.case_id != case.id
    )
    found = _with_pages(session, session.execute(asked.order_by(LockerItem.id.desc())).all())
    there = materials.of_case(session, case_id=case.id)
    return [
        Offer(code, kept)
        for code, kind in wanted.items()
        for kept in found
        if kept.item.kind == kind and new_pages(kept.pages, there.get(code, []))
    ]


def uses(session: Session, *, citizen_id: int, before_id: int | None = None, limit: int) -> list[Used]:
    """When which entry was used for what, newest first (使用记录)."""
    origin = aliased(Case)
    asked = (
        select(LockerUse, Case, origin)
        .join(Case, Case.id == LockerUse.case_id)
        .join(origin, origin.id == LockerUse.from_case_id)
        .where(LockerUse.citizen_id == citizen_id)
    )
    if before_id is not None:
        asked = asked.where(LockerUse.id < before_id)
    return [Used(*row) for row in session.execute(asked.order_by(LockerUse.id.desc()).limit(limit))]


def live(citizen_id: int) -> tuple[ColumnElement[bool], ...]:
    """Which entries are there today: not removed, not expired, and whole.

    Of what an office took, a part is not what it took: one page shut away for a virus takes the entry out.
    """
    between = aggregate_order_by(literal(b"", LargeBinary), Photo.page, Photo.id)
    whole = select(func.sha256(func.string_agg(Photo.sha256, between))).where(
        Photo.case_id == LockerItem.case_id,
        Photo.material_code == LockerItem.material_code,
        Photo.deleted_at.is_(None),
    )
    return (
        LockerItem.citizen_id == citizen_id,
        LockerItem.removed_at.is_(None),
        LockerItem.expires_on >= clock.today(),
        whole.scalar_subquery() == LockerItem.pages_digest,
    )


def new_pages(pages: Sequence[Photo], there: Sequence[Photo]) -> list[Photo]:
    """The pages that a material does not have yet."""
    known = {page.sha256 for page in there}
    return [page for page in pages if page.sha256 not in known]


def _with_pages(session: Session, rows: Sequence[Row[LockerItem, Case]]) -> list[Kept]:
    photos = materials.of_cases(session, case_ids={case.id for _, case in rows})
    return [Kept(item, case, photos[case.id].get(item.material_code, [])) for item, case in rows]
