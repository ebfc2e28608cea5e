"""Cases in which a signed promise stands for a material, by the services themselves (告知承诺夹具)."""

from typing import Any

from app import events
from app.cases import promising
from app.cases.officers import Officer
from app.cases.owing import Which
from app.db import unit_of_work
from app.promise_checks import queries, service
from app.promise_checks.models import CheckState
from app.promise_checks.queries import Line
from app.promise_checks.service import Settlement
from app.undertakings.service import Consent, Signer
from credit_system import lists as credit_lists
from tests import case_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.correction_fixtures import stored

PAPER = "ID-LOST-M01"
CHECK_DAYS = 10
ROW = {
    "material_code": PAPER,
    "kind": "general",
    "basis": "国办发〔2020〕42号",
    "conditions": "证件确已丢失",
    "standard": "通过公安数据核查",
    "consequences": "承诺不实的，依法撤销决定，记入信用记录",
    "promised": "证件确已丢失，没有出借、转让",
    "check_days": CHECK_DAYS,
    "revocable": True,
}


def promising_item(**changes: Any) -> dict[str, Any]:
    """The lost identity card, whose first paper a promise may replace."""
    base = {"notify_commit": True, "promise_bar": "none", "promises": [ROW], "situations": None}
    found = item("id-lost", **{**base, **changes})
    found["materials"][0] |= {"is_need": "1", "commit_replace": True}
    return found


def draft(citizen_id: int) -> str:
    """A draft in which only the paper is missing; its number."""
    case_no = case_fixtures.start(citizen_id, ID_LOST)
    case_fixtures.fill(citizen_id, case_no)
    case_fixtures.add_photo(citizen_id, case_no, "ID-LOST-M02")
    return case_no


def shown(citizen_id: int, case_no: str, code: str = PAPER) -> str:
    """The digest of the text that the phone shows."""
    with unit_of_work() as session:
        return promising.words(session, citizen_id=citizen_id, which=Which(case_no, code)).digest


def sign(citizen_id: int, case_no: str, digest: str | None = None) -> None:
    """Sign the promise that stands for the paper."""
    consent = Consent(digest or shown(citizen_id, case_no), read=True)
    with unit_of_work() as session:
        promising.sign(
            session, signer=Signer(citizen_id, 1, "wechat"), which=Which(case_no, PAPER), consent=consent
        )


def granted(citizen_id: int) -> str:
    """A case that was granted on a promise; its number."""
    case_no = draft(citizen_id)
    sign(citizen_id, case_no)
    case_fixtures.submit(citizen_id, case_no)
    # Nothing is granted on a promise before the credit lists have answered.
    credit_lists.follow()
    events.deliver()
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)
    events.deliver()
    return case_no


def check_of(case_no: str) -> Line:
    """The check of a case's promise, as it is stored now."""
    with unit_of_work() as session:
        return queries.of_case(session, case_id=stored(case_no).id)[0]


def find(
    case_no: str, officer: Officer = FRONT_DESK, *, met: bool = False, evidence: str = "查无此事"
) -> None:
    """Say whether a promise was kept."""
    with unit_of_work() as session:
        service.find(
            session, check_id=check_of(case_no).check.id, officer=officer, met=met, evidence=evidence
        )


def object_to(case_no: str, text: str = "登记有误，已向派出所更正") -> None:
    """Object to a finding."""
    line = check_of(case_no)
    with unit_of_work() as session:
        service.object_to(session, case_id=line.case.id, check_id=line.check.id, text=text)


def settle(
    case_no: str, to: CheckState, officer: Officer = APPROVER, *, basis: str = "行政许可法第六十九条"
) -> None:
    """Settle what follows."""
    with unit_of_work() as session:
        service.settle(
            session,
            check_id=check_of(case_no).check.id,
            officer=officer,
            settlement=Settlement(to, "核查情况清楚", basis),
        )


def to_look_into() -> int:
    """A promise that is to be looked into; its check."""
    publish(promising_item())
    return check_of(granted(case_fixtures.citizen())).check.id
