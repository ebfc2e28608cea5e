"""Applications that a machine may decide (秒批夹具)."""

from typing import Any

from sqlalchemy import select

from app.cases import machine, service
from app.cases.machine import Reviewed
from app.cases.models import Case
from app.catalogue.models import GuideVersion
from app.db import unit_of_work
from app.people.models import Assurance, Citizen
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.people_fixtures import make_citizen

UNEMPLOYED = "11350100MB990003XT3350790027000"
# Made up: born on 7 March 1990 in the demo city; the check character is right.
NUMBER = "350102199003070047"
FEE: dict[str, Any] = {
    "fee_code": "FEE-1",
    "fee_name": "工本费",
    "fee_stand": "10元/证",
    "amount_fen": 1000,
    "unit": "证",
    "by_law": "某文",
    "charge": "always",
}
FORM = {
    "applicant_name": "王小明",
    "id_number": NUMBER,
    "delivery": "电子推送",
    "left_on": "2026-11-01",
    "jobless": "是，我承诺属实",
}


def publish_instant(**changes: Any) -> None:
    """失业登记: five points, all for the machine."""
    publish(item("unemploy-reg", **changes))


def publish_instant_with_fee() -> None:
    """The same, but it costs ten yuan."""
    publish_instant(is_fee=True, is_pay_online=True, fee_basis="某文", fees=[FEE])


def proven_citizen(number: str = NUMBER, name: str = "王小明") -> int:
    """A citizen whose name and number are proven."""
    citizen_id = make_citizen(name)
    with unit_of_work() as session:
        citizen = session.get_one(Citizen, citizen_id)
        citizen.id_number, citizen.assurance = number, Assurance.REAL_NAME
    return citizen_id


def filled(citizen_id: int, **changes: Any) -> str:
    """A draft of 失业登记 in which nothing is missing; its number."""
    case_no = case_fixtures.start(citizen_id, UNEMPLOYED)
    case_fixtures.fill(citizen_id, case_no, **{**FORM, **changes})
    return case_no


def submit(citizen_id: int, case_no: str) -> Case:
    """Hand it in."""
    with unit_of_work() as session:
        return service.submit(session, citizen_id=citizen_id, case_no=case_no)


def handed_in(citizen_id: int, **changes: Any) -> str:
    """Filled and handed in; its number."""
    case_no = filled(citizen_id, **changes)
    submit(citizen_id, case_no)
    return case_no


def case(case_no: str) -> Case:
    """The case as it stands."""
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def reviewed(case_no: str) -> Reviewed | None:
    """What the machine said of it when it looked last."""
    with unit_of_work() as session:
        return machine.latest(session, case_id=case(case_no).id)


def doubts(case_no: str) -> list[str]:
    """The points for which a person is needed, by key."""
    found = reviewed(case_no)
    return [one.key for one in found.doubts] if found is not None else []


def newest_version() -> int:
    """The id of the version that was published last."""
    with unit_of_work() as session:
        return session.scalars(select(GuideVersion.id).order_by(GuideVersion.id.desc()).limit(1)).one()
