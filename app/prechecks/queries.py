"""What the office may see of pre-checks (查询网上预审): its own department's, as they were asked for."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.cases import prechecked
from app.cases.completeness import takes_photos
from app.cases.correction_points import Point
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.precheck_errors import PrecheckNotFound
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.catalogue import queries as catalogue
from app.centres import queries as centres
from app.centres.models import Centre
from app.db import LARGEST_ID
from app.errors import Gone, NotFound


@dataclass(frozen=True, slots=True)
class Visit:
    """What is shown and brought at the window: names of originals by material code, and where."""

    precheck_id: int
    originals: dict[str, str]
    halls: tuple[Centre, ...]


def for_clerk(
    session: Session, *, officer: Officer, precheck_id: int, hold: bool = False
) -> tuple[Case, CasePrecheck]:
    """A pre-check and its case, if it is the clerk's department's; raises PrecheckNotFound for every other.

    `hold` locks the case, as whoever changes the draft does, until the unit of work ends.
    """
    if not 0 < precheck_id <= LARGEST_ID:
        raise PrecheckNotFound
    asked = (
        select(Case)
        .join(CasePrecheck, CasePrecheck.case_id == Case.id)
        .where(CasePrecheck.id == precheck_id, of_department(officer.department))
    )
    if hold:
        asked = asked.with_for_update(of=Case)
    case = session.scalar(asked.execution_options(populate_existing=True))
    if case is None:
        raise PrecheckNotFound
    return case, session.get_one(CasePrecheck, precheck_id, populate_existing=True)


def case_id(session: Session, *, precheck_id: int) -> int:
    """The case of a pre-check that a code names; raises PrecheckNotFound."""
    row = session.get(CasePrecheck, precheck_id)
    if row is None:
        raise PrecheckNotFound
    return row.case_id


def of_department(department: str | None) -> ColumnElement[bool]:
    """The cases of a department, by its code or its name; None: of every one."""
    if department is None:
        return true()
    return or_(Case.dept_code == department, Case.dept_name == department)


def is_shown(dossier: Dossier, row: CasePrecheck) -> bool:
    """Whether the office may look into the draft: it waits for them, or is just as they passed it."""
    newest = dossier.precheck is not None and dossier.precheck.id == row.id
    return newest and (row.state == PrecheckState.ASKED or prechecked.holds(dossier))


def visit(session: Session, dossier: Dossier) -> Visit | None:
    """What is shown and brought at the window; None unless a pass holds and the item is still handled.

    What is brought stands in the guide that was passed by, where to is today's.
    """
    if not prechecked.holds(dossier) or dossier.precheck is None:
        return None
    try:
        today = catalogue.guide(session, task_code=dossier.case.task_code)
    except (NotFound, Gone):
        return None
    halls = (centres.centre(session, centre_id=one) for one in today.body["transact_centers"])
    return Visit(dossier.precheck.id, originals(dossier), tuple(halls))


def originals(dossier: Dossier) -> dict[str, str]:
    """What the applicant brings: the paper of every photo, where the guide wants an original (核对原件).

    What a certificate gives or a promise stands for has none; a guide that names no originals has all.
    """
    shown = [
        one for one in dossier.guide.materials if takes_photos(one) and one["material_code"] in dossier.photos
    ]
    with_original = [one for one in shown if one.get("original_num")]
    return {str(one["material_code"]): str(one["name"]) for one in with_original or shown}


def named_before(session: Session, row: CasePrecheck) -> list[Point]:
    """All that earlier rounds of the same case named."""
    return [point for one in _earlier(session, row) for point in prechecked.points_of(one)]


def changed_since(session: Session, row: CasePrecheck) -> frozenset[str] | None:
    """What differs from what was answered last, as `kind:key`; None in the first round that is answered."""
    answered = [one for one in _earlier(session, row) if one.answered_at is not None]
    if not answered:
        return None
    before, now = prechecked.things_of(answered[-1]), prechecked.things_of(row)
    return frozenset(named for named in {*before, *now} if before.get(named) != now.get(named))


def _earlier(session: Session, row: CasePrecheck) -> list[CasePrecheck]:
    earlier = select(CasePrecheck).where(CasePrecheck.case_id == row.case_id, CasePrecheck.round < row.round)
    return list(session.scalars(earlier.order_by(CasePrecheck.round)))
