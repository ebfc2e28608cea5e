"""A case about which nobody spoke holds up no other (视为受理): what follows later, what nobody can read."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.cases import upkeep
from app.cases.states import State
from app.clock import stopped_at
from app.db import unit_of_work
from tests import case_fixtures, owed_fixtures
from tests.case_fixtures import submitted
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import stored

LATER = MONDAY + timedelta(days=9)


@pytest.fixture
def tolerant(citizen: int) -> str:
    """A case of which a photograph may follow within two days, less than silence takes."""
    publish({**owed_fixtures.tolerant_item(), "tolerant_days": 2})
    return owed_fixtures.submitted(citizen)


def test_silence_gives_all_its_days_to_what_follows_later(tolerant: str) -> None:
    with stopped_at(LATER):
        upkeep.deem_accepted()
    assert stored(tolerant).state == State.ACCEPTED
    due_on = owed_fixtures.row(tolerant).due_on
    assert due_on is not None
    assert due_on > LATER.date()


def test_a_clerk_who_comes_late_accepts_it_all_the_same(tolerant: str) -> None:
    with stopped_at(LATER):
        assert case_fixtures.accept(tolerant).state == State.ACCEPTED


def test_a_case_that_nobody_can_read_holds_up_no_other(citizen: int) -> None:
    bad, good = submitted(citizen), submitted(case_fixtures.citizen("李雷"))
    with unit_of_work() as session:
        session.execute(text("UPDATE cases SET sealed_form = '\\x00' WHERE case_no = :n"), {"n": bad})
    with stopped_at(LATER):
        upkeep.deem_accepted()
    assert stored(good).state == State.ACCEPTED
