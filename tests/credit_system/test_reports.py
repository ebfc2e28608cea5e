"""Of a broken promise the credit platform is told once, in order, not while an objection is open (R038)."""

import pytest
from sqlalchemy import select

from app.clock import stopped_at
from app.credit import records
from app.credit import reports as credit_reports
from app.credit.errors import PromiseBarred, RecordNotInForce, ReportNotRefused
from app.credit.models import CreditReport
from app.db import unit_of_work
from app.people import proving
from app.promise_checks.models import CheckState
from app.promise_checks.plea_errors import (
    ObjectedBefore,
    PleaDecidedBySettler,
    PleaOpen,
)
from app.promise_checks.plea_models import PleaKind
from credit_system import reports as job
from tests import case_fixtures, credit_fixtures, promise_fixtures
from tests.case_fixtures import APPROVER, CITIZEN_NUMBER
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.credit_fixtures import (
    arrived,
    ask,
    broken,
    decide,
    follow,
    kinds,
    proven_citizen,
    record_states,
    reports,
)
from tests.promise_fixtures import draft, shown
from tests.races import together

NEXT_YEAR = MONDAY.replace(year=2027)


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
