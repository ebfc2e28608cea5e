"""What a case costs that silence accepted, when somebody must choose (视为受理后的收费)."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.cases import service, upkeep
from app.cases.errors import FeeSettled, FeeUnsettled
from app.cases.models import Case
from app.clock import stopped_at
from app.db import unit_of_work
from app.fees.models import Bill
from tests import case_fixtures
from tests.app.cases.test_races import meet_before_moving
from tests.case_fixtures import APPROVER, FRONT_DESK, accept, decide, kinds
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY
from tests.races import refusals, together
from tests.unguarded import steps_unguarded

FEE = "FEE-ID-RENEW"


@pytest.fixture
def silent(citizen: int) -> str:
    """A case about which nobody spoke in time, and whose fee depends on the situation."""
    publish(item("id-renew"))
    case_no = case_fixtures.submitted(citizen, item("id-renew")["task_code"])
    with stopped_at(MONDAY + timedelta(days=9)):
        upkeep.deem_accepted()
    return case_no


def bill(case_no: str, *codes: str) -> Case:
    with unit_of_work() as session:
        return service.bill(session, case_no=case_no, officer=FRONT_DESK, fee_codes=codes)


def bills() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Bill)) or 0


def test_nothing_is_billed_until_somebody_chooses(silent: str) -> None:
    assert bills() == 0
    bill(silent, FEE)

    assert bills() == 1
    assert "billed" in kinds(silent)


def test_a_yes_waits_for_the_fee(silent: str) -> None:
    with pytest.raises(FeeUnsettled):
        decide(silent, APPROVER)
    bill(silent)

    assert bills() == 0
    assert decide(silent, APPROVER).granted


def test_what_was_settled_stays_settled(silent: str) -> None:
    bill(silent)

    with pytest.raises(FeeSettled):
        bill(silent, FEE)


def test_a_case_that_a_clerk_accepted_has_its_fee_settled(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    accept(case_no)

    with pytest.raises(FeeSettled):
        bill(case_no)


def test_two_clerks_bill_once(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_moving(monkeypatch)
    results = together(partial(bill, silent, FEE), partial(bill, silent, FEE))

    assert refusals(results, FeeSettled) == 1
    assert bills() == 1


def test_control_without_the_guard_the_second_bill_goes_through_to_the_last_wall(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)

    with pytest.raises(IntegrityError, match="one_live_per_case"):
        together(partial(bill, silent, FEE), partial(bill, silent, FEE))


def test_the_database_grants_no_case_whose_fee_is_open(silent: str) -> None:
    with pytest.raises(IntegrityError, match="granted_with_its_fee_settled"), unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == silent)).one()
        case.state, case.granted, case.decided_at = "decided", True, MONDAY
