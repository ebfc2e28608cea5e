"""Whether what was promised is so, and what follows (承诺核查、陈述申辩、失信记录)."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from app import events
from app.cases.events import CaseDecided
from app.certificates.models import Certificate
from app.clock import stopped_at
from app.credit import records as credit_records
from app.credit.errors import PromiseBarred
from app.credit.models import CreditRecord
from app.db import unit_of_work
from app.promise_checks import subscribers
from app.promise_checks.errors import (
    CheckedBefore,
    EvidenceMissing,
    NothingToObject,
    NothingToSettle,
    ObjectionRuns,
    ObjectionTooLate,
    SettledBySame,
    SettlementUnfounded,
)
from app.promise_checks.models import CheckState
from app.supervision import watching
from app.supervision.models import SupervisionAlert
from app.supervision.rules import Rule
from tests import case_fixtures, document_fixtures, promise_fixtures
from tests.case_fixtures import APPROVER, OTHER_APPROVER
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import stored
from tests.promise_fixtures import check_of, find, granted, object_to, promising_item, settle, shown
from tests.races import refusals, together

# Found on Monday: five working days later is the last one to object.
OVER = MONDAY.replace(day=24)


@pytest.fixture
def citizen(city: None) -> int:
    """Somebody who may promise."""
    del city
    publish(promising_item())
    return case_fixtures.citizen()


def records() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(CreditRecord.state)))


def late_checks() -> list[tuple[int, str, date]]:
    with unit_of_work() as session:
        asked = select(SupervisionAlert).where(SupervisionAlert.rule == Rule.CHECK_LATE.value)
        alerts = session.scalars(asked.order_by(SupervisionAlert.id))
        return [(alert.case_id, alert.recipient, alert.due_on) for alert in alerts]


def test_a_grant_begins_a_check_with_its_last_day_once(citizen: int) -> None:
    case_no = granted(citizen)
    line = check_of(case_no)
    with unit_of_work() as session:
        subscribers.begin_checks(session, CaseDecided(line.case.id))

    assert (line.check.state, line.check.due_on) == (CheckState.OPEN, date(2026, 11, 30))
    assert check_of(case_no).check.id == line.check.id


def test_a_check_that_is_late_is_told_of_once(citizen: int) -> None:
    case_id = stored(granted(citizen)).id
    with stopped_at(MONDAY.replace(day=30)):
        watching.watch()
    assert late_checks() == []
    with stopped_at(MONDAY.replace(month=12, day=1)):
        watching.watch()
        watching.watch()

    due_on = date(2026, 11, 30)
    assert late_checks() == [(case_id, to, due_on) for to in ("handler", "head", "supervision")]


def test_what_was_looked_into_in_time_is_never_late(citizen: int) -> None:
    find(granted(citizen), met=True, evidence="一致")
    with stopped_at(MONDAY.replace(month=12, day=1)):
        watching.watch()

    assert late_checks() == []


def test_what_is_so_is_written_down_and_nothing_follows(citizen: int) -> None:
    case_no = granted(citizen)
    with pytest.raises(EvidenceMissing):
        find(case_no, met=True, evidence=" ")
    find(case_no, met=True, evidence="公安数据一致")

    assert (check_of(case_no).check.state, records()) == (CheckState.MET, [])
    with pytest.raises(CheckedBefore):
        find(case_no)


def test_a_broken_promise_makes_one_record_and_bars_from_promising(citizen: int) -> None:
    find(granted(citizen))

    assert records() == ["waiting"]
    with pytest.raises(PromiseBarred):
        shown(citizen, promise_fixtures.draft(citizen))


def test_a_broken_promise_bars_for_a_year_and_no_longer(citizen: int) -> None:
    find(granted(citizen))
    with stopped_at(MONDAY.replace(year=2027, day=15)), pytest.raises(PromiseBarred) as barred:
        shown(citizen, promise_fixtures.draft(citizen))
    assert "2027年11月16日以前不能用告知承诺" in barred.value.sentence
    with stopped_at(MONDAY.replace(year=2027)):
        assert shown(citizen, promise_fixtures.draft(citizen))


def test_what_was_recorded_on_a_leap_day_ends_with_february() -> None:
    assert credit_records.free_again(date(2028, 2, 29)) == date(2029, 3, 1)


def test_the_applicant_is_told_and_an_objection_holds_the_record(citizen: int) -> None:
    case_no = granted(citizen)
    find(case_no)
    events.deliver()
    object_to(case_no)

    assert records() == ["on_hold"]
    assert document_fixtures.of_case(case_no)[-1].title == "承诺核查告知书"
    assert shown(citizen, promise_fixtures.draft(citizen))
    with pytest.raises(NothingToObject):
        object_to(case_no)


def test_after_its_day_nobody_objects(citizen: int) -> None:
    case_no = granted(citizen)
    find(case_no)

    with stopped_at(OVER), pytest.raises(ObjectionTooLate):
        object_to(case_no)


def test_an_objection_that_is_right_clears_the_record(citizen: int) -> None:
    case_no = granted(citizen)
    find(case_no)
    object_to(case_no)
    settle(case_no, CheckState.CLEARED, basis="")

    assert records() == ["lifted"]


def test_another_person_revokes_by_law_and_the_certificate_falls(citizen: int) -> None:
    case_no = granted(citizen)
    find(case_no, APPROVER)
    with pytest.raises(ObjectionRuns):
        settle(case_no, CheckState.REVOKED, OTHER_APPROVER)
    with stopped_at(OVER):
        with pytest.raises(SettledBySame):
            settle(case_no, CheckState.REVOKED, APPROVER)
        with pytest.raises(SettlementUnfounded):
            settle(case_no, CheckState.REVOKED, OTHER_APPROVER, basis="")
        settle(case_no, CheckState.REVOKED, OTHER_APPROVER)
        events.deliver()
        with pytest.raises(NothingToSettle):
            settle(case_no, CheckState.CLEARED, OTHER_APPROVER)

    assert records() == ["ready"]
    assert document_fixtures.of_case(case_no)[-1].title == "承诺核查处理决定书"
    with unit_of_work() as session:
        assert session.scalars(select(Certificate.state)).one() == "revoked"


def test_of_two_clerks_one_finds(citizen: int) -> None:
    case_no = granted(citizen)
    results = together(partial(find, case_no, met=True, evidence="一致"), partial(find, case_no, APPROVER))

    assert refusals(results, CheckedBefore) == 1
