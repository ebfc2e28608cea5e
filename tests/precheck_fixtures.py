"""Drafts that a clerk looks at before their applicant travels, by the services themselves (预审夹具)."""

from collections.abc import Sequence

from sqlalchemy import select

from app.cases import prechecked, service
from app.cases.correcting import Ticked
from app.cases.correction_points import Kind, Reason
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.precheck_models import CasePrecheck
from app.cases.prechecked import Standing
from app.codes import service as codes
from app.codes.models import CodeKind
from app.db import unit_of_work
from app.materials import queries as materials
from app.materials.models import Photo
from app.prechecks import answering, asking, queries, receiving
from tests import case_fixtures
from tests.case_fixtures import FRONT_DESK, publish_id_lost

HOUSEHOLD, PICTURE = "ID-LOST-M01", "ID-LOST-M02"


def draft(citizen_id: int) -> str:
    """A draft in which nothing is missing, of an item with a pre-check; its number."""
    publish_id_lost(precheck_days=1)
    return case_fixtures.ready(citizen_id)


def ask(citizen_id: int, case_no: str) -> int:
    """Ask for the look; its id."""
    with unit_of_work() as session:
        asking.ask(session, citizen_id=citizen_id, case_no=case_no)
    return round_of(case_no).id


def asked(citizen_id: int) -> int:
    """A draft that waits for an answer; the pre-check."""
    return ask(citizen_id, draft(citizen_id))


def take_back(citizen_id: int, case_no: str) -> None:
    """Have the draft back."""
    with unit_of_work() as session:
        asking.take_back(session, citizen_id=citizen_id, case_no=case_no)


def pass_(precheck_id: int, officer: Officer = FRONT_DESK) -> None:
    """Say yes."""
    with unit_of_work() as session:
        answering.pass_(session, precheck_id=precheck_id, officer=officer)


def mend(precheck_id: int, *points: Ticked, late_reason: str = "") -> None:
    """Say what is to be mended."""
    with unit_of_work() as session:
        answering.mend(
            session,
            precheck_id=precheck_id,
            officer=FRONT_DESK,
            points=points,
            late_reason=late_reason,
        )


def of_material(code: str, reason: Reason = Reason.UNCLEAR, how: str = "") -> Ticked:
    """A point about a material."""
    return Ticked(Kind.MATERIAL, code, reason, how)


def of_field(key: str = "address") -> Ticked:
    """A point about a field."""
    return Ticked(Kind.FIELD, key, Reason.WRONG)


def passed(citizen_id: int) -> tuple[str, int]:
    """A draft that has passed; its number and the pre-check."""
    case_no = draft(citizen_id)
    found = ask(citizen_id, case_no)
    pass_(found)
    return case_no, found


def receive(
    precheck_id: int, *, compared: Sequence[str] | None = None, officer: Officer = FRONT_DESK
) -> Case:
    """Compare every original at the window and accept."""
    seen = originals(precheck_id) if compared is None else compared
    with unit_of_work() as session:
        return receiving.accept(session, precheck_id=precheck_id, officer=officer, compared=seen)


def differ(precheck_id: int, **found: str) -> Case:
    """Say at the window which originals are not as photographed, by the place of the material."""
    with unit_of_work() as session:
        return receiving.differ(session, precheck_id=precheck_id, officer=FRONT_DESK, found=found)


def originals(precheck_id: int) -> list[str]:
    """The codes of what is brought."""
    with unit_of_work() as session:
        case = session.get_one(Case, session.get_one(CasePrecheck, precheck_id).case_id)
        return list(queries.originals(Dossier(session, case)))


def things(citizen_id: int) -> dict[str, object]:
    """A draft that waits, with its photo, as addresses name them."""
    found = asked(citizen_id)
    return {"precheck_id": found, "photo_id": photos(found)[0].id}


def photos(precheck_id: int) -> list[Photo]:
    """All pages of a draft."""
    with unit_of_work() as session:
        case_id = session.get_one(CasePrecheck, precheck_id).case_id
        return [page for pages in materials.of_case(session, case_id=case_id).values() for page in pages]


def code(precheck_id: int) -> str:
    """What the applicant's phone shows at the window."""
    with unit_of_work() as session:
        return codes.static_code(session, kind=CodeKind.PRECHECK, target=str(precheck_id))


def round_of(case_no: str) -> CasePrecheck:
    """The last round of a case."""
    with unit_of_work() as session:
        rows = select(CasePrecheck).join(Case, Case.id == CasePrecheck.case_id)
        asked = rows.where(Case.case_no == case_no).order_by(CasePrecheck.round.desc()).limit(1)
        return session.scalars(asked).one()


def standing(case_no: str) -> Standing:
    """How it stands."""
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        return prechecked.standing(Dossier(session, case))


def change(citizen_id: int, case_no: str, **changes: str) -> None:
    """Type something else."""
    with unit_of_work() as session:
        service.save_form(session, citizen_id=citizen_id, case_no=case_no, changes=changes)
