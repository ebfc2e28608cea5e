"""What a clerk does with a visit (安排、记录、签字、办结上门); each is written into the audit log."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases.models import Case
from app.desk import duties, service
from app.desk.site_visits import GOING
from app.materials.photos import PreparedPhoto
from app.site_visits import planning, recording, second_trips
from app.site_visits.models import SiteVisit, VisitKind
from app.site_visits.planning import Plan
from app.site_visits.recording import Finding, Presence
from app.staff.models import Role
from app.staff.sessions import OnDuty

ASKING = frozenset({Role.APPROVER})


def plan(session: Session, *, clerk: OnDuty, case_no: str, kind: VisitKind, wanted: Plan) -> SiteVisit:
    """Set a trip for a case (安排上门); raises what planning raises."""
    duties.refuse_unless(clerk, GOING)
    case = service.case_of(session, clerk, case_no)
    visit = planning.plan(
        session, case_no=case.case_no, officer=duties.officer(clerk), kind=kind, wanted=wanted
    )
    _note(session, clerk, "visit_planned", case_id=case.id, day=_day(visit.day))
    return visit


def replan(session: Session, *, clerk: OnDuty, visit_id: int, wanted: Plan) -> SiteVisit:
    """Set another time, place or team (改时间、换人); raises what planning raises."""
    duties.refuse_unless(clerk, GOING)
    visit = planning.replan(session, visit_id=visit_id, officer=duties.officer(clerk), wanted=wanted)
    _note(session, clerk, "visit_planned", case_id=visit.case_id, day=_day(visit.day))
    return visit


def cancel(session: Session, *, clerk: OnDuty, visit_id: int, why: str) -> None:
    """Call a trip off (取消上门); raises what planning raises."""
    duties.refuse_unless(clerk, GOING)
    visit = planning.cancel(session, visit_id=visit_id, officer=duties.officer(clerk), why=why)
    _note(session, clerk, "visit_cancelled", case_id=visit.case_id)


def ask_second_trip(session: Session, *, clerk: OnDuty, case_no: str, reason: str) -> None:
    """Ask the head for a second trip (报请再次踏勘); raises what asking raises."""
    duties.refuse_unless(clerk, ASKING)
    case = service.case_of(session, clerk, case_no)
    second_trips.ask(session, case_no=case.case_no, officer=duties.officer(clerk), reason=reason)
    _note(session, clerk, "second_trip_asked", case_id=case.id)


def mark(session: Session, *, clerk: OnDuty, visit_id: int, findings: Mapping[int, Finding]) -> None:
    """Judge the points of the clerk's department (填写核查结果); raises what recording raises."""
    duties.refuse_unless(clerk, GOING)
    visit = recording.mark(session, officer=duties.officer(clerk), visit_id=visit_id, findings=findings)
    _note(session, clerk, "visit_marked", case_id=visit.case_id)


def sign(session: Session, *, clerk: OnDuty, visit_id: int) -> None:
    """Sign the record for oneself (签字); raises what recording raises."""
    duties.refuse_unless(clerk, GOING)
    visit = recording.sign(session, officer=duties.officer(clerk), visit_id=visit_id)
    _note(session, clerk, "visit_signed", case_id=visit.case_id)


def expect_photo(session: Session, *, clerk: OnDuty, visit_id: int, what: str) -> str:
    """A key for a photo on its way in; raises what recording raises."""
    duties.refuse_unless(clerk, GOING)
    return recording.expect_photo(session, officer=duties.officer(clerk), visit_id=visit_id, what=what)


def add_photo(
    session: Session, *, clerk: OnDuty, visit_id: int, what: str, key: str, prepared: PreparedPhoto
) -> None:
    """Add a photo to the record (现场照片); raises what recording raises."""
    duties.refuse_unless(clerk, GOING)
    photo = recording.add_photo(
        session, officer=duties.officer(clerk), visit_id=visit_id, what=what, key=key, prepared=prepared
    )
    _note(session, clerk, "visit_photographed", case_id=photo.case_id, photo=str(photo.id))


def close(session: Session, *, clerk: OnDuty, visit_id: int, presence: Presence) -> None:
    """Close the record (办结上门); raises what recording raises."""
    duties.refuse_unless(clerk, GOING)
    officer = duties.officer(clerk)
    visit = recording.close(session, officer=officer, visit_id=visit_id, presence=presence)
    _note(session, clerk, "visit_closed", case_id=visit.case_id)


def _note(session: Session, clerk: OnDuty, action: str, *, case_id: int, **details: str) -> None:
    case = session.get_one(Case, case_id)
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
