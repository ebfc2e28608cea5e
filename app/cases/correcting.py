"""The correction loop (补正): the clerk says once what is wrong, the citizen mends exactly that.

《行政许可法》第三十二条 knows no last day for the answer and no second notice. So the day that is named is a
friendly one: nothing is closed after it, and whoever hands in what was asked for is to be accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cases import (
    correction_points,
    corrections,
    forms,
    organisation,
    organisations,
    outside_demands,
    owed,
    paper_words,
    prechecked,
    promised,
    proofs,
    queries,
    situation,
    steps,
    taken_in,
    telling,
    timeline,
    ways,
)
from app.cases.completeness import takes_photos
from app.cases.correction_errors import BeyondGuide, NothingToAsk, PointsUnclear
from app.cases.correction_models import CaseCorrection
from app.cases.correction_points import Kind, Point, Reason
from app.cases.corrections import Before
from app.cases.dossier import Dossier
from app.cases.events import CaseCorrected, CorrectionAsked
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.precheck_errors import PassedBefore
from app.cases.states import Step
from app.catalogue import queries as catalogue
from app.catalogue import telling_days
from app.events import publish
from app.materials import queries as materials
from app.plain_text import readable

# Natural days in which a correction is best handed in.
ANSWER_DAYS = 30


@dataclass(frozen=True, slots=True)
class Ticked:
    """One point as a clerk puts it; an empty `how` says what is usually said for the reason."""

    kind: str
    target: str
    reason: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Askable:
    """What may be asked for in a case: labels of fields and materials, and confirmed demands, by target.

    `given` are materials that an electronic certificate gives already, `there` all that was taken in.
    """

    fields: Mapping[str, str]
    materials: Mapping[str, str]
    given: Mapping[str, str]
    there: Mapping[str, str]
    outside: Mapping[str, Point]
    # What passed a pre-check, by kind and key, with who passed it (网上预审).
    passed: Mapping[tuple[str, str], str] = field(default_factory=dict)


def askable(session: Session, case: Case) -> Askable:
    """What a clerk may name in the notice: what the pinned guide asks of this citizen, and no more (M1)."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    photos = materials.of_case(session, case_id=case.id)
    given = proofs.standing(session, case_id=case.id)
    # What follows later or is promised by the guide's own rule is not asked for (容缺、告知承诺).
    later = {
        *(one.material_code for one in owed.of_case(session, case_id=case.id)),
        *(one.material_code for one in promised.of_case(session, case_id=case.id)),
    }
    listed = {
        str(material["material_code"]): str(material["name"])
        for material in situation.materials(case, guide, handed_in=photos.keys())
        if takes_photos(material) and material["material_code"] not in later
    }
    proven = organisation.proven_fields(case)
    return Askable(
        fields={
            field.key: field.label
            for field in organisation.fields_of(case, guide.body)
            if field.key not in proven
        },
        materials={code: name for code, name in listed.items() if code not in given},
        given={code: name for code, name in listed.items() if code in given},
        there=taken_in.of_case(session, case),
        outside={point.target: point for point in outside_demands.confirmed_points(session, case_id=case.id)},
        passed=prechecked.passed(session, case),
    )


def ask(session: Session, *, case_no: str, officer: Officer, points: Sequence[Ticked]) -> CaseCorrection:
    """Say, once and for all, what is to be corrected (一次性告知).

    Raises a StepRefused, NotYourStep, TellingOver, SecondNotice; NothingToAsk, PointsUnclear; BeyondGuide for
    what the pinned guide does not ask for, PaperAskedAgain for what a certificate gives, what is
    there and called missing, or what is wanted on paper; PassedBefore for what passed a pre-check.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    now, actor = clock.now(), timeline.clerk(officer)
    values = {"correct_by": clock.local(now).date() + timedelta(days=ANSWER_DAYS)}
    steps.take(Asked(session, case), Step.ASK_CORRECTION, actor=actor, values=values)
    said = checked(askable(session, case), points)
    found = CaseCorrection(
        case_id=case.id,
        asked_at=now,
        clerk_id=officer.clerk_id,
        clerk_name=officer.name,
        sealed_points=correction_points.sealed(said),
        sealed_before=_before(session, case, said).sealed(),
    )
    session.add(found)
    session.flush()
    names = "、".join(f"“{point.label}”" for point in said)
    sentence = f"需要补正{len(said)}项：{names}，请在{case.correct_by:%Y年%m月%d日}前补正"
    timeline.note(session, case_id=case.id, kind="correction_asked", actor=actor, sentence=sentence)
    publish(session, CorrectionAsked(case.id, found.id))
    return found


def resubmit(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    organisation_id: int | None = None,
    as_it_is: bool = False,
) -> Case:
    """Hand in what the notice asked for (补正后提交); the office's days to accept run anew from now.

    `as_it_is`: what was not changed is right. Raises CorrectionIncomplete, SubmissionIncomplete,
    CorrectionUnchanged, or a StepRefused.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    now = clock.now()
    asked = Asked(session, case, as_it_is=as_it_is)
    steps.take(asked, Step.RESUBMIT, actor=timeline.CITIZEN, values=received(asked.dossier))
    found = corrections.row_of(session, case_id=case.id)
    found.answered_at = now
    timeline.note(
        session, case_id=case.id, kind="corrected", actor=timeline.CITIZEN, sentence="补正已提交，等待受理"
    )
    publish(session, CaseCorrected(case.id, found.id))
    session.flush()
    return case


def received(dossier: Dossier) -> dict[str, Any]:
    """The columns of a case that the office receives in this moment, complete (收到申请)."""
    session, case, now = dossier.session, dossier.case, clock.now()
    form, days = dossier.form, telling_days.days(dossier.guide.body)
    return {
        "received_at": now,
        "notice_due_on": telling.due_on(session, received=now, days=days),
        "organisation_index": organisations.index_of(form),
        "delivery_way": ways.chosen(session, case).value if case.delivery_way is None else case.delivery_way,
        "project_code": forms.project_code(dossier.fields, form.values, today=clock.local(now).date()),
    }


def checked(allowed: Askable, points: Sequence[Ticked]) -> list[Point]:
    """The points as the notice has them, each thing once; raises as `ask` does."""
    if not points:
        raise NothingToAsk
    wanted = {(one.kind, one.target): one for one in points}
    before = {one.target: [allowed.passed[key]] for key, one in wanted.items() if _has_passed(allowed, one)}
    if before:
        raise PassedBefore(errors={target[:64]: [f"{said[0]}预审通过"] for target, said in before.items()})
    again = [name for one in wanted.values() for name in _asked_again(allowed, one)]
    if again:
        raise taken_in.refused(again)
    beyond = [one for one in wanted.values() if not _is_askable(allowed, one)]
    if beyond:
        raise BeyondGuide(errors={one.target[:64]: ["办事指南没有要求这一项"] for one in beyond})
    unclear = {one.target: [fault] for one in wanted.values() if (fault := _fault(allowed, one))}
    if unclear:
        raise PointsUnclear(errors=unclear)
    return [_point(allowed, one) for one in wanted.values()]


def _asked_again(allowed: Askable, one: Ticked) -> list[str]:
    """What of the things that are there a point asks for again: given, called missing, or on paper."""
    if _differs(one):
        return []
    if one.kind == Kind.MATERIAL and one.target in allowed.given:
        return [allowed.given[one.target]]
    if one.kind == Kind.MATERIAL and one.reason == Reason.MISSING and one.target in allowed.there:
        return [allowed.there[one.target]]
    others = [name for code, name in allowed.materials.items() if code not in allowed.there]
    return paper_words.asked_for(one.how, there=list(allowed.there.values()), others=others)


def _is_askable(allowed: Askable, one: Ticked) -> bool:
    known: Mapping[str, Mapping[str, object]] = {
        Kind.FIELD: allowed.fields,
        Kind.MATERIAL: allowed.materials,
        Kind.OUTSIDE: allowed.outside,
    }
    return one.target in known.get(one.kind, {})


def _has_passed(allowed: Askable, one: Ticked) -> bool:
    """Whether a point asks again for what passed a pre-check; that an original differs may be said."""
    return (one.kind, one.target) in allowed.passed and not _differs(one)


def _differs(one: Ticked) -> bool:
    return one.kind == Kind.MATERIAL and one.reason in correction_points.OF_PASSED


def _fault(allowed: Askable, one: Ticked) -> str:
    kind = Kind(one.kind)
    if _differs(one) and (one.kind, one.target) in allowed.passed:
        return _too_long(one) if readable(one.how) else "请写明原件和照片哪里不同"
    if kind is not Kind.OUTSIDE and one.reason not in correction_points.REASONS[kind]:
        return "请选择原因"
    return _too_long(one)


def _too_long(one: Ticked) -> str:
    if len(readable(one.how)) > correction_points.LONGEST_HOW:
        return f"怎样改不能超过{correction_points.LONGEST_HOW}字"
    return ""


def _point(allowed: Askable, one: Ticked) -> Point:
    kind = Kind(one.kind)
    if kind is Kind.OUTSIDE:
        return allowed.outside[one.target]
    reason = Reason(one.reason)
    label = (allowed.fields if kind is Kind.FIELD else allowed.materials)[one.target]
    how = readable(one.how).replace("\n", " ") or correction_points.usual_how(kind, reason)
    if _differs(one):
        how = f"{how.rstrip('。；')}。请按原件重新拍照上传"
    return Point(kind, one.target, label, reason, how)


def _before(session: Session, case: Case, points: Sequence[Point]) -> Before:
    values = forms.opened(case.sealed_form).values
    photos = materials.of_case(session, case_id=case.id)
    return Before(
        fields={one.target: values.get(one.target, "") for one in points if one.kind is Kind.FIELD},
        photos={
            one.target: [photo.id for photo in photos.get(one.target, [])]
            for one in points
            if one.kind is not Kind.FIELD
        },
    )
