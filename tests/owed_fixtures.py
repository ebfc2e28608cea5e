"""Cases of which a secondary material follows later, by the services themselves (容缺夹具)."""

from typing import Any

from sqlalchemy import select

from app.cases import owed, owed_checking, owing
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.owed_checking import Looked
from app.cases.owed_models import OwedMaterial
from app.cases.owing import Which
from app.db import unit_of_work
from app.undertakings.service import Consent, Signer
from tests import case_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK
from tests.catalogue_fixtures import ID_LOST, item

# The second material of the item may follow within three working days.
PHOTO = "ID-LOST-M02"
DAYS = 3


def tolerant_item(**changes: Any) -> dict[str, Any]:
    """The lost identity card, whose photograph may follow."""
    found = item("id-lost", tolerant_accept=True, tolerant_days=DAYS, situations=None, **changes)
    found["materials"][0]["is_need"] = "1"
    found["materials"][1]["is_need"] = "3"
    return found


def main_material() -> str:
    """The material that must be there."""
    return str(tolerant_item()["materials"][0]["material_code"])


def draft(citizen_id: int) -> str:
    """A draft in which only the photograph is missing; its number."""
    case_no = case_fixtures.start(citizen_id, ID_LOST)
    case_fixtures.fill(citizen_id, case_no)
    case_fixtures.add_photo(citizen_id, case_no, main_material())
    return case_no


def shown(citizen_id: int, case_no: str, code: str = PHOTO) -> str:
    """The digest of the text that the phone shows."""
    with unit_of_work() as session:
        return owing.words(session, citizen_id=citizen_id, which=Which(case_no, code)).digest


def choose(citizen_id: int, case_no: str, code: str = PHOTO, **said: Any) -> None:
    """Sign that a material follows later."""
    consent = Consent(said.get("digest") or shown(citizen_id, case_no, code), read=said.get("read", True))
    with unit_of_work() as session:
        owing.choose(
            session,
            signer=Signer(citizen_id, 1, "wechat"),
            which=Which(case_no, code),
            consent=consent,
        )


def submitted(citizen_id: int) -> str:
    """A case without its photograph that waits for acceptance; its number."""
    case_no = draft(citizen_id)
    choose(citizen_id, case_no)
    case_fixtures.submit(citizen_id, case_no)
    return case_no


def accepted(citizen_id: int) -> str:
    """A case that was accepted without its photograph, and is paid; its number."""
    case_no = submitted(citizen_id)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    return case_no


def bring(citizen_id: int, case_no: str, code: str = PHOTO) -> None:
    """Photograph what is owed."""
    case_fixtures.add_photo(citizen_id, case_no, code)


def deliver(citizen_id: int, case_no: str, code: str = PHOTO) -> Case:
    """Say that what is owed is there."""
    with unit_of_work() as session:
        return owing.deliver(session, citizen_id=citizen_id, which=Which(case_no, code))


def check(case_no: str, officer: Officer = FRONT_DESK, *, right: bool = True, why: str = "") -> None:
    """Confirm what was brought, or send it back."""
    with unit_of_work() as session:
        owed_checking.check(
            session, case_no=case_no, officer=officer, material_code=PHOTO, looked=Looked(right, why)
        )


def terminate(case_no: str, officer: Officer = APPROVER, **said: str) -> Case:
    """End a case that waits in vain."""
    words = {"reason": "证件照片没有按期补交", "legal_basis": "容缺受理承诺书", **said}
    with unit_of_work() as session:
        return owed_checking.terminate(session, case_no=case_no, officer=officer, **words)


def row(case_no: str) -> OwedMaterial:
    """What a case owes, as it is stored now."""
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()
        return owed.of_case(session, case_id=case_id)[0]
