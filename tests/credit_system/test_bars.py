"""Whoever closes an account and comes back meets the same bar, no longer than it lasts (注销不免除限制)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.credit import records
from app.credit.errors import PromiseBarred, PromiseBarredBefore
from app.credit.models import CreditRecord
from app.db import unit_of_work
from app.people import proving
from app.people.models import Citizen
from app.promise_checks.plea_models import PleaKind
from credit_system import lists as job
from tests import case_fixtures, delivery_fixtures
from tests.app.people.leaving import DAY, ENDS, leave
from tests.case_fixtures import CITIZEN_NUMBER
from tests.credit_fixtures import SETTLED, ask, broken, decide, proven_citizen
from tests.promise_fixtures import draft, shown

pytestmark = pytest.mark.usefixtures("office")
OVER = SETTLED + timedelta(days=366)


def hashes() -> list[bytes | None]:
    with unit_of_work() as session:
        return list(session.scalars(select(CreditRecord.number_index)))


def back() -> int:
    """The same person with another account, proven again."""
    leave_day = ENDS + DAY
    with clock.stopped_at(leave_day):
        return proven_citizen()


def gone() -> None:
    """Somebody breaks a promise and closes the account."""
    citizen = proven_citizen()
    delivery_fixtures.close(broken(citizen))
    leave(citizen)


def test_who_comes_back_with_another_account_is_barred_as_before() -> None:
    gone()
    citizen = back()
    with clock.stopped_at(ENDS + DAY), pytest.raises(PromiseBarredBefore, match="2027年11月"):
        shown(citizen, draft(citizen))


def test_of_the_number_only_its_keyed_hash_is_left() -> None:
    gone()
    with unit_of_work() as session:
        assert list(session.scalars(select(Citizen.id_number))) == [None]
    assert hashes() == [proving.number_index(CITIZEN_NUMBER)]


def test_somebody_else_is_not_barred() -> None:
    gone()
    with clock.stopped_at(ENDS + DAY):
        citizen = proven_citizen("110105195001010018")
        assert shown(citizen, draft(citizen))


def test_after_its_year_the_bar_and_the_hash_are_gone() -> None:
    gone()
    with clock.stopped_at(OVER):
        records.expire()
        citizen = proven_citizen()
        job.follow()
        assert shown(citizen, draft(citizen))
    assert hashes() == [None]


def test_what_was_repaired_leaves_no_hash() -> None:
    citizen = proven_citizen()
    decide(ask(broken(citizen), PleaKind.REPAIR))

    assert hashes() == [None]


def test_who_was_proven_after_the_record_began_is_known_as_well() -> None:
    citizen = case_fixtures.citizen()
    delivery_fixtures.close(broken(citizen))
    assert hashes() == [None]
    with unit_of_work() as session:
        found = session.get_one(Citizen, citizen)
        found.id_number, found.id_number_index = CITIZEN_NUMBER, proving.number_index(CITIZEN_NUMBER)
    leave(citizen)

    assert hashes() == [proving.number_index(CITIZEN_NUMBER)]


def test_with_the_first_account_still_open_it_is_the_usual_bar() -> None:
    citizen = proven_citizen()
    broken(citizen)
    with clock.stopped_at(SETTLED), pytest.raises(PromiseBarred) as refused:
        shown(citizen, draft(citizen))

    assert "注销前" not in refused.value.sentence
