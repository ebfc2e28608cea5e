"""What can be asked about visits (查询上门与踏勘)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.opinion_models import OpinionRequest
from app.db import LARGEST_ID
from app.organisations import queries as organisations
from app.site_visits import windows
from app.site_visits.errors import VisitNotFound
from app.site_visits.models import OPEN, SiteVisit, VisitKind, VisitPoint, VisitStaff, VisitState

# Until then of the day before it can still be changed by whoever is visited.
_EVENING = timedelta(hours=4)


def open_of_case(session: Session, *, case_id: int) -> SiteVisit | None:
    """The visit of a case that is asked for or planned."""
    return session.scalar(select(SiteVisit).where(SiteVisit.case_id == case_id, SiteVisit.state.in_(OPEN)))


def of_case(session: Session, *, case_id: int) -> Sequence[SiteVisit]:
    """Every visit of a case, oldest first."""
    return session.scalars(select(SiteVisit).where(SiteVisit.case_id == case_id).order_by(SiteVisit.id)).all()


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[SiteVisit]]:
    """The same for several cases: one statement."""
    found: dict[int, list[SiteVisit]] = {}
    asked = select(SiteVisit).where(SiteVisit.case_id.in_(case_ids)).order_by(SiteVisit.id)
    for visit in session.scalars(asked):
        found.setdefault(visit.case_id, []).append(visit)
    return found


def record_of(session: Session, *, case_id: int) -> SiteVisit | None:
    """The newest trip to the place of a case whose record is closed (踏勘记录); None before the first."""
    asked = select(SiteVisit).where(
        SiteVisit.case_id == case_id,
        SiteVisit.kind == VisitKind.SITE.value,
        SiteVisit.state == VisitState.DONE.value,
    )
    return session.scalar(asked.order_by(SiteVisit.id.desc()).limit(1))


def team(session: Session, *, visit_ids: Collection[int]) -> dict[int, list[VisitStaff]]:
    """Who goes along on several visits: one statement."""
    found: dict[int, list[VisitStaff]] = {visit_id: [] for visit_id in visit_ids}
    asked = select(VisitStaff).where(VisitStaff.visit_id.in_(visit_ids)).order_by(VisitStaff.id)
    for one in session.scalars(asked):
        found[one.visit_id].append(one)
    return found


def points(session: Session, *, visit_ids: Collection[int]) -> dict[int, list[VisitPoint]]:
    """The checklists of several visits, in their order: one statement."""
    found: dict[int, list[VisitPoint]] = {visit_id: [] for visit_id in visit_ids}
    asked = select(VisitPoint).where(VisitPoint.visit_id.in_(visit_ids)).order_by(VisitPoint.position)
    for one in session.scalars(asked.execution_options(populate_existing=True)):
        found[one.visit_id].append(one)
    return found


def for_officer(session: Session, *, officer: Officer, visit_id: int) -> tuple[SiteVisit, Case]:
    """A visit that the clerk's department plans or takes part in; raises VisitNotFound for every other."""
    asked = (
        select(SiteVisit, Case)
        .join(Case, Case.id == SiteVisit.case_id)
        .where(SiteVisit.id == min(visit_id, LARGEST_ID), seen_by(officer))
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        raise VisitNotFound
    return found.SiteVisit, found.Case


def of_citizen(
    session: Session, *, citizen_id: int, visit_id: int, organisation_id: int | None = None
) -> tuple[SiteVisit, Case]:
    """A visit of one's own case, or of the company one acts for; raises VisitNotFound for every other."""
    mine = organisations.owned(session, Case, citizen_id=citizen_id, organisation_id=organisation_id)
    asked = (
        select(SiteVisit, Case)
        .join(Case, Case.id == SiteVisit.case_id)
        .where(SiteVisit.id == min(visit_id, LARGEST_ID), mine)
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        raise VisitNotFound
    return found.SiteVisit, found.Case


def held(session: Session, *, officer: Officer, visit_id: int) -> tuple[SiteVisit, Case]:
    """The same with the row of the case held until the unit of work ends, and the visit as it is now."""
    visit, case = for_officer(session, officer=officer, visit_id=visit_id)
    return hold(session, visit, case)


def hold(session: Session, visit: SiteVisit, case: Case) -> tuple[SiteVisit, Case]:
    """Hold the row of the case; the visit is read again, for it may have moved while that was waited for."""
    locked = select(Case).where(Case.id == case.id).with_for_update()
    case = session.scalars(locked.execution_options(populate_existing=True)).one()
    session.refresh(visit)
    return visit, case


def seen_by(officer: Officer) -> ColumnElement[bool]:
    """Visits of cases of the clerk's department, those with points of it, and those they go along on."""
    if officer.department is None:
        return true()
    return or_(
        Case.dept_code == officer.department,
        Case.dept_name == officer.department,
        exists().where(VisitPoint.visit_id == SiteVisit.id, VisitPoint.dept_name == officer.department),
        exists().where(
            OpinionRequest.case_id == Case.id,
            OpinionRequest.dept_code == officer.department,
            OpinionRequest.dept_name == VisitPoint.dept_name,
            VisitPoint.visit_id == SiteVisit.id,
        ),
        exists().where(VisitStaff.visit_id == SiteVisit.id, VisitStaff.clerk_id == officer.clerk_id),
    )


def said(visit: SiteVisit) -> str:
    """When it is, as people say it; empty before a time is set."""
    return "" if visit.day is None or visit.part is None else windows.said(visit.day, visit.part)


def moved_from(visit: SiteVisit) -> str:
    """When it was to be before it was moved (原定时间), as people say it; empty where its time stayed."""
    before = visit.before_day, visit.before_part
    if visit.before_day is None or visit.before_part is None or before == (visit.day, visit.part):
        return ""
    return windows.said(visit.before_day, visit.before_part)


def change_until(visit: SiteVisit) -> datetime | None:
    """The last moment at which whoever is visited may change it (前一天20:00); None before a time is set."""
    if visit.day is None:
        return None
    midnight = datetime.combine(visit.day, datetime.min.time(), clock.SHANGHAI)
    return midnight - _EVENING


def may_change(visit: SiteVisit) -> bool:
    """Whether whoever is visited may still have it changed."""
    until = change_until(visit)
    return visit.state in OPEN and (until is None or clock.now() <= until)


def to_remind(session: Session, *, day: date, after: int) -> int | None:
    """The next planned visit of a day of which nobody was reminded."""
    return session.scalar(
        select(SiteVisit.id)
        .where(
            SiteVisit.state == VisitState.PLANNED.value,
            SiteVisit.day == day,
            SiteVisit.reminded_at.is_(None),
            SiteVisit.id > after,
        )
        .order_by(SiteVisit.id)
        .limit(1)
    )
