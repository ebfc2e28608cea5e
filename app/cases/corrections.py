"""What can be asked about the correction notice of a case (查询补正告知)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases import correction_points, forms, organisation
from app.cases.correction_errors import CorrectionNotFound, NotToCorrect
from app.cases.correction_models import CaseCorrection
from app.cases.correction_points import Kind, Point
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.materials import queries as materials

Errors = dict[str, list[str]]
_ASKED_BY_HAND = {Kind.MATERIAL, Kind.OUTSIDE}


@dataclass(frozen=True, slots=True)
class Before:
    """What the named things were when the notice went: texts of fields, ids of photos."""

    fields: Mapping[str, str]
    photos: Mapping[str, Sequence[int]]

    def sealed(self) -> str:
        """As text for its encrypted column."""
        return json.dumps({"fields": self.fields, "photos": self.photos}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """The one correction notice of a case (一次性告知), for screens, messages and printed papers.

    `answer_by` is the day until which it is best answered; later is not too late.
    """

    correction_id: int
    number: str
    case_id: int
    case_no: str
    citizen_id: int
    task_name: str
    dept_name: str
    asked_at: datetime
    asked_by: str
    answer_by: date
    answered_at: datetime | None
    points: tuple[Point, ...]
    before: Before

    @property
    def fields(self) -> frozenset[str]:
        """The keys of the fields that it names."""
        return frozenset(point.target for point in self.points if point.kind is Kind.FIELD)

    @property
    def materials(self) -> frozenset[str]:
        """The codes of the materials that it names, those beyond the guide too."""
        return frozenset(point.target for point in self.points if point.kind in _ASKED_BY_HAND)

    @property
    def outside(self) -> list[Point]:
        """What it asks for beyond the guide (清单外要求)."""
        return [point for point in self.points if point.kind is Kind.OUTSIDE]

    def of(self, kind: Kind, target: str) -> Point | None:
        """What it says of one thing."""
        wanted = {kind} if kind is Kind.FIELD else _ASKED_BY_HAND
        return next((point for point in self.points if point.kind in wanted and point.target == target), None)


def notice(session: Session, correction_id: int) -> Notice:
    """One notice; raises CorrectionNotFound."""
    found = session.get(CaseCorrection, correction_id)
    if found is None:
        raise CorrectionNotFound
    return _notice(found, session.get_one(Case, found.case_id))


def of_case(session: Session, case: Case) -> Notice | None:
    """The notice of a case; None when nobody ever asked, without a look into the table."""
    if case.correct_by is None:
        return None
    return _notice(row_of(session, case_id=case.id), case)


def of_cases(session: Session, cases: Sequence[Case]) -> dict[int, Notice]:
    """The notices of several cases, by case: one statement for all, none when nobody ever asked."""
    asked = {case.id: case for case in cases if case.correct_by is not None}
    if not asked:
        return {}
    found = session.scalars(select(CaseCorrection).where(CaseCorrection.case_id.in_(asked)))
    return {one.case_id: _notice(one, asked[one.case_id]) for one in found}


def row_of(session: Session, *, case_id: int) -> CaseCorrection:
    """The stored notice of a case that has one."""
    return session.scalars(select(CaseCorrection).where(CaseCorrection.case_id == case_id)).one()


def refuse_other_fields(session: Session, case: Case, changes: Mapping[str, object]) -> None:
    """Only what the notice names may be changed; what is sent as it was is taken. Raises NotToCorrect."""
    named = _named(session, case)
    kept = forms.opened(case.sealed_form).values
    others = [key for key, value in changes.items() if key not in named.fields and value != kept.get(key, "")]
    if others:
        raise NotToCorrect(errors={key[:64]: ["这一项不在补正范围"] for key in others})


def refuse_other_material(session: Session, case: Case, material_code: str) -> None:
    """Only what the notice names may be photographed anew; raises NotToCorrect."""
    if material_code not in _named(session, case).materials:
        raise NotToCorrect


def was_seen(session: Session, case: Case, photo_id: int) -> bool:
    """Whether a photo is one that the office saw before it asked for the correction."""
    found = of_case(session, case)
    return found is not None and any(photo_id in ids for ids in found.before.photos.values())


def still_wrong(session: Session, case: Case) -> Errors:
    """What of the named fields is wrong as it stands, and what beyond the guide is not there."""
    named = _named(session, case)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    asked = [field for field in organisation.fields_of(case, guide.body) if field.key in named.fields]
    values = forms.opened(case.sealed_form).values
    faults = forms.faults(asked, values, today=clock.today())
    photos = materials.of_case(session, case_id=case.id)
    return {f"form.{key}": sentences for key, sentences in faults.items()} | {
        f"materials.{point.target}": [f"请上传“{point.label}”"]
        for point in named.outside
        if not photos.get(point.target)
    }


def unchanged(session: Session, case: Case) -> Errors:
    """What the notice names and is as it was."""
    named = _named(session, case)
    values = forms.opened(case.sealed_form).values
    photos = materials.of_case(session, case_id=case.id)
    same: Errors = {}
    for point in named.points:
        if point.kind is Kind.FIELD:
            if values.get(point.target, "") == named.before.fields.get(point.target, ""):
                same[f"form.{point.target}"] = [f"{point.label}和原来一样"]
        elif [photo.id for photo in photos.get(point.target, [])] == named.before.photos.get(
            point.target, []
        ):
            same[f"materials.{point.target}"] = [f"“{point.label}”和原来一样"]
    return same


def _named(session: Session, case: Case) -> Notice:
    found = of_case(session, case)
    if found is None:
        raise CorrectionNotFound
    return found


def _notice(found: CaseCorrection, case: Case) -> Notice:
    before = json.loads(found.sealed_before)
    return Notice(
        correction_id=found.id,
        # One notice for a case, so the case's own number tells it apart.
        number=f"{case.case_no}-BZ",
        case_id=case.id,
        case_no=case.case_no,
        citizen_id=case.citizen_id,
        task_name=case.task_name,
        dept_name=case.dept_name,
        asked_at=found.asked_at,
        asked_by=found.clerk_name,
        answer_by=case.correct_by or clock.local(found.asked_at).date(),
        answered_at=found.answered_at,
        points=correction_points.opened(found.sealed_points),
        before=Before(before["fields"], before["photos"]),
    )
