"""Visits at the desk (上门与踏勘): the trips of a day in their order, one of them with its record.

Every department that has points to look at sees the trip; the case itself stays its lead's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import forms, head_approvals
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.catalogue import visit_points as rules
from app.desk import duties, service
from app.desk.duties import Duty
from app.materials.errors import PhotoBeingChecked, PhotoNotFound
from app.materials.models import Photo
from app.site_visits import clocks, planning, queries, recording, second_trips, windows
from app.site_visits.models import (
    KIND_TEXTS,
    OPEN,
    STATE_TEXTS,
    SiteVisit,
    VisitKind,
    VisitPoint,
    VisitStaff,
    VisitState,
)
from app.staff.models import Clerk, Role
from app.staff.sessions import OnDuty

SEEING: Duty = frozenset({Role.FRONT_DESK, Role.APPROVER, Role.SUPERVISOR})
GOING: Duty = frozenset({Role.FRONT_DESK, Role.APPROVER})
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One trip in a list; nothing here says whose case it is. `wants`: another time was asked for."""

    id: int
    case_no: str
    task_name: str
    lead: str
    what: str
    state: str
    state_text: str
    window: str
    address: str
    staff: str
    wants: str
    wish: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may go along."""

    clerk_id: int
    name: str
    staff_no: str
    dept_name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit with its record, and what this clerk may do with it."""

    visit: SiteVisit
    case: Case
    what: str
    state_text: str
    when: str
    moved_from: str
    points: Sequence[VisitPoint]
    staff: Sequence[VisitStaff]
    photos: dict[str, list[Photo]]
    mine: VisitStaff | None
    own_points: frozenset[int]
    may_plan: bool
    open: bool
    begun: bool
    movable: bool
    candidates: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class ToPlan:
    """What is needed to set a trip for a case; `step` is the special procedure that stops its clock."""

    case: Case
    kinds: dict[str, str]
    points: Sequence[rules.Point]
    candidates: Sequence[Candidate]
    address: str
    asked: SiteVisit | None
    open: SiteVisit | None
    step: str | None
    record: SiteVisit | None
    approval: int | None
    waiting: HeadApproval | None
    refused: HeadApproval | None


def page(session: Session, *, clerk: OnDuty, day: date) -> tuple[list[Line], list[Line]]:
    """The trips of a day in their order, and what waits: asked for, another time wanted, or not closed."""
    duties.refuse_unless(clerk, SEEING)
    asked = _rows(clerk)
    of_day = asked.where(SiteVisit.day == day, SiteVisit.state.in_([VisitState.PLANNED, VisitState.DONE]))
    today = session.execute(of_day.order_by(SiteVisit.part, SiteVisit.id).limit(MOST)).all()
    wanting = asked.where(
        or_(
            SiteVisit.state == VisitState.ASKED.value,
            (SiteVisit.state == VisitState.PLANNED.value)
            & or_(
                SiteVisit.other_time_asked_at >= SiteVisit.planned_at,
                SiteVisit.day < clock.today(),
            ),
        )
    )
    waiting = session.execute(wanting.order_by(SiteVisit.id).limit(MOST)).all()
    staff = queries.team(session, visit_ids=[row.SiteVisit.id for row in (*today, *waiting)])
    return [_line(row, staff) for row in today], [_line(row, staff, dated=True) for row in waiting]


def look_at(session: Session, *, clerk: OnDuty, visit_id: int) -> Seen:
    """One visit with its record (查看上门), which is written down; raises VisitNotFound."""
    seen = _seen(session, clerk, visit_id)
    _note(session, clerk, "visit_viewed", case=seen.case)
    return seen


def photo(session: Session, *, clerk: OnDuty, visit_id: int, photo_id: int) -> Photo:
    """A photo of a record; raises VisitNotFound, PhotoNotFound, PhotoBeingChecked."""
    seen = _seen(session, clerk, visit_id)
    found = next((one for kept in seen.photos.values() for one in kept if one.id == photo_id), None)
    if found is None:
        raise PhotoNotFound
    if found.being_checked:
        raise PhotoBeingChecked(retry_after=60)
    service.note_photo(session, clerk, case=seen.case, photo=found)
    return found


def to_plan(session: Session, *, clerk: OnDuty, case_no: str) -> ToPlan:
    """What is needed to set a trip for a case (安排上门); raises CaseNotFound."""
    duties.refuse_unless(clerk, SEEING)
    case = service.case_of(session, clerk, case_no)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    points = rules.of(guide.body)
    current = queries.open_of_case(session, case_id=case.id)
    values = forms.opened(case.sealed_form).values
    step = clocks.step_of(guide.body)
    kinds = {VisitKind.SITE: True, VisitKind.HOME: bool(rules.home_visit(guide.body))}
    return ToPlan(
        case=case,
        kinds={kind.value: KIND_TEXTS[kind] for kind, offered in kinds.items() if offered},
        points=points,
        candidates=_candidates(session, case, guide, departments={one.dept_name for one in points}),
        address=_place(values),
        asked=current if current is not None and current.state == VisitState.ASKED else None,
        open=current if current is not None and current.state == VisitState.PLANNED else None,
        step=None if step is None or case.clock_paused_on is not None else step.name,
        record=second_trips.before(session, case_id=case.id),
        approval=second_trips.unused(session, case_id=case.id),
        waiting=head_approvals.waiting(session, case_id=case.id, kind=ApprovalKind.SECOND_TRIP),
        refused=head_approvals.refused(session, case_id=case.id, kind=ApprovalKind.SECOND_TRIP),
    )


def of_case(session: Session, *, case_id: int) -> list[tuple[SiteVisit, str, str]]:
    """The visits of a case with what they are and where they stand."""
    return [
        (one, KIND_TEXTS[VisitKind(one.kind)], STATE_TEXTS[VisitState(one.state)])
        for one in queries.of_case(session, case_id=case_id)
    ]


def may_plan(session: Session, *, clerk: OnDuty, case: Case) -> bool:
    """Whether a trip is worth offering: the guide has points to look at, and none is planned."""
    if not clerk.roles & GOING or State(case.state) not in planning.HOME_STATES:
        return False
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    current = queries.open_of_case(session, case_id=case.id)
    return bool(rules.of(guide.body)) and (current is None or current.state == VisitState.ASKED)


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details={},
        citizen_id=case.citizen_id,
    )


def _seen(session: Session, clerk: OnDuty, visit_id: int) -> Seen:
    duties.refuse_unless(clerk, SEEING)
    officer = duties.officer(clerk)
    visit, case = queries.for_officer(session, officer=officer, visit_id=visit_id)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    points = queries.points(session, visit_ids=[visit.id])[visit.id]
    staff = queries.team(session, visit_ids=[visit.id])[visit.id]
    mine = next((one for one in staff if one.clerk_id == clerk.clerk_id), None)
    planned = visit.state == VisitState.PLANNED
    begun = planned and visit.day is not None and visit.day <= clock.today()
    leads = clerk.department in {None, case.dept_name, case.dept_code}
    may_plan = leads and bool(clerk.roles & GOING)
    return Seen(
        visit=visit,
        case=case,
        what=KIND_TEXTS[VisitKind(visit.kind)],
        state_text=STATE_TEXTS[VisitState(visit.state)],
        when=queries.said(visit),
        moved_from=queries.moved_from(visit),
        points=points,
        staff=staff,
        photos=recording.photos(session, visit),
        mine=mine,
        own_points=frozenset(point.id for point in points if mine and recording.is_own(point, mine)),
        may_plan=may_plan,
        open=visit.state in OPEN,
        begun=begun,
        movable=may_plan and planned and not (begun and recording.written(session, visit)),
        candidates=_candidates(session, case, guide, departments={one.dept_name for one in points})
        if may_plan and planned
        else (),
    )


def _candidates(
    session: Session, case: Case, guide: catalogue.Guide, *, departments: Collection[str]
) -> list[Candidate]:
    allowed = planning.may_go(case, guide, departments)
    asked = select(Clerk).where(
        Clerk.disabled_at.is_(None), or_(Clerk.department.is_(None), Clerk.department.in_(allowed))
    )
    return [
        Candidate(one.id, one.name, one.username, allowed.get(one.department or "", "全市"))
        for one in session.scalars(asked.order_by(Clerk.department.nulls_first(), Clerk.id).limit(MOST))
        if set(one.roles) & {role.value for role in GOING}
    ]


def _place(values: Mapping[str, str]) -> str:
    """Where a matter is: forms of matters that have a place of their own ask for it besides the address."""
    own = (value for key, value in values.items() if key.endswith("_address") and value)
    return next(own, "") or values.get("address") or ""


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(SiteVisit, Case.case_no, Case.task_name, Case.dept_name.label("lead"))
        .join(Case, Case.id == SiteVisit.case_id)
        .where(queries.seen_by(duties.officer(clerk)))
    )


def _line(row: Row[*tuple[Any, ...]], staff: dict[int, list[VisitStaff]], *, dated: bool = False) -> Line:
    visit: SiteVisit = row.SiteVisit
    over = visit.state == VisitState.PLANNED and visit.day is not None and visit.day < clock.today()
    return Line(
        id=visit.id,
        case_no=row.case_no,
        task_name=row.task_name,
        lead=row.lead,
        what=KIND_TEXTS[VisitKind(visit.kind)],
        state=visit.state,
        state_text="记录还没办结" if over else STATE_TEXTS[VisitState(visit.state)],
        window=queries.said(visit) if dated or visit.part is None else windows.TEXTS[visit.part],
        address=visit.address,
        staff="、".join(f"{one.name}（{one.dept_name}）" for one in staff[visit.id]),
        wants=visit.wants_other_time or "",
        wish=visit.wish or "",
    )
