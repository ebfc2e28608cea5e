"""Settled twice, sent twice, objected to in the moment of sending: one record, and no lie (R038)."""

from functools import partial

import pytest
from sqlalchemy import select

from app.cases.officers import Officer
from app.clock import stopped_at
from app.credit import reports as credit_reports
from app.credit.models import CreditRecord, CreditReport, CreditState
from app.db import Session, unit_of_work
from app.promise_checks import queries as checks
from app.promise_checks.errors import NothingToSettle
from app.promise_checks.models import CheckState
from app.promise_checks.plea_errors import (
    PleaDecidedBefore,
)
from app.promise_checks.plea_models import PleaKind
from credit_system import reports as job
from tests import promise_fixtures
from tests.case_fixtures import APPROVER, OTHER_APPROVER
from tests.conftest import Sandbox
from tests.credit_fixtures import (
    SETTLED,
    ask,
    broken,
    decide,
    follow,
    kinds,
    proven_citizen,
    record_states,
)
from tests.races import Meeting, refusals, together


def settle_both(case_no: str, to: CheckState, officer: Officer) -> None:
    promise_fixtures.settle(case_no, to, officer)


def test_settled_twice_at_once_it_is_one_record(office: Sandbox) -> None:
    case_no = promise_fixtures.granted(proven_citizen())
    promise_fixtures.find(case_no)
    with stopped_at(SETTLED):
        results = together(
            partial(settle_both, case_no, CheckState.CORRECTED, APPROVER),
            partial(settle_both, case_no, CheckState.REVOKED, OTHER_APPROVER),
        )
    follow()

    assert refusals(results, NothingToSettle) == 1
    assert kinds(office) == ["record"]


def test_control_without_the_lock_both_settle_and_only_the_index_keeps_it_one(
    office: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = promise_fixtures.granted(proven_citizen())
    promise_fixtures.find(case_no)
    meeting, one = Meeting(), checks.one

    def unlocked(session: Session, *, check_id: int, hold: bool = False) -> checks.Line:
        found = one(session, check_id=check_id)
        if hold:
            meeting.wait()
        return found

    monkeypatch.setattr(checks, "one", unlocked)
    with stopped_at(SETTLED):
        results = together(
            partial(settle_both, case_no, CheckState.CORRECTED, APPROVER),
            partial(settle_both, case_no, CheckState.CORRECTED, OTHER_APPROVER),
        )

    assert refusals(results, NothingToSettle) == 0
    follow()
    assert kinds(office) == ["record"]


def test_two_jobs_at_once_tell_one_report(office: Sandbox) -> None:
    broken(proven_citizen())
    with stopped_at(SETTLED):
        together(job.follow, job.follow)

    assert kinds(office) == ["record"]
    with unit_of_work() as session:
        assert session.scalars(select(CreditReport.checks)).one() == 1


def objected_while_sent(monkeypatch: pytest.MonkeyPatch, case_no: str) -> None:
    """The objection comes, and is right, while the job has read that nothing stands against sending."""
    meeting, claim = Meeting(), credit_reports.claim

    def claimed(session: Session) -> object:
        found = claim(session)
        meeting.wait()
        meeting.wait()
        return found

    def objected() -> None:
        meeting.wait()
        decide(ask(case_no, PleaKind.OBJECTION))
        meeting.wait()

    monkeypatch.setattr(credit_reports, "claim", claimed)
    with stopped_at(SETTLED):
        together(job.follow, objected)
    monkeypatch.undo()


def test_what_left_in_the_moment_of_an_objection_is_withdrawn(
    office: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    objected_while_sent(monkeypatch, broken(proven_citizen()))
    for minutes in (5, 20, 50):
        follow(minutes=minutes)

    assert record_states() == ["lifted"]
    assert kinds(office) in (["record", "withdrawal"], [])


def test_control_without_the_lock_it_stays_on_the_platform_for_ever(
    office: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = broken(proven_citizen())

    def unlocked(session: Session) -> credit_reports.Claimed | None:
        found = session.execute(
            select(CreditReport.id, CreditRecord.state).join(
                CreditRecord, CreditRecord.id == CreditReport.record_id
            )
        ).one()
        in_force = found.state == CreditState.READY and not unlocked_once
        unlocked_once.append(found.id)
        return credit_reports.Claimed(found.id, told_before=False, may_tell=True) if in_force else None

    unlocked_once: list[int] = []
    monkeypatch.setattr(credit_reports, "claim", unlocked)
    objected_while_sent(monkeypatch, case_no)
    follow(minutes=20)

    assert (record_states(), kinds(office)) == (["lifted"], ["record"])


def test_of_two_clerks_one_decides_a_plea(office: Sandbox) -> None:
    del office
    plea = ask(broken(proven_citizen()), PleaKind.REPAIR)
    results = together(partial(decide, plea, APPROVER), partial(decide, plea, OTHER_APPROVER))

    assert refusals(results, PleaDecidedBefore) == 1
