"""The one record of a trip (踏勘记录、上门记录): every point, photos, who was there, signed and closed.

The row of the case is held, so that an opinion, a decision and the closing of the record come one after the
other. Each of the staff judges the points of their own department and signs under their own login.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.cases import queries as cases
from app.cases import timeline
from app.cases.models import Case
from app.cases.officers import Officer
from app.events import publish
from app.materials import queries as material_queries
from app.materials import service as materials
from app.materials.models import Photo
from app.materials.photos import PreparedPhoto
from app.plain_text import readable
from app.site_visits import clocks, queries
from app.site_visits.errors import (
    NotOnTheTeam,
    RecordSigned,
    RecordUnfinished,
    VisitNotBegun,
    VisitNotFound,
    VisitOver,
    VisitTextTooLong,
)
from app.site_visits.events import VisitDone
from app.site_visits.models import (
    KIND_TEXTS,
    Applicant,
    SiteVisit,
    VisitKind,
    VisitPoint,
    VisitStaff,
    VisitState,
)

LONGEST_NOTE, LONGEST_NAME = 500, 40
FEWEST_SIGNED = 2
SIGNED_PAGE = "signed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one point; not met wants a note."""

    met: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """Who was there: the staff that did not come, and who of the applicant's was there; empty: nobody."""

    absent_staff: Collection[int]
    applicant_name: str


def mark(session: Session, *, officer: Officer, visit_id: int, findings: Mapping[int, Finding]) -> SiteVisit:
    """Judge points of the clerk's own department (填写核查结果); what was judged before may change.

    Raises VisitNotFound, VisitOver, VisitNotBegun, NotOnTheTeam, RecordSigned, RecordUnfinished where a point
    that is not met has no note, VisitTextTooLong.
    """
    visit, me = _mine(session, officer, visit_id)
    for point in _own_points(session, visit, me):
        found = findings.get(point.id)
        if found is None:
            continue
        note = readable(found.note)
        if len(note) > LONGEST_NOTE:
            raise VisitTextTooLong(most=LONGEST_NOTE)
        if not found.met and not note:
            raise RecordUnfinished(errors={f"note-{point.id}": [f"“{point.text}”不符合的要写明情况"]})
        point.met, point.note = found.met, note or None
        point.marked_at, point.marked_by_name = clock.now(), officer.name
    session.flush()
    return visit


def sign(session: Session, *, officer: Officer, visit_id: int) -> SiteVisit:
    """Sign the record for oneself (签字); nothing of one's own points changes after that.

    Raises as `mark` does, and RecordUnfinished while a point of one's own is not judged.
    """
    visit, me = _mine(session, officer, visit_id)
    open_ones = [point for point in _own_points(session, visit, me) if point.met is None]
    if open_ones:
        raise RecordUnfinished(errors={"points": [f"“{point.text}”还没有填" for point in open_ones]})
    me.signed_at = clock.now()
    session.flush()
    return visit


def close(session: Session, *, officer: Officer, visit_id: int, presence: Presence) -> SiteVisit:
    """Close the record (办结上门): everything judged, signed by all who were there; the clock runs on.

    Whoever was there for the applicant signs on the printed sheet, whose photo is added. Raises
    VisitNotFound, VisitOver, NotOnTheTeam, VisitTextTooLong, and RecordUnfinished with every gap at once.
    """
    visit, case = queries.held(session, officer=officer, visit_id=visit_id)
    cases.for_clerk(session, officer=officer, case_no=case.case_no)
    team = _open_to(visit, queries.team(session, visit_ids=[visit.id])[visit.id], officer)
    name = readable(presence.applicant_name).replace("\n", " ")
    if len(name) > LONGEST_NAME:
        raise VisitTextTooLong(most=LONGEST_NAME)
    for one in team:
        one.absent = one.signed_at is None and one.id in presence.absent_staff
    gaps = _gaps(session, visit, team, name=name)
    if gaps:
        raise RecordUnfinished(errors=gaps)
    visit.state, visit.closed_at, visit.closed_by_name = VisitState.DONE.value, clock.now(), officer.name
    visit.applicant = (Applicant.PRESENT if name else Applicant.ABSENT).value
    visit.applicant_name = name or None
    session.flush()
    clocks.resume(session, case, visit)
    _tell(session, case, visit, officer=officer)
    return visit


def photo_code(visit: SiteVisit, what: str) -> str:
    """Under which material of the case a photo of the record lies; `what` is a point's id or the sheet."""
    return f"{materials.RECORD}{visit.id}-{what}"


def expect_photo(session: Session, *, officer: Officer, visit_id: int, what: str) -> str:
    """A key for a photo on its way in; raises early what `add_photo` would, and what materials raise."""
    visit = _photographed(session, officer, visit_id, what=what)
    return materials.expect(session, case_id=visit.case_id, material_code=photo_code(visit, what))


def add_photo(
    session: Session, *, officer: Officer, visit_id: int, what: str, key: str, prepared: PreparedPhoto
) -> Photo:
    """Add a stored photo to a point, or to the signed sheet (现场照片); the case holds it as it does others.

    Raises VisitNotFound, VisitOver, VisitNotBegun, NotOnTheTeam, TooManyPages, UploadExpired.
    """
    visit = _photographed(session, officer, visit_id, what=what)
    code = photo_code(visit, what)
    photo, _ = materials.attach(
        session, case_id=visit.case_id, material_code=code, key=key, prepared=prepared
    )
    return photo


def is_own(point: VisitPoint, me: VisitStaff) -> bool:
    """Whether somebody of the team judges a point: those of their department, or with none every one."""
    return me.department is None or point.dept_name in {me.department, me.dept_name}


def written(session: Session, visit: SiteVisit) -> bool:
    """Whether anything stands in the record of a trip: it was begun, and is neither moved nor forgotten."""
    listed = queries.points(session, visit_ids=[visit.id])[visit.id]
    team = queries.team(session, visit_ids=[visit.id])[visit.id]
    judged = any(point.met is not None for point in listed)
    return judged or any(one.signed_at for one in team) or bool(photos(session, visit))


def nameless() -> RecordUnfinished:
    """That somebody was there for the applicant and is not named."""
    return RecordUnfinished(errors={"applicant_name": ["请填写申请人一方在场的是谁"]})


def photos(session: Session, visit: SiteVisit) -> dict[str, list[Photo]]:
    """The photos of a record by a point's id, or `signed`."""
    start = photo_code(visit, "")
    pages = material_queries.of_case(session, case_id=visit.case_id)
    return {code.removeprefix(start): kept for code, kept in pages.items() if code.startswith(start)}


def _mine(session: Session, officer: Officer, visit_id: int) -> tuple[SiteVisit, VisitStaff]:
    visit, _ = queries.held(session, officer=officer, visit_id=visit_id)
    team = _open_to(visit, queries.team(session, visit_ids=[visit.id])[visit.id], officer)
    me = next(one for one in team if one.clerk_id == officer.clerk_id)
    if me.signed_at is not None:
        raise RecordSigned
    return visit, me


def _photographed(session: Session, officer: Officer, visit_id: int, *, what: str) -> SiteVisit:
    visit, _ = queries.held(session, officer=officer, visit_id=visit_id)
    _open_to(visit, queries.team(session, visit_ids=[visit.id])[visit.id], officer)
    known = {str(point.id) for point in queries.points(session, visit_ids=[visit.id])[visit.id]}
    if what not in known | {SIGNED_PAGE}:
        raise VisitNotFound
    return visit


def _open_to(visit: SiteVisit, team: list[VisitStaff], officer: Officer) -> list[VisitStaff]:
    if visit.state != VisitState.PLANNED or visit.day is None:
        raise VisitOver
    if officer.clerk_id not in {one.clerk_id for one in team}:
        raise NotOnTheTeam
    if clock.today() < visit.day:
        raise VisitNotBegun
    return team


def _own_points(session: Session, visit: SiteVisit, me: VisitStaff) -> list[VisitPoint]:
    listed = queries.points(session, visit_ids=[visit.id])[visit.id]
    return [point for point in listed if is_own(point, me)]


def _gaps(
    session: Session, visit: SiteVisit, team: Sequence[VisitStaff], *, name: str
) -> dict[str, list[str]]:
    gaps: dict[str, list[str]] = {}
    listed = queries.points(session, visit_ids=[visit.id])[visit.id]
    if unjudged := [point for point in listed if point.met is None]:
        gaps["points"] = [f"“{point.text}”（{point.dept_name}）还没有填" for point in unjudged]
    if unsigned := [one for one in team if one.signed_at is None and not one.absent]:
        gaps["staff"] = [f"{one.name}还没有签字；没有到场的，请勾选“没有到场”" for one in unsigned]
    elif sum(one.signed_at is not None for one in team) < FEWEST_SIGNED:
        gaps["staff"] = ["到场签字的工作人员要有两名以上，不够的请写明原因取消这一次，再重新安排"]
    if name and SIGNED_PAGE not in photos(session, visit):
        gaps["signed"] = ["申请人一方在场的，请拍下有其签字的记录表并上传"]
    return gaps


def _tell(session: Session, case: Case, visit: SiteVisit, *, officer: Officer) -> None:
    listed = queries.points(session, visit_ids=[visit.id])[visit.id]
    met = sum(bool(point.met) for point in listed)
    sentence = (
        f"{KIND_TEXTS[VisitKind(visit.kind)]}已完成，核查{len(listed)}项，{met}项符合，记录{visit.number}"
    )
    actor = timeline.clerk(officer)
    timeline.note(session, case_id=case.id, kind="visit_done", actor=actor, sentence=sentence)
    publish(session, VisitDone(case.id, visit.id))
