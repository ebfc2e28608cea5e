"""Of a broken promise the credit platform is told once, in order, not while an objection is open (R038)."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import select

from app.cases.officers import Officer
from app.clock import stopped_at
from app.credit import records
from app.credit import reports as credit_reports
from app.credit.errors import PromiseBarred, RecordNotInForce, ReportNotRefused
from app.credit.models import CreditRecord, CreditReport, CreditState
from app.db import Session, unit_of_work
from app.people import proving
from app.promise_checks import queries as checks
from app.promise_checks.errors import NothingToSettle
from app.promise_checks.models import CheckState
from app.promise_checks.plea_errors import (
    ObjectedBefore,
    PleaDecidedBefore,
    PleaDecidedBySettler,
    PleaOpen,
)
from app.promise_checks.plea_models import PleaKind
from credit_system import reports as job
from tests import case_fixtures, credit_fixtures, promise_fixtures
from tests.case_fixtures import APPROVER, CITIZEN_NUMBER, OTHER_APPROVER
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.credit_fixtures import (
    SETTLED,
    arrived,
    ask,
    broken,
    decide,
    follow,
    proven_citizen,
    record_states,
    reports,
)
from tests.promise_fixtures import draft, shown
from tests.races import Meeting, refusals, together

NEXT_YEAR = MONDAY.replace(year=2027)


@pytest.fixture
def office(database: None, sandbox: Sandbox) -> Iterator[Sandbox]:
    """A city with an item that takes promises, and a platform that knows nobody."""
    del database
    yield from credit_fixtures.office_with(sandbox)


def kinds(office: Sandbox) -> list[str]:
    return [each["kind"] for each in arrived(office)]


def lose_receipt(office: Sandbox) -> None:
    office.post("/_sim/faults", op="credit.report", kind="reset", times=1, detail={"after": True})


def test_a_settled_broken_promise_is_told_once_with_what_was_found(office: Sandbox) -> None:
    broken(proven_citizen())
    follow()
    follow(minutes=30)
    (told,) = arrived(office)

    assert (told["subject_kind"], told["number"]) == ("person", CITIZEN_NUMBER)
    assert (told["decision"], told["legal_basis"]) == ("不实，已责令改正", "行政许可法第六十九条")
    assert (told["since"], told["until"]) == ("2026-11-16", "2027-11-16")
    assert "承诺代替" in told["what"]
    assert reports() == [("record", "received")]


def test_nothing_is_told_before_it_is_settled_nor_of_what_was_cleared(office: Sandbox) -> None:
    case_no = promise_fixtures.granted(proven_citizen())
    promise_fixtures.find(case_no)
    follow()
    promise_fixtures.object_to(case_no)
    promise_fixtures.settle(case_no, CheckState.CLEARED, basis="")
    follow()

    assert (arrived(office), reports(), record_states()) == ([], [], ["lifted"])


@pytest.mark.parametrize("kind", ["reset", "http_502", "truncated", "empty"])
def test_a_lost_receipt_leads_to_one_question_and_no_second_record(office: Sandbox, kind: str) -> None:
    broken(proven_citizen())
    office.post("/_sim/faults", op="credit.report", kind=kind, times=1, detail={"after": True})
    follow()
    assert reports() == [("record", "waiting")]
    follow(minutes=2)

    assert (reports(), kinds(office)) == ([("record", "received")], ["record"])


def test_of_somebody_whom_nobody_has_proven_nothing_can_be_told_until_it_is(office: Sandbox) -> None:
    citizen = case_fixtures.citizen()
    broken(citizen)
    follow()
    assert (reports(), arrived(office)) == ([("record", "refused")], [])
    with unit_of_work() as session:
        found = proving.held(session, citizen)
        found.id_number, found.id_number_index = CITIZEN_NUMBER, proving.number_index(CITIZEN_NUMBER)
        credit_reports.again(session, report_id=session.scalars(select(CreditReport.id)).one())
    follow(minutes=5)

    assert reports() == [("record", "received")]


def test_what_was_received_is_not_sent_again_by_hand(office: Sandbox) -> None:
    del office
    broken(proven_citizen())
    follow()
    with pytest.raises(ReportNotRefused), unit_of_work() as session:
        credit_reports.again(session, report_id=session.scalars(select(CreditReport.id)).one())


def test_an_objection_before_the_sending_holds_it_and_being_right_it_never_leaves(office: Sandbox) -> None:
    plea = ask(broken(proven_citizen()), PleaKind.OBJECTION)
    follow()
    assert (record_states(), arrived(office)) == (["on_hold"], [])
    decide(plea)
    follow(minutes=5)

    assert (record_states(), reports(), arrived(office)) == (["lifted"], [("record", "dropped")], [])


def test_an_objection_that_is_not_right_lets_it_go_on(office: Sandbox) -> None:
    case_no = broken(proven_citizen())
    decide(ask(case_no, PleaKind.OBJECTION), granted=False)
    follow()

    assert (record_states(), kinds(office)) == (["ready"], ["record"])
    with pytest.raises(ObjectedBefore):
        ask(case_no, PleaKind.OBJECTION)


def test_an_objection_that_is_right_after_the_sending_is_one_withdrawal(office: Sandbox) -> None:
    case_no = broken(proven_citizen())
    follow()
    decide(ask(case_no, PleaKind.OBJECTION))
    follow(minutes=1)
    follow(minutes=40)
    first, second = arrived(office)

    assert (first["kind"], second["kind"]) == ("record", "withdrawal")
    assert second["record"] == first["reference"] != second["reference"]
    assert record_states() == ["lifted"]


def test_an_end_never_overtakes_its_record(office: Sandbox) -> None:
    case_no = broken(proven_citizen())
    lose_receipt(office)
    follow()
    decide(ask(case_no, PleaKind.OBJECTION))
    office.post("/_sim/faults", op="credit.ask", kind="http_503", times=1)
    follow(minutes=2)
    assert kinds(office) == ["record"]
    follow(minutes=20)

    assert kinds(office) == ["record", "withdrawal"]
    assert reports() == [("record", "received"), ("withdrawal", "received")]


def test_what_never_arrived_and_was_withdrawn_is_not_told_any_more(office: Sandbox) -> None:
    case_no = broken(proven_citizen())
    office.post("/_sim/faults", op="credit.report", kind="http_503", times=1)
    follow()
    decide(ask(case_no, PleaKind.OBJECTION))
    follow(minutes=20)

    assert (arrived(office), reports()) == ([], [("record", "dropped"), ("withdrawal", "dropped")])


def test_a_repair_ends_the_bar_at_once_and_is_told(office: Sandbox) -> None:
    citizen = proven_citizen()
    case_no = broken(citizen)
    follow()
    with pytest.raises(PromiseBarred):
        shown(citizen, draft(citizen))
    decide(ask(case_no, PleaKind.REPAIR), APPROVER)
    assert shown(citizen, draft(citizen))
    follow(minutes=5)

    assert (kinds(office), record_states()) == (["record", "repair"], ["repaired"])
    with pytest.raises(RecordNotInForce):
        ask(case_no, PleaKind.REPAIR)


def test_a_repair_that_is_refused_changes_nothing_and_may_be_asked_again(office: Sandbox) -> None:
    case_no = broken(proven_citizen())
    decide(ask(case_no, PleaKind.REPAIR), granted=False)
    ask(case_no, PleaKind.REPAIR)
    with pytest.raises(PleaOpen):
        ask(case_no, PleaKind.OBJECTION)
    follow()

    assert (kinds(office), record_states()) == (["record"], ["ready"])


def test_who_settled_it_does_not_hear_the_objection(office: Sandbox) -> None:
    del office
    plea = ask(broken(proven_citizen()), PleaKind.OBJECTION)
    with pytest.raises(PleaDecidedBySettler):
        decide(plea, credit_fixtures.SETTLER)


def test_after_its_year_it_expires_once_and_the_platform_hears_of_it(office: Sandbox) -> None:
    broken(proven_citizen())
    follow()
    with stopped_at(NEXT_YEAR.replace(day=15)):
        assert records.expire() == 0
    with stopped_at(NEXT_YEAR):
        together(records.expire, records.expire)
        job.follow()

    assert (kinds(office), record_states()) == (["record", "expiry"], ["expired"])


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
