"""Setting the time of a trip and who goes along (安排上门、踏勘), moving it, calling it off.

The row of the case is held throughout, so that a case has one open trip; who goes along is taken by a unique
index, so that nobody is promised to two people at once. 行政许可法第三十四条 wants two or more of the staff.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import queries as cases
from app.cases import timeline
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.states import State
from app.catalogue import joint_opinions
from app.catalogue import queries as catalogue
from app.catalogue import visit_points as rules
from app.catalogue.queries import Guide
from app.catalogue.visit_points import Point
from app.centres import working_days
from app.events import publish
from app.plain_text import readable
from app.site_visits import clocks, queries, recording, second_trips, windows
from app.site_visits.errors import (
    CaseNotForVisit,
    NoChecklist,
    StaffBusy,
    StaffUnfit,
    VisitAddressUnfit,
    VisitBegun,
    VisitOpen,
    VisitOver,
    VisitTextTooLong,
    VisitTimeUnfit,
)
from app.site_visits.events import VisitCancelled, VisitPlanned
from app.site_visits.models import KIND_TEXTS, OPEN, SiteVisit, VisitKind, VisitPoint, VisitStaff, VisitState
from app.staff.models import Clerk

FEWEST_STAFF = 2
FARTHEST_DAYS = 60
SHORTEST_ADDRESS, LONGEST_ADDRESS, LONGEST_PREPARE, LONGEST_WHY = 5, 200, 500, 200
_SITE_STATES = frozenset({State.ACCEPTED})
HOME_STATES = frozenset({State.SUBMITTED, State.CORRECTION, State.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Plan:
    """When, where and who; `prepare` is what the applicant has ready, `pause`: the clock stands for it."""

    day: date | None
    part: int
    clerk_ids: Collection[int]
    address: str
    prepare: str = ""
    pause: bool = False


def plan(session: Session, *, case_no: str, officer: Officer, kind: VisitKind, wanted: Plan) -> SiteVisit:
    """Set a trip for a case (安排上门); what the applicant asked for becomes planned with it.

    Raises CaseNotForVisit, NoChecklist, VisitOpen, SecondTripUnapproved, VisitTimeUnfit, VisitAddressUnfit,
    VisitTextTooLong, StaffUnfit, StaffBusy, CaseNotFound and what pausing raises.
    """
    case = cases.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    refuse_wrong_place(case, kind)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    listed = _listed(guide, kind)
    visit = queries.open_of_case(session, case_id=case.id)
    if visit is not None and (visit.state != VisitState.ASKED or kind is not VisitKind.HOME):
        raise VisitOpen
    if visit is None:
        visit = SiteVisit(
            case_id=case.id,
            kind=kind.value,
            state=VisitState.ASKED.value,
            list_version=guide.version,
            created_at=clock.now(),
            approval_id=second_trips.approval_for(session, case) if kind is VisitKind.SITE else None,
        )
    _set(session, visit, officer=officer, wanted=wanted)
    session.add(visit)
    session.flush()
    _write_points(session, visit, listed)
    _hold_clerks(session, wanted.clerk_ids)
    team = _take_staff(session, case, visit, clerk_ids=wanted.clerk_ids, listed=listed, guide=guide)
    if wanted.pause:
        clocks.pause(session, case, visit, guide=guide, officer=officer)
    _tell(session, case, visit, team=team, officer=officer)
    return visit


def replan(session: Session, *, visit_id: int, officer: Officer, wanted: Plan) -> SiteVisit:
    """Set another time, place or team (改时间、换人) of a trip of which nothing is written down.

    Raises as `plan` does, VisitNotFound, VisitOver and VisitBegun.
    """
    visit, case = queries.held(session, officer=officer, visit_id=visit_id)
    if visit.state != VisitState.PLANNED:
        raise VisitOver
    cases.for_clerk(session, officer=officer, case_no=case.case_no)
    if recording.written(session, visit):
        raise VisitBegun
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    visit.before_day, visit.before_part = visit.day, visit.part
    _set(session, visit, officer=officer, wanted=wanted)
    visit.reminded_at = None
    before = {one.clerk_id for one in queries.team(session, visit_ids=[visit.id])[visit.id]}
    _hold_clerks(session, before | set(wanted.clerk_ids))
    session.execute(delete(VisitStaff).where(VisitStaff.visit_id == visit.id))
    session.flush()
    listed = _listed(guide, VisitKind(visit.kind))
    team = _take_staff(session, case, visit, clerk_ids=wanted.clerk_ids, listed=listed, guide=guide)
    clocks.move(session, case, visit, guide=guide, officer=officer)
    _tell(session, case, visit, team=team, officer=officer)
    return visit


def cancel(session: Session, *, visit_id: int, officer: Officer, why: str) -> SiteVisit:
    """Call a trip off (取消上门) with the reason, which the applicant reads.

    Raises VisitNotFound, VisitOver, CaseNotFound, VisitTextTooLong.
    """
    said = readable(why).replace("\n", " ")
    if not 1 < len(said) <= LONGEST_WHY:
        raise VisitTextTooLong(most=LONGEST_WHY)
    visit, case = queries.held(session, officer=officer, visit_id=visit_id)
    cases.for_clerk(session, officer=officer, case_no=case.case_no)
    if visit.state not in OPEN:
        raise VisitOver
    call_off(session, case, visit, actor=timeline.clerk(officer), why=said)
    return visit


def call_off(session: Session, case: Case, visit: SiteVisit, *, actor: timeline.Actor, why: str) -> None:
    """End an open visit whose case is held; the team is free again and the clock runs on."""
    visit.state, visit.cancelled_at, visit.cancelled_why = VisitState.CANCELLED.value, clock.now(), why
    session.execute(update(VisitStaff).where(VisitStaff.visit_id == visit.id).values(live=False))
    session.flush()
    clocks.resume(session, case, visit)
    sentence = f"{KIND_TEXTS[VisitKind(visit.kind)]}已取消：{why}"
    timeline.note(session, case_id=case.id, kind="visit_cancelled", actor=actor, sentence=sentence)
    publish(session, VisitCancelled(case.id, visit.id))


def refuse_wrong_place(case: Case, kind: VisitKind) -> None:
    """Raises CaseNotForVisit where nobody goes to for such a case now."""
    allowed = _SITE_STATES if kind is VisitKind.SITE else HOME_STATES
    if State(case.state) not in allowed:
        raise CaseNotForVisit


def addressed(address: str) -> str:
    """An address as it is kept; raises VisitAddressUnfit."""
    said = readable(address).replace("\n", " ")
    if not SHORTEST_ADDRESS <= len(said) <= LONGEST_ADDRESS:
        raise VisitAddressUnfit
    return said


def may_go(case: Case, guide: Guide, departments: Collection[str]) -> dict[str, str]:
    """Whose staff may go along: the lead and the `departments` that have points to look at.

    A clerk has the name or the code of a department; by either the name, which stands beside a point.
    """
    codes = {rule.dept_code: rule.dept_name for rule in joint_opinions.of(guide.body) if rule.dept_code}
    heard = {code: name for code, name in codes.items() if name in departments}
    lead = {case.dept_name: case.dept_name, case.dept_code: case.dept_name}
    return {name: name for name in departments} | heard | lead


def _set(session: Session, visit: SiteVisit, *, officer: Officer, wanted: Plan) -> None:
    prepare, today = readable(wanted.prepare), clock.today()
    if len(prepare) > LONGEST_PREPARE:
        raise VisitTextTooLong(most=LONGEST_PREPARE)
    day, farthest = wanted.day, today + timedelta(days=FARTHEST_DAYS)
    if day is None or not today < day <= farthest or wanted.part not in windows.WINDOWS:
        raise VisitTimeUnfit
    if not working_days.calendar(session).is_working_day(day):
        raise VisitTimeUnfit
    visit.address, visit.prepare = addressed(wanted.address), prepare
    visit.day, visit.part, visit.state = day, wanted.part, VisitState.PLANNED.value
    visit.planned_by, visit.planned_by_name = officer.clerk_id, officer.name
    visit.planned_at = clock.now()


def _listed(guide: Guide, kind: VisitKind) -> Sequence[Point]:
    listed = rules.of(guide.body)
    if kind is VisitKind.HOME:
        listed = tuple(point for point in listed if point.dept_name == guide.dept_name)
    if not listed:
        raise NoChecklist
    return listed


def _write_points(session: Session, visit: SiteVisit, listed: Sequence[Point]) -> None:
    session.add_all(
        VisitPoint(visit_id=visit.id, position=place, dept_name=one.dept_name, text=one.text, law=one.law)
        for place, one in enumerate(listed, start=1)
    )
    session.flush()


def _hold_clerks(session: Session, clerk_ids: Collection[int]) -> None:
    """Hold who is freed and who is taken, by id: two trips that swap people wait in one line, not a circle.

    Weaker than what would keep others from naming a clerk in a row of theirs.
    """
    asked = select(Clerk.id).where(Clerk.id.in_(set(clerk_ids))).order_by(Clerk.id)
    session.execute(asked.with_for_update(key_share=True))


def _take_staff(
    session: Session,
    case: Case,
    visit: SiteVisit,
    *,
    clerk_ids: Collection[int],
    listed: Sequence[Point],
    guide: Guide,
) -> list[VisitStaff]:
    """Take the team's time; raises StaffUnfit, or StaffBusy when one of them is taken by another trip."""
    names = may_go(case, guide, {point.dept_name for point in listed})
    team = _team(session, case, clerk_ids, names=names)
    rows = [
        {
            "visit_id": visit.id,
            "clerk_id": one.id,
            "name": one.name,
            "staff_no": one.username,
            "dept_name": names[one.department or case.dept_name],
            "department": one.department,
            "day": visit.day,
            "part": visit.part,
            "live": True,
            "absent": False,
        }
        for one in sorted(team, key=lambda one: one.id)
    ]
    taken = session.scalars(insert(VisitStaff).values(rows).on_conflict_do_nothing().returning(VisitStaff))
    kept = taken.all()
    if len(kept) < len(rows):
        raise StaffBusy
    return sorted(kept, key=lambda one: one.id)


def _team(
    session: Session, case: Case, clerk_ids: Collection[int], *, names: Mapping[str, str]
) -> Sequence[Clerk]:
    asked = select(Clerk).where(Clerk.id.in_(set(clerk_ids)), Clerk.disabled_at.is_(None))
    found = [one for one in session.scalars(asked) if one.department is None or one.department in names]
    sent = {one.department and names[one.department] for one in found}
    missing = {case.dept_name, *names.values()} - sent
    if len(found) < FEWEST_STAFF or (missing and None not in sent):
        absent = [name for name in dict.fromkeys(names.values()) if name in missing]
        raise StaffUnfit(errors={"clerk": [f"{'、'.join(absent)}还没有人去"]} if absent else None)
    return found


def _tell(
    session: Session, case: Case, visit: SiteVisit, *, team: Sequence[VisitStaff], officer: Officer
) -> None:
    names = "、".join(f"{one.name}（工号{one.staff_no}）" for one in team)
    sentence = f"{KIND_TEXTS[VisitKind(visit.kind)]}{_time(visit)}，上门人员：{names}"
    actor = timeline.clerk(officer)
    timeline.note(session, case_id=case.id, kind="visit_planned", actor=actor, sentence=sentence)
    publish(session, VisitPlanned(case.id, visit.id, visit.set_at))


def _time(visit: SiteVisit) -> str:
    when, before = queries.said(visit), queries.moved_from(visit)
    if before:
        return f"改为{when}（原定{before}）"
    return f"定于{when}" if visit.before_day is None else f"安排有变动，时间不变：{when}"
