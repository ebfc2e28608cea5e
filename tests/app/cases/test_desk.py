from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.cases import queries, service
from app.cases.errors import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyWithdrawn,
    CaseNotFound,
    DeskReasonTooLong,
    FeeChoiceNeeded,
    FeeNotPriced,
    FeeUnknown,
    FeeUnpaid,
    NotYetAccepted,
    NotYourStep,
    RefusalUnfounded,
)
from app.cases.models import Case
from app.cases.officers import Officer
from app.certificates import queries as certificates
from app.db import unit_of_work
from app.events import deliver
from app.fees import queries as fees
from tests import case_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK, accept, decide, kinds, midnight_comes
from tests.catalogue_fixtures import item, publish


def bills(case: Case) -> list[tuple[str, int]]:
    with unit_of_work() as session:
        return [(bill.state, bill.amount_fen) for bill in fees.of_case(session, case_id=case.id)]


def test_acceptance_starts_the_clocks_and_bills_the_fee_of_the_guide(citizen: int) -> None:
    case = accept(case_fixtures.submitted(citizen))

    # Ten working days from Monday 16 November 2026, sixty natural ones by law.
    assert case.promised_due_on == date(2026, 11, 30)
    assert case.statutory_due_on == date(2027, 1, 15)
    assert bills(case) == [("unpaid", 4000)]
    assert case_fixtures.published()[-3:] == ["CaseSubmitted", "BillIssued", "CaseAccepted"]


def test_the_limits_count_from_the_day_of_acceptance_also_at_midnight(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.submitted(citizen)
    midnight_comes(monkeypatch)
    case = accept(case_no)

    assert case.accepted_at is not None
    assert clock.local(case.accepted_at).date() == date(2026, 11, 16)
    assert case.promised_due_on == date(2026, 11, 30)


def test_a_case_keeps_the_guide_it_was_started_with(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    dearer = item("id-lost")["fees"][0] | {"amount_fen": 9900}
    case_fixtures.publish_id_lost(promise_day=20, fees=[dearer])

    case = accept(case_no)
    assert case.promised_due_on == date(2026, 11, 30)
    assert bills(case) == [("unpaid", 4000)]


def test_an_empty_choice_is_a_waiver(citizen: int) -> None:
    assert bills(accept(case_fixtures.submitted(citizen), fee_codes=[])) == []


def test_a_fee_is_chosen_when_the_situation_decides(citizen: int) -> None:
    publish(item("id-renew"))
    case_no = case_fixtures.submitted(citizen, item("id-renew")["task_code"])
    with pytest.raises(FeeChoiceNeeded):
        accept(case_no)

    assert bills(accept(case_no, fee_codes=["FEE-ID-RENEW"])) == [("unpaid", 2000)]


def test_only_priced_fees_of_the_guide_are_billed(citizen: int) -> None:
    fee = item("id-lost")["fees"][0]
    case_fixtures.publish_id_lost(fees=[fee | {"amount_fen": None}])
    case_no = case_fixtures.submitted(citizen)

    with pytest.raises(FeeUnknown):
        accept(case_no, fee_codes=["FEE-PASSPORT"])
    with pytest.raises(FeeNotPriced):
        accept(case_no, fee_codes=[fee["fee_code"]])
    assert kinds(case_no)[-1] == "submitted"


def test_nothing_is_decided_before_it_is_accepted(citizen: int) -> None:
    with pytest.raises(NotYetAccepted):
        decide(case_fixtures.submitted(citizen))


def test_nothing_is_decided_before_it_is_paid(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    accept(case_no)
    with pytest.raises(FeeUnpaid):
        decide(case_no)

    case_fixtures.pay(case_no)
    assert decide(case_no).state == "decided"


def test_a_grant_gives_the_certificate(citizen: int) -> None:
    case = decide(case_fixtures.accepted(citizen))

    with unit_of_work() as session:
        certificate = certificates.of_case(session, case_id=case.id)
    assert certificate is not None
    assert certificate.citizen_id == citizen
    assert certificate.holder_name == "王小明"
    assert case_fixtures.published()[-2:] == ["CertificateIssued", "CaseDecided"]


def test_a_refusal_names_its_reason_and_basis_and_gives_no_certificate(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    case = decide(case_no, granted=False, reason="户口不在本市", legal_basis="居民身份证法第七条")

    assert (case.granted, case.decision_reason, case.refused_code) == (
        False,
        "户口不在本市",
        "not_qualified",
    )
    with unit_of_work() as session:
        assert certificates.of_case(session, case_id=case.id) is None


@pytest.mark.parametrize(
    ("reason", "basis", "missing"),
    [
        ("", "居民身份证法第七条", {"reason"}),
        ("户口不在本市", None, {"legal_basis"}),
        (" ", " ", {"reason", "legal_basis"}),
    ],
)
def test_a_refusal_without_reason_or_basis_is_not_taken(
    citizen: int, reason: str, basis: str | None, missing: set[str]
) -> None:
    case_no = case_fixtures.accepted(citizen)
    with pytest.raises(RefusalUnfounded) as refused:
        decide(case_no, granted=False, reason=reason, legal_basis=basis)

    assert set(refused.value.errors or {}) == missing


def test_the_database_itself_takes_no_unfounded_refusal(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    refusal = text(
        "UPDATE cases SET state = 'decided', decided_at = now(), granted = false WHERE case_no = :n"
    )
    with pytest.raises(IntegrityError, match="refusal_founded"), unit_of_work() as session:
        session.execute(refusal, {"n": case_no})


def test_the_database_itself_decides_nothing_that_was_not_accepted(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    jump = text("UPDATE cases SET state = 'decided', decided_at = now(), granted = true WHERE case_no = :n")
    with pytest.raises(IntegrityError, match="accepted_has_its_time"), unit_of_work() as session:
        session.execute(jump, {"n": case_no})


@pytest.mark.parametrize("granted", [True, False])
def test_the_front_desk_cannot_decide(citizen: int, *, granted: bool) -> None:
    case_no = case_fixtures.accepted(citizen)
    with pytest.raises(NotYourStep) as refused:
        decide(case_no, FRONT_DESK, granted=granted, reason="不行", legal_basis="某法")

    assert refused.value.sentence == "这一步需要由审批人员办理"


def test_a_clerk_without_a_role_can_do_nothing(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)

    with pytest.raises(NotYourStep):
        accept(case_no, Officer(9, "访客", frozenset({"cashier", "citizen"})))


def test_another_department_does_not_see_the_case(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    stranger = Officer(9, "外单位", frozenset({"front_desk"}), department="市民政局")
    with pytest.raises(CaseNotFound):
        accept(case_no, stranger)
    with unit_of_work() as session:
        assert list(queries.work_list(session, officer=stranger)) == []

    assert accept(case_no, Officer(8, "本单位", frozenset({"front_desk"}), department="市公安局"))


def test_a_clerk_does_not_see_a_draft(citizen: int) -> None:
    with pytest.raises(CaseNotFound):
        accept(case_fixtures.start(citizen))


def test_a_case_runs_to_its_end_and_every_step_is_told(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    decide(case_no)
    with unit_of_work() as session:
        service.close(session, case_no=case_no, officer=FRONT_DESK)

    assert kinds(case_no) == ["started", "submitted", "accepted", "bill_paid", "decided", "closed"]
    with pytest.raises(AlreadyClosed):
        decide(case_no)


def test_a_payment_is_told_once_however_often_it_is_heard(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    with unit_of_work() as session:
        session.execute(text("UPDATE outbox SET delivered_at = NULL, delivered_to = '{}'"))
    deliver()

    assert kinds(case_no).count("bill_paid") == 1


def test_a_withdrawn_case_is_not_to_be_paid(citizen: int) -> None:
    case = accept(case_fixtures.submitted(citizen))
    with unit_of_work() as session:
        service.withdraw(session, citizen_id=citizen, case_no=case.case_no)

    assert bills(case) == [("void", 4000)]
    with pytest.raises(AlreadyWithdrawn):
        decide(case.case_no)


def test_a_paid_case_that_is_withdrawn_says_how_the_money_comes_back(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    with unit_of_work() as session:
        case = service.withdraw(session, citizen_id=citizen, case_no=case_no)
        told = queries.timeline(session, case_id=case.id)[-1].sentence

    assert "退费" in told


def test_a_decided_case_is_not_withdrawn(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    decide(case_no)

    with pytest.raises(AlreadyDecided), unit_of_work() as session:
        service.withdraw(session, citizen_id=citizen, case_no=case_no)


def test_reason_and_basis_are_sentences_and_not_books(citizen: int) -> None:
    with pytest.raises(DeskReasonTooLong):
        decide(case_fixtures.accepted(citizen), reason="长" * 1001)


def test_the_work_list_shows_the_longest_waiting_first(citizen: int) -> None:
    first = case_fixtures.submitted(citizen)
    second = case_fixtures.submitted(case_fixtures.citizen("李四"))
    case_fixtures.start(citizen)
    with unit_of_work() as session:
        waiting = queries.work_list(session, officer=APPROVER, limit=1)
        rest = queries.work_list(session, officer=APPROVER, cursor=waiting[0].id)

    assert [case.case_no for case in waiting] == [first]
    assert [case.case_no for case in rest] == [second]


def test_the_facts_of_a_case_say_what_comes_next(citizen: int) -> None:
    case = accept(case_fixtures.submitted(citizen))
    with unit_of_work() as session:
        facts = queries.facts(session, case_id=case.id)

    assert (facts.citizen_id, facts.state, facts.state_text) == (citizen, "accepted", "已受理，办理中")
    assert "2026年11月30日" in facts.hint


def test_a_timeline_says_nothing_personal(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    decide(case_no, granted=False, reason="王小明户口不在本市", legal_basis="某法第一条")
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        told = "".join(line.sentence for line in queries.timeline(session, case_id=case.id))

    assert "王小明" not in told
    assert case_fixtures.CITIZEN_NUMBER not in told
