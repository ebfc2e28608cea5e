"""Two who act at once, each race with the control that shows the bug when its guard is off."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cases import forms, handing_in, needs, overview, queries, service, steps
from app.cases.errors import AlreadyAccepted, AlreadyDecided, AlreadySubmitted, StepRefused
from app.cases.models import Case
from app.cases.states import Party, State
from app.db import unit_of_work
from app.errors import DomainError
from app.fees import service as fees
from app.fees.models import Bill
from tests import case_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK, OTHER_APPROVER, accept, decide, kinds, withdraw
from tests.races import Meeting, refusals, together
from tests.unguarded import steps_unguarded


def meet_before_moving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both look at the case before one of them moves it."""
    meeting, check = Meeting(), needs.refuse_unless

    def checked(asked: needs.Asked, wanted: Any) -> None:
        check(asked, wanted)
        meeting.wait()

    monkeypatch.setattr(needs, "refuse_unless", checked)


def state(case_no: str) -> str:
    with unit_of_work() as session:
        return session.scalars(select(Case.state).where(Case.case_no == case_no)).one()


def test_two_clerks_decide_once(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = case_fixtures.accepted(citizen)
    meet_before_moving(monkeypatch)
    refuse = partial(decide, case_no, OTHER_APPROVER, granted=False, reason="不符", legal_basis="某法")
    results = together(partial(decide, case_no, APPROVER), refuse)

    assert refusals(results, AlreadyDecided) == 1
    assert kinds(case_no).count("decided") == 1
    assert case_fixtures.published().count("CaseDecided") == 1


def test_control_without_the_guard_the_second_decision_goes_through_to_the_last_wall(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.accepted(citizen)
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)

    with pytest.raises(IntegrityError, match=r"one_decision|case_id"):
        together(partial(decide, case_no, APPROVER), partial(decide, case_no, OTHER_APPROVER))


def test_two_clerks_accept_once_and_bill_once(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = case_fixtures.submitted(citizen)
    meet_before_moving(monkeypatch)
    results = together(partial(accept, case_no, FRONT_DESK), partial(accept, case_no, APPROVER))

    assert refusals(results, AlreadyAccepted) == 1
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(Bill)) == 1


def test_control_without_the_guard_a_case_is_accepted_twice(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.submitted(citizen)
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)
    together(
        partial(accept, case_no, FRONT_DESK, fee_codes=[]), partial(accept, case_no, APPROVER, fee_codes=[])
    )

    assert kinds(case_no).count("accepted") == 2


def test_handing_in_twice_at_once_is_handing_in_once(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)
    results = together(*[partial(case_fixtures.submit, citizen, case_no)] * 4)

    assert refusals(results, AlreadySubmitted) == 3
    assert case_fixtures.published().count("CaseSubmitted") == 1


def test_control_without_lock_and_guard_a_case_is_handed_in_twice(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.ready(citizen)
    monkeypatch.setattr(steps, "held", queries.case_of)
    meet_before_moving(monkeypatch)
    steps_unguarded(monkeypatch)
    together(*[partial(case_fixtures.submit, citizen, case_no)] * 2)

    assert case_fixtures.published().count("CaseSubmitted") == 2


def test_a_case_that_is_accepted_while_it_is_withdrawn_is_withdrawn_and_not_to_be_paid(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.submitted(citizen)
    meet_before_moving(monkeypatch)
    results = together(partial(accept, case_no), partial(withdraw, citizen, case_no))

    assert refusals(results, StepRefused) <= 1
    assert state(case_no) == State.WITHDRAWN
    with unit_of_work() as session:
        assert set(session.scalars(select(Bill.state))) <= {"void"}


def test_a_payment_that_arrives_while_the_case_is_withdrawn_is_shown_and_can_be_asked_back(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.submitted(citizen)
    accept(case_no)
    void = fees.void

    def paid_just_before(session: Session, *, bill_id: int) -> None:
        together(partial(case_fixtures.pay, case_no))
        void(session, bill_id=bill_id)

    monkeypatch.setattr(fees, "void", paid_just_before)
    with unit_of_work() as session:
        case = service.withdraw(session, citizen_id=citizen, case_no=case_no)
        shown = overview.of(session, case, parties=frozenset({Party.CITIZEN}))

    assert [bill.state for bill in shown.bills] == ["paid"]
    assert (shown.next.who, "申请退费" in shown.next.what) == ("citizen", True)
    assert "退费" in _last_line(case_no)


def test_a_page_taken_away_while_the_case_is_handed_in_is_in_it_or_the_case_is_not(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)
    code = case_fixtures.mandatory_materials(case_no)[0]
    photo_id = case_fixtures.add_photo(citizen, case_no, code)
    results = together(
        partial(_give, case_fixtures.submit, citizen, case_no),
        partial(_give, _remove, citizen, case_no, code, photo_id),
    )

    refused = [result for result in results if isinstance(result, DomainError)]
    assert len(refused) == 1
    assert (state(case_no) == State.SUBMITTED) is isinstance(refused[0], AlreadySubmitted)


def test_two_phones_start_one_draft(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, make = Meeting(), service._new_draft

    def make_together(*arguments: Any, **named: Any) -> Any:
        meeting.wait()
        return make(*arguments, **named)

    monkeypatch.setattr(service, "_new_draft", make_together)
    results = together(*[partial(case_fixtures.start, citizen)] * 2)

    assert len(set(results)) == 1
    assert not refusals(results, DomainError)


def test_two_screens_that_save_at_once_lose_nothing(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = case_fixtures.start(citizen)
    meet_while_merging(monkeypatch)
    together(*_two_screens(citizen, case_no))

    assert {"note", "address"} <= filled(case_no)


def test_control_without_the_lock_one_screen_overwrites_the_other(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.start(citizen)
    monkeypatch.setattr(steps, "held", queries.case_of)
    meet_while_merging(monkeypatch)
    together(*_two_screens(citizen, case_no))

    assert len({"note", "address"} & filled(case_no)) == 1


def meet_while_merging(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both screens read the form before one of them writes it."""
    meeting, merge = Meeting(), forms.merged

    def merge_together(*arguments: Any, **named: Any) -> Any:
        meeting.wait()
        return merge(*arguments, **named)

    monkeypatch.setattr(forms, "merged", merge_together)


def _last_line(case_no: str) -> str:
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()
        return queries.timeline(session, case_id=case_id)[-1].sentence


def filled(case_no: str) -> set[str]:
    with unit_of_work() as session:
        sealed = session.scalars(select(Case.sealed_form).where(Case.case_no == case_no)).one()
    return set(forms.opened(sealed).values)


def _two_screens(citizen_id: int, case_no: str) -> list[Callable[[], None]]:
    def save(session: Session, key: str) -> None:
        service.save_form(session, citizen_id=citizen_id, case_no=case_no, changes={key: "一"})

    def on_screen(key: str) -> None:
        with unit_of_work() as session:
            save(session, key)

    return [partial(on_screen, "note"), partial(on_screen, "address")]


def _give(call: Callable[..., object], *arguments: object) -> object:
    return call(*arguments)


def _remove(citizen_id: int, case_no: str, code: str, photo_id: int) -> None:
    with unit_of_work() as session:
        handing_in.remove_photo(
            session, citizen_id=citizen_id, case_no=case_no, material_code=code, photo_id=photo_id
        )
