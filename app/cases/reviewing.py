"""What the review points of a guide say of one application (审查要点的判断), on facts that are given."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app import settings
from app.cases import billing, completeness, limits
from app.cases.models import Case
from app.catalogue import joint_opinions as opinions
from app.catalogue.models import GuideVersion
from app.certificates.models import Certificate, CertificateState
from app.people.models import Assurance, Citizen
from app.review_points import engine
from app.review_points.engine import Facts, Given, Outcome, Verdict
from app.review_points.points import Point, Source, read
from app.situations import engine as situation_engine
from app.situations import guide as situations
from app.situations import known
from app.situations.guide import ForPerson

Body = Mapping[str, Any]
# The person who applies, and the company for which they do, if any.
Owner = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Application:
    """What was handed in: on which day, the form, the answers, photos by material code.

    `certificates` are those that give materials, and whether each is valid.
    """

    day: date
    form: Mapping[str, str]
    answers: Mapping[str, object]
    photos: Collection[str]
    certificates: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that an applicant holds: the result its guide names, since when, until when."""

    name: str
    issued_at: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is proven of an applicant, and the certificates they hold that the points ask for."""

    name: str | None
    number: str | None
    held: Sequence[Held] = field(default=())

    def certificates(self, *, before: datetime, day: date) -> dict[str, date | None]:
        """Those that were there before a moment and valid on a day, the newest of each name."""
        return {
            each.name: each.valid_until
            for each in self.held
            if each.issued_at < before and (each.valid_until is None or each.valid_until >= day)
        }


def verdicts(
    body: Body, application: Application, applicant: Applicant, *, before: datetime
) -> tuple[Verdict, ...]:
    """A verdict for each point of the guide, and for what no point says but nobody may overlook.

    `before`: certificates that came later count not.
    """
    day = application.day
    table = situations.table_of(body)
    answers = situations.answers_of(table, application.answers)
    person = situations.for_person(body, answers, today=day)
    found = engine.judge(
        read(body),
        Facts(
            today=day,
            form=application.form,
            answers=answers,
            asked=frozenset(one.key for one in situation_engine.asked(table, answers, today=day)),
            materials=_materials(body, application, person),
            known=known.of_number(applicant.number, region_code=settings.current().region_code),
            proven_name=applicant.name,
            proven_number=applicant.number,
            fees_fixed=_fees_fixed(body, person),
            certificates=applicant.certificates(before=before, day=day),
        ),
    )
    return (*found, *_besides(body, person, found))


def applicants(
    session: Session, *, owners: Collection[Owner], points: Sequence[Point]
) -> dict[Owner, Applicant]:
    """What is proven of several applicants: two statements for all."""
    held = _held(session, owners, points)
    asked = select(Citizen).where(Citizen.id.in_({citizen_id for citizen_id, _ in owners}))
    people = {one.id: one for one in session.scalars(asked)}
    return {owner: _applicant(people[owner[0]], held[owner]) for owner in owners}


def _applicant(citizen: Citizen, held: Sequence[Held]) -> Applicant:
    """Name and number count only where real-name verification has said them."""
    if citizen.assurance < Assurance.REAL_NAME:
        return Applicant(None, None, held)
    return Applicant(citizen.name, citizen.id_number, held)


def _held(session: Session, owners: Collection[Owner], points: Sequence[Point]) -> dict[Owner, list[Held]]:
    """The certificates that points name, of a company where one applies, else of the person; oldest first.

    A certificate is known by the result that the guide of its case names.
    """
    names = {point.about for point in points if point.source is Source.CERTIFICATE}
    if not names:
        return {owner: [] for owner in owners}
    name = GuideVersion.body["result"]["result_name"].astext
    theirs = (_is_theirs(*owner) for owner in owners)
    asked = (
        select(
            Certificate.citizen_id,
            Certificate.organisation_id,
            name.label("name"),
            Certificate.issued_at,
            Certificate.valid_until,
        )
        .join(Case, Case.id == Certificate.case_id)
        .join(GuideVersion, GuideVersion.id == Case.guide_version_id)
        .where(or_(*theirs), Certificate.state == CertificateState.VALID, name.in_(sorted(names)))
        .order_by(Certificate.id)
    )
    by_holder: dict[Owner, list[Held]] = {}
    for row in session.execute(asked):
        held = Held(row.name, row.issued_at, row.valid_until)
        by_holder.setdefault(_holder(row.citizen_id, row.organisation_id), []).append(held)
    return {owner: by_holder.get(_holder(*owner), []) for owner in owners}


def _holder(citizen_id: int, organisation_id: int | None) -> Owner:
    """A company holds what it was given, whoever acted for it."""
    return (0, organisation_id) if organisation_id is not None else (citizen_id, None)


def _is_theirs(citizen_id: int, organisation_id: int | None) -> ColumnElement[bool]:
    if organisation_id is not None:
        return Certificate.organisation_id == organisation_id
    return and_(Certificate.citizen_id == citizen_id, Certificate.organisation_id.is_(None))


def opened(sealed: str) -> tuple[Verdict, ...]:
    """Verdicts from their column."""
    return tuple(Verdict(**{**one, "outcome": Outcome(one["outcome"])}) for one in json.loads(sealed))


def sealed(found: Sequence[Verdict]) -> str:
    """Verdicts for their column."""
    return json.dumps(
        [
            {"key": one.key, "text": one.text, "law": one.law, "outcome": one.outcome, "reason": one.reason}
            for one in found
        ],
        ensure_ascii=False,
    )


def _materials(body: Body, application: Application, person: ForPerson) -> dict[str, Given]:
    listed = (body.get("materials") or []) if person.open_questions else person.materials
    return {str(material["material_code"]): _given(material, application) for material in listed}


def _given(material: Body, application: Application) -> Given:
    code = str(material["material_code"])
    if code in application.certificates:
        return Given.CERTIFICATE if application.certificates[code] else Given.LAPSED_CERTIFICATE
    if not completeness.takes_photos(material):
        return Given.ONLINE
    return Given.PHOTO if code in application.photos else Given.MISSING


def _fees_fixed(body: Body, person: ForPerson) -> bool:
    chosen = None
    if not person.open_questions and person.fees_chosen:
        chosen = [str(fee["fee_code"]) for fee in person.fees if fee["amount_fen"] is not None]
    return billing.is_fixed(body.get("fees") or [], chosen)


def _besides(body: Body, person: ForPerson, found: Sequence[Verdict]) -> Iterator[Verdict]:
    """What stands in the way of a machine although no review point is about it."""
    if person.open_questions:
        yield _doubt("situations", "情形问题都已回答", "还有情形问题没有回答")
    for place, refusal in enumerate(person.refusals):
        yield _doubt(
            f"refusal_{place}", "按您的情形可以办", f"您的回答显示：{refusal.reason}", law=refusal.law
        )
    if not _fees_fixed(body, person) and not any(one.key == "fees" for one in engine.doubts(found)):
        yield _doubt("fees", "收费项目和金额已确定", "收费要由工作人员核定")
    if opinions.of(body):
        yield _doubt("opinions", "不用征求其他部门的意见", "这个事项要先征求其他部门的意见")
    if limits.notice_of(body) is not None:
        yield _doubt("notice", "不用先公告", "这个事项要先公告，期满才能决定")


def _doubt(key: str, text: str, reason: str, *, law: str = "") -> Verdict:
    return Verdict(key, text, law, Outcome.UNTOLD, reason)
