"""A grant that was revoked says so wherever its case is shown (撤销准予决定)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import events
from app.cases import overview, revoked
from app.certificates.models import RevocationGround
from app.clock import stopped_at
from app.db import unit_of_work
from app.promise_checks.models import CheckState
from tests import case_fixtures, promise_fixtures
from tests.app.certificates.test_revoking import granted, revoke
from tests.case_fixtures import APPROVER, OTHER_APPROVER, kinds, published
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import stored


def shown(case_no: str) -> overview.Overview:
    with unit_of_work() as session:
        return overview.of(session, stored(case_no), parties=frozenset())


def only_case() -> str:
    with unit_of_work() as session:
        return str(session.scalar(text("SELECT case_no FROM cases")))


def test_a_grant_falls_with_the_promise_it_rests_on(city: None) -> None:
    del city
    publish(promise_fixtures.promising_item())
    case_no = promise_fixtures.granted(case_fixtures.citizen())
    promise_fixtures.find(case_no, APPROVER)
    with stopped_at(MONDAY.replace(day=24)):
        promise_fixtures.settle(case_no, CheckState.REVOKED, OTHER_APPROVER)
        events.deliver()
    whole = shown(case_no)

    assert whole.state_text == "准予决定已撤销"
    assert whole.decision is not None
    assert whole.decision.revoked_why == "核查情况清楚"
    assert whole.decision.remedies is not None
    assert published().count("GrantRevoked") == 1


@pytest.mark.parametrize(
    ("ground", "times"), [(RevocationGround.DECEIT, 1), (RevocationGround.ON_REQUEST, 0)]
)
def test_a_grant_falls_with_its_certificate_only_where_the_law_says_so(
    citizen: int, ground: RevocationGround, times: int
) -> None:
    revoke(granted(citizen), ground)
    events.deliver()
    case_no = only_case()

    assert (shown(case_no).state_text == revoked.TEXT) == bool(times)
    assert kinds(case_no).count("grant_revoked") == published().count("GrantRevoked") == times


def test_it_is_revoked_once(citizen: int) -> None:
    case = case_fixtures.decide(case_fixtures.accepted(citizen))
    with unit_of_work() as session:
        assert [revoked.note(session, case_id=case.id, why=why) for why in ("一", "二")] == [True, False]

    assert stored(case.case_no).grant_revoked_why == "一"


def test_the_database_itself_revokes_nothing_that_was_not_granted(citizen: int) -> None:
    case_fixtures.accepted(citizen)
    with pytest.raises(IntegrityError, match="revoked_what_was_granted"), unit_of_work() as session:
        session.execute(text("UPDATE cases SET grant_revoked_at = now()"))
