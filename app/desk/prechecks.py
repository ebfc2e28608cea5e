"""A look before the way to the window, at the desk (网上预审): who waits, the answer, the originals.

Whatever is seen or said is written down, as with a case that was handed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app import clock, settings
from app.assistance import queries as assistance
from app.audit import service as audit
from app.cases import colours, forms, overview, prechecked, situation
from app.cases.colours import Colour
from app.cases.correcting import Askable, Ticked
from app.cases.correction_points import Point
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.overview import Overview
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.cases.prechecked import Standing
from app.centres import working_days
from app.delegations import queries as delegations
from app.delegations.queries import Mandate
from app.desk import duties, fee_choices, service
from app.desk.fee_choices import FeeChoice
from app.desk.in_order import Mark
from app.materials.errors import PhotoBeingChecked, PhotoNotFound
from app.materials.models import Photo
from app.people.queries import masked_name
from app.prechecks import answering, queries, receiving, visiting
from app.staff.sessions import OnDuty


@dataclass(frozen=True, slots=True)
class Line:
    """One draft that waits for an answer; the applicant is masked, for others may look over the shoulder."""

    id: int
    case_no: str
    task_name: str
    applicant: str
    round: int
    asked_at: datetime
    due_on: date
    colour: Colour
    limit_words: str


@dataclass(frozen=True, slots=True)
class Fees:
    """What a clerk chose to bill, or that nothing is (减免)."""

    codes: Sequence[str]
    waived: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A pre-check as a clerk sees it; `overview` only while the office may look into the draft.

    `late`: what may be named by reason alone, as `kind:key`, in a later round. `originals` by material code.
    `visitor`: the agent who came with the visit code, and under what authority. `helped`: this clerk sat
    beside the applicant, so that answer and acceptance are a colleague's (帮办回避).
    """

    row: CasePrecheck
    case: Case
    standing: Standing
    overview: Overview | None
    points: Sequence[Point]
    askable: Askable | None
    late: frozenset[str]
    originals: Mapping[str, str]
    fees: list[FeeChoice]
    visitor: Mandate | None
    helped: bool


def page(
    session: Session, *, clerk: OnDuty, after: Mark | None = None, limit: int = 20
) -> tuple[list[Line], Mark | None]:
    """Up to `limit` of those who wait, the first due first, and where the next page begins."""
    asked = (
        select(CasePrecheck, Case)
        .join(Case, Case.id == CasePrecheck.case_id)
        .where(CasePrecheck.state == PrecheckState.ASKED.value, queries.of_department(clerk.department))
    )
    if after is not None:
        asked = asked.where(tuple_(CasePrecheck.due_on, CasePrecheck.id) > (after.key, after.id))
    found = session.execute(asked.order_by(CasePrecheck.due_on, CasePrecheck.id).limit(limit + 1)).all()
    shown = found[:limit]
    following = Mark(shown[-1][0].due_on, shown[-1][0].id) if len(found) > limit else None
    calendar = working_days.calendar(session)
    return [_line(row, case, calendar=calendar) for row, case in shown], following


def look_at(session: Session, *, clerk: OnDuty, precheck_id: int, visitor_id: int | None = None) -> Seen:
    """A draft as it was asked for or has passed (查看预审), `visitor_id`: whose visit code was scanned.

    Raises PrecheckNotFound, VisitorUnauthorised.
    """
    case, row = queries.for_clerk(session, officer=duties.officer(clerk), precheck_id=precheck_id)
    visitor = visiting.agent_of(session, case, visitor_id=visitor_id)
    dossier = Dossier(session, case)
    shown, waits = queries.is_shown(dossier, row), row.state == PrecheckState.ASKED
    guide, officer = dossier.guide, duties.officer(clerk)
    askable = answering.askable(session, case) if waits else None
    seen = Seen(
        row=row,
        case=case,
        standing=prechecked.standing(dossier),
        overview=overview.of(session, case, parties=officer.parties, dossier=dossier) if shown else None,
        points=prechecked.points_of(row) or queries.named_before(session, row),
        askable=askable,
        late=frozenset() if askable is None else answering.only_late(session, row, askable),
        originals={} if waits or not shown else queries.originals(dossier),
        fees=fee_choices.of(guide, situation.fee_codes(case, guide)),
        visitor=delegations.mandate(
            session, delegation_id=None if visitor is None else visitor.delegation_id
        ),
        helped=assistance.has_helped(session, clerk_id=clerk.clerk_id, reference=f"case:{case.id}"),
    )
    _note(session, clerk, "precheck_viewed", case=case)
    return seen


def photo(session: Session, *, clerk: OnDuty, precheck_id: int, photo_id: int) -> tuple[Photo, str]:
    """One page of a draft while the office may look, and what is written across it (用途水印).

    Raises PrecheckNotFound, PhotoNotFound, PhotoBeingChecked.
    """
    case, row = queries.for_clerk(session, officer=duties.officer(clerk), precheck_id=precheck_id)
    dossier = Dossier(session, case)
    pages = (one for pages in dossier.photos.values() for one in pages)
    found = next((one for one in pages if one.id == photo_id), None)
    if found is None or not queries.is_shown(dossier, row):
        raise PhotoNotFound
    if found.being_checked:
        raise PhotoBeingChecked(retry_after=60)
    service.note_photo(session, clerk, case=case, photo=found)
    return found, f"仅用于{case.task_name}预审，{settings.current().city_name}，{clock.today():%Y年%m月%d日}"


def pass_(session: Session, *, clerk: OnDuty, precheck_id: int) -> None:
    """Pass a draft (预审通过); raises what answering raises."""
    row = answering.pass_(session, precheck_id=precheck_id, officer=duties.officer(clerk))
    _note(session, clerk, "precheck_passed", case=session.get_one(Case, row.case_id))


def mend(
    session: Session, *, clerk: OnDuty, precheck_id: int, points: Sequence[Ticked], late_reason: str
) -> None:
    """Say what is to be mended (需要修改); raises what answering raises."""
    row = answering.mend(
        session,
        precheck_id=precheck_id,
        officer=duties.officer(clerk),
        points=points,
        late_reason=late_reason,
    )
    said: dict[str, str] = {"points": str(len(prechecked.points_of(row)))}
    if row.late_reason is not None:
        said["kind"] = "提出上次没有提的内容"
    _note(session, clerk, "precheck_to_mend", case=session.get_one(Case, row.case_id), **said)


def accept(
    session: Session,
    *,
    clerk: OnDuty,
    precheck_id: int,
    visitor_id: int | None,
    compared: Sequence[str],
    fees: Fees,
) -> Case:
    """Take a case in by its visit code (核对原件并受理); raises FeeUndecided and what receiving raises."""
    officer = duties.officer(clerk)
    case, _ = queries.for_clerk(session, officer=officer, precheck_id=precheck_id)
    codes = fee_choices.decided(Dossier(session, case).guide, fees.codes, waived=fees.waived)
    case = receiving.accept(
        session,
        precheck_id=precheck_id,
        officer=officer,
        visitor_id=visitor_id,
        compared=compared,
        fee_codes=codes,
    )
    _note(session, clerk, "case_accepted", case=case, fees=",".join(codes), waived=fees.waived)
    return case


def differ(
    session: Session,
    *,
    clerk: OnDuty,
    precheck_id: int,
    visitor_id: int | None,
    found: Mapping[str, str],
) -> Case:
    """Say which originals are not as photographed (原件不一致); raises what receiving raises."""
    officer = duties.officer(clerk)
    case = receiving.differ(
        session, precheck_id=precheck_id, officer=officer, visitor_id=visitor_id, found=found
    )
    _note(session, clerk, "correction_asked", case=case, points=str(len(found)))
    return case


def note_refusal(session: Session, *, clerk: OnDuty, precheck_id: int, code: str) -> None:
    """Write down that a clerk asked for what may not be asked for (越界留痕)."""
    case, _ = queries.for_clerk(session, officer=duties.officer(clerk), precheck_id=precheck_id)
    _note(session, clerk, "correction_refused", case=case, code=code)


def _line(row: CasePrecheck, case: Case, *, calendar: working_days.WorkCalendar) -> Line:
    values, today = forms.opened(case.sealed_form).values, clock.today()
    return Line(
        id=row.id,
        case_no=case.case_no,
        task_name=case.task_name,
        applicant=values.get("organisation_name") or masked_name(values.get("applicant_name")) or "",
        round=row.round,
        asked_at=row.asked_at,
        due_on=row.due_on,
        colour=colours.colour(row.due_on, today=today, calendar=calendar),
        limit_words=colours.words(row.due_on, today=today, calendar=calendar),
    )


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str | bool) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
