"""What a clerk does so that a case is corrected, or not taken up (补正、不予受理); each is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import correcting, forms, not_accepting, numbers, outside_demands, overview
from app.cases import queries as cases
from app.cases.correcting import Askable, Ticked
from app.cases.correction_models import OutsideDemand
from app.cases.correction_points import Kind, Point
from app.cases.corrections import Notice
from app.cases.errors import CaseNotFound
from app.cases.models import Case
from app.cases.not_accepting import Refusal
from app.cases.overview import Overview
from app.desk import duties
from app.materials import queries as materials
from app.materials.errors import PhotoNotFound
from app.materials.models import Photo
from app.staff.sessions import OnDuty


@dataclass(frozen=True, slots=True)
class Asking:
    """A case of which a correction may be asked: what may be named, what waits."""

    overview: Overview
    askable: Askable
    demands: Sequence[OutsideDemand]


@dataclass(frozen=True, slots=True)
class Change:
    """One point of an answered notice, as it was and as it is (补正前后); texts, or photos."""

    point: Point
    was: str
    now: str
    photos_before: Sequence[Photo]
    photos_now: Sequence[Photo]

    @property
    def same(self) -> bool:
        """Whether the citizen left it as it was."""
        before, now = ([photo.id for photo in pages] for pages in (self.photos_before, self.photos_now))
        return (self.was, before) == (self.now, now)


def begin(session: Session, *, clerk: OnDuty, case_no: str) -> Asking:
    """What a clerk may ask for in a case; raises CaseNotFound, also for a foreign one."""
    case = _case(session, clerk, case_no)
    asking = Asking(
        overview=overview.of(session, case, parties=duties.officer(clerk).parties),
        askable=correcting.askable(session, case),
        demands=outside_demands.of_case(session, case_id=case.id),
    )
    _note(session, clerk, "case_viewed", case=case)
    return asking


def ask(session: Session, *, clerk: OnDuty, case_no: str, points: Sequence[Ticked]) -> None:
    """Give the one notice (一次性告知); raises what cases raise."""
    case = _case(session, clerk, case_no)
    correcting.ask(session, case_no=case.case_no, officer=duties.officer(clerk), points=points)
    session.refresh(case)
    _note(session, clerk, "correction_asked", case=case, points=str(len(points)))


def preview(session: Session, *, clerk: OnDuty, case_no: str, points: Sequence[Ticked]) -> list[Point]:
    """The notice as it would be given; nothing is kept. Raises what `ask` raises of its points."""
    return correcting.checked(correcting.askable(session, _case(session, clerk, case_no)), points)


def demand(session: Session, *, clerk: OnDuty, case_no: str, said: Mapping[str, str]) -> None:
    """Want something beyond the guide (清单外要求); raises what cases raise."""
    case = _case(session, clerk, case_no)
    officer = duties.officer(clerk)
    made = outside_demands.demand(session, case_no=case.case_no, officer=officer, **said)
    _note(session, clerk, "outside_demanded", case=case, demand=str(made.id))


def settle(session: Session, *, clerk: OnDuty, case_no: str, demand_id: int, confirmed: bool) -> None:
    """Say yes or no to what another clerk wants beyond the guide; raises what cases raise."""
    case = _case(session, clerk, case_no)
    outside_demands.settle(
        session,
        case_no=case.case_no,
        officer=duties.officer(clerk),
        demand_id=demand_id,
        confirmed=confirmed,
    )
    if confirmed:
        _note(session, clerk, "outside_confirmed", case=case, demand=str(demand_id))
    else:
        _note(session, clerk, "outside_refused", case=case, demand=str(demand_id))


def not_accept(session: Session, *, clerk: OnDuty, case_no: str, refusal: Refusal) -> None:
    """Say that the office does not take a case up (不予受理); raises what cases raise."""
    case = _case(session, clerk, case_no)
    before = case.state
    case = not_accepting.not_accept(
        session, case_no=case.case_no, officer=duties.officer(clerk), refusal=refusal
    )
    _note(
        session, clerk, "case_not_accepted", case=case, before=before, after=case.state, ground=refusal.code
    )


def changes(session: Session, whole: Overview) -> list[Change]:
    """What was mended of each point, before and after; one statement for the photos."""
    notice = whole.correction
    if notice is None:
        return []
    ids = [photo_id for photo_ids in notice.before.photos.values() for photo_id in photo_ids]
    before = {photo.id: photo for photo in materials.handed_in(session, photo_ids=ids)}
    now = {view.code: view.photos for view in whole.materials}
    values = forms.opened(whole.case.sealed_form).values
    return [_change(notice, point, values=values, before=before, now=now) for point in notice.points]


def earlier_photo(session: Session, *, clerk: OnDuty, case_no: str, photo_id: int) -> Photo:
    """A photo that was replaced in a correction; raises CaseNotFound, PhotoNotFound."""
    case = _case(session, clerk, case_no)
    found = materials.handed_in(session, photo_ids=[photo_id])
    if not found or found[0].case_id != case.id:
        raise PhotoNotFound
    return found[0]


def note_refusal(session: Session, *, clerk: OnDuty, case_no: str, code: str) -> None:
    """Write down that a clerk asked for what may not be asked for (越界留痕), such as a second notice."""
    case = _case(session, clerk, case_no)
    _note(session, clerk, "correction_refused", case=case, code=code)


def _change(
    notice: Notice,
    point: Point,
    *,
    values: Mapping[str, str],
    before: Mapping[int, Photo],
    now: Mapping[str, Sequence[Photo]],
) -> Change:
    if point.kind is Kind.FIELD:
        return Change(point, notice.before.fields.get(point.target, ""), values.get(point.target, ""), (), ())
    ids = notice.before.photos.get(point.target, ())
    seen = [before[photo_id] for photo_id in ids if photo_id in before]
    return Change(point, "", "", seen, now.get(point.target, ()))


def _case(session: Session, clerk: OnDuty, typed: str) -> Case:
    number = numbers.case_no(typed)
    if number is None:
        raise CaseNotFound
    return cases.for_clerk(session, officer=duties.officer(clerk), case_no=number)


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: Any) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
