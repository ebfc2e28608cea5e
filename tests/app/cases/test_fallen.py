"""By when a material is there whose promise does not count: before the limits, in their order (承诺不算)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.cases import fallen, owed
from app.cases.fallen import LEAST_DAYS, days_to_follow
from app.cases.models import Case
from app.db import unit_of_work
from tests import case_fixtures
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import stored
from tests.promise_fixtures import draft, promising_item, sign

days = st.integers(min_value=0, max_value=60)


@given(wanted=st.integers(min_value=1, max_value=60), promise=days, more=days)
def test_the_promise_comes_first_and_nobody_passes_the_law(wanted: int, promise: int, more: int) -> None:
    law = promise + more
    found = days_to_follow(wanted, before_promise=promise, before_law=law)

    assert 1 <= found <= max(1, min(wanted, law))
    assert found <= max(promise, LEAST_DAYS)


def handed_in(*, accepted: bool) -> str:
    publish(promising_item(promise_day=6, anticipate_day=20))
    citizen = case_fixtures.citizen()
    case_no = draft(citizen)
    sign(citizen, case_no)
    case_fixtures.submit(citizen, case_no)
    if accepted:
        case_fixtures.accept(case_no)
    return case_no


def fell(case_no: str) -> int:
    """The promise falls today; for how many working days its material is waited for."""
    with unit_of_work() as session:
        case = session.get_one(Case, stored(case_no).id)
        fallen.ask_for_materials(session, case)
        (one,) = owed.of_case(session, case_id=case.id)
        return one.days


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("accepted", [False, True])
def test_what_is_owed_is_due_before_the_promised_day(*, accepted: bool) -> None:
    assert fell(handed_in(accepted=accepted)) == 5


@pytest.mark.usefixtures("city")
def test_where_the_promised_day_is_too_near_three_days_are_given() -> None:
    case_no = handed_in(accepted=True)
    with clock.stopped_at(MONDAY + timedelta(days=7)):
        assert fell(case_no) == LEAST_DAYS
