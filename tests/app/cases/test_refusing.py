"""Every refusal has one ground of the list (不予的情形)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.cases.errors import RefusalUnfounded
from app.db import unit_of_work
from tests import case_fixtures
from tests.case_fixtures import decide


@pytest.mark.parametrize("ground", ["", "not_needed", "whatever"])
def test_a_refusal_without_a_ground_of_the_list_is_not_taken(citizen: int, ground: str) -> None:
    case_no = case_fixtures.accepted(citizen)
    with pytest.raises(RefusalUnfounded) as refused:
        decide(case_no, granted=False, reason="不符", legal_basis="某法", refused_code=ground)

    assert set(refused.value.errors or {}) == {"reason_code"}


@pytest.mark.parametrize(("code", "name"), [("NULL", "has_its_ground"), ("'whatever'", "code_known")])
def test_the_database_itself_takes_no_refusal_without_its_ground(citizen: int, code: str, name: str) -> None:
    case_no = case_fixtures.accepted(citizen)
    decide(case_no, granted=False, reason="不符", legal_basis="某法")
    with pytest.raises(IntegrityError, match=name), unit_of_work() as session:
        session.execute(text(f"UPDATE cases SET refused_code = {code}"))
