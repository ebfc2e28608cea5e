"""What follows a decision: the next step is handed in by the system, or the citizen is told why not."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from app.bundles import advancing, applying, parts
from app.bundles.standing import Standing
from app.cases import forms, service, submitting
from app.cases.errors import AlreadySubmitted
from app.cases.models import Case, CaseEvent
from app.certificates.models import Certificate
from app.db import unit_of_work
from tests import case_fixtures
from tests.bundle_fixtures import (
    BIRTH,
    CARD,
    FOOD,
    HUKOU,
    INSURANCE,
    RESTAURANT,
    SETUP,
    SUBSIDY,
    begin,
    carry_on,
    case_of,
    fill,
    grant,
    photograph,
    settle,
    states,
    submit,
    submitted,
    tell,
    whole,
)
from tests.races import Meeting, refusals, together


def count(event: str) -> int:
    return case_fixtures.published().count(event)


def lines_of(number: str, task_code: str) -> list[CaseEvent]:
    with unit_of_work() as session:
        asked = select(CaseEvent).join(Case, Case.id == CaseEvent.case_id)
        asked = asked.where(Case.case_no == case_of(number, task_code), CaseEvent.kind == "submitted")
        return list(session.scalars(asked))


def test_a_grant_hands_in_the_next_step_and_says_so(citizen: int) -> None:
    number = submitted(citizen)
    grant(number, BIRTH)
    (line,) = lines_of(number, HUKOU)

    assert states(citizen, number)[HUKOU] == "submitted"
    assert line.actor_kind == "system"
    assert line.sentence == "前面的事项已办成，系统按您提交的“新生儿出生一件事”自动提交，等待受理"
    assert whole(citizen, number).standing is Standing.PARTLY_DONE


def test_a_step_waits_for_every_part_of_the_one_before(citizen: int) -> None:
    number = submitted(citizen)
    for code in (BIRTH, HUKOU, INSURANCE):
        grant(number, code)
    assert states(citizen, number)[SUBSIDY] == "draft"

    grant(number, CARD)
    assert states(citizen, number)[SUBSIDY] == "submitted"


def test_all_granted_is_all_done_and_told_once(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH, CARD])
    grant(number, BIRTH)
    grant(number, CARD)
    carry_on(number, CARD)

    assert whole(citizen, number).standing is Standing.DONE
    assert count("BundleFinished") == 1


def test_a_refusal_stops_what_comes_after_and_not_its_neighbour(citizen: int) -> None:
    number = submitted(citizen)
    grant(number, BIRTH)
    grant(number, HUKOU)
    settle(number, CARD, granted=False)
    tell()
    grant(number, INSURANCE)
    found = states(citizen, number)

    assert (found[CARD], found[INSURANCE], found[SUBSIDY]) == ("decided", "decided", "draft")
    assert whole(citizen, number).standing is Standing.PARTLY_DONE
    assert count("BundleHeldUp") == 1


def test_a_part_taken_back_stops_what_comes_after(citizen: int) -> None:
    number = submitted(citizen)
    case_fixtures.withdraw(citizen, case_of(number, BIRTH))
    tell()

    assert states(citizen, number)[HUKOU] == "draft"
    assert count("BundleHeldUp") == 1
    assert "没有办成" in whole(citizen, number).hint


def test_what_stopped_may_be_handed_in_alone(citizen: int) -> None:
    number = submitted(citizen)
    settle(number, BIRTH, granted=False)
    tell()
    case_fixtures.submit(citizen, case_of(number, HUKOU))

    assert states(citizen, number)[HUKOU] == "submitted"


def test_the_licence_of_an_earlier_part_is_taken_for_a_later_one(citizen: int) -> None:
    number = submitted(citizen, RESTAURANT)
    grant(number, SETUP)
    setup, food = whole(citizen, number).parts

    assert food.case.state == "submitted"
    assert food.proofs["FOOD-PERMIT-M04"].id == setup.certificate.id  # type: ignore[union-attr]
    assert "FOOD-PERMIT-M04" not in food.photos


def test_a_licence_that_is_void_by_then_is_asked_for_instead(citizen: int) -> None:
    number = submitted(citizen, RESTAURANT)
    settle(number, SETUP)
    with unit_of_work() as session:
        session.execute(update(Certificate).values(state="revoked"))
    tell()

    view = whole(citizen, number)
    (asked,) = [one for one in view.materials if one.code == "FOOD-PERMIT-M04"]
    assert (states(citizen, number)[FOOD], asked.giver, view.parts[1].proofs) == ("draft", None, {})
    assert count("BundleHeldUp") == 1
    case_fixtures.add_photo(citizen, asked.home.case.case_no, asked.code)
    submit(citizen, number)
    assert states(citizen, number)[FOOD] == "submitted"


def test_what_a_refused_part_would_have_given_is_asked_for(citizen: int) -> None:
    number = submitted(citizen, RESTAURANT)
    settle(number, SETUP, granted=False)
    tell()

    (asked,) = [one for one in whole(citizen, number).materials if one.code == "FOOD-PERMIT-M04"]
    assert asked.giver is None


def test_a_draft_that_lacks_something_by_then_waits_for_the_citizen(citizen: int) -> None:
    number = submitted(citizen)
    with unit_of_work() as session:
        service.save_form(
            session, citizen_id=citizen, case_no=case_of(number, HUKOU), changes={"child_name": None}
        )
    grant(number, BIRTH)
    carry_on(number, BIRTH)
    assert (states(citizen, number)[HUKOU], count("BundleHeldUp")) == ("draft", 1)

    with unit_of_work() as session:
        applying.save_form(session, citizen_id=citizen, application_no=number, changes={"child_name": "李四"})
    assert "submit" in whole(citizen, number).actions
    submit(citizen, number)
    assert states(citizen, number)[HUKOU] == "submitted"


def test_what_was_withdrawn_as_a_whole_is_not_carried_on(citizen: int) -> None:
    number = submitted(citizen)
    settle(number, BIRTH)
    with unit_of_work() as session:
        applying.withdraw(session, citizen_id=citizen, application_no=number)
    tell()

    assert states(citizen, number)[HUKOU] == "withdrawn"
    assert count("BundleHeldUp") == 0


def test_a_case_that_is_no_part_is_left_alone(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen, CARD)
    case_fixtures.submit(citizen, case_no)
    case_fixtures.withdraw(citizen, case_no)
    tell()

    assert count("BundleHeldUp") == 0


def meet_before_handing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both find the next step due before one of them hands it in."""
    meeting, hand_in = Meeting(), submitting.hand_in

    def met(*args: Any, **named: Any) -> None:
        meeting.wait()
        hand_in(*args, **named)

    monkeypatch.setattr(submitting, "hand_in", met)


def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the application nor the cases of its parts are held."""
    of = parts.of

    def found(session: Any, *, case_id: int) -> Any:
        return session.scalar(advancing._application_of(case_id))

    monkeypatch.setattr(advancing, "_held", found)
    monkeypatch.setattr(
        parts,
        "of",
        lambda session, application_id, held=False: of(session, application_id=application_id),
    )


def both_decided(citizen: int) -> str:
    number = submitted(citizen)
    grant(number, BIRTH)
    grant(number, HUKOU)
    settle(number, INSURANCE, CARD)
    return number


def test_two_parallel_parts_decided_at_once_hand_in_the_next_step_once(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = both_decided(citizen)
    meet_before_handing_in(monkeypatch)
    results = together(partial(carry_on, number, INSURANCE), partial(carry_on, number, CARD))

    assert results == [None, None]
    assert len(lines_of(number, SUBSIDY)) == 1


def test_control_without_the_lock_both_try_to_hand_it_in(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = both_decided(citizen)
    meet_before_handing_in(monkeypatch)
    without_the_lock(monkeypatch)
    results = together(partial(carry_on, number, INSURANCE), partial(carry_on, number, CARD))

    assert refusals(results, AlreadySubmitted) == 1


def ready(citizen: int) -> str:
    number = begin(citizen)
    fill(citizen, number)
    photograph(citizen, number)
    return number


def test_two_taps_hand_it_in_once(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ready(citizen)
    meet_before_handing_in(monkeypatch)
    results = together(partial(submit, citizen, number), partial(submit, citizen, number))

    assert results == [None, None]
    assert (count("BundleSubmitted"), count("CaseSubmitted")) == (1, 1)


def test_two_taps_begin_one_draft(citizen: int) -> None:
    numbers = together(partial(begin, citizen), partial(begin, citizen))

    assert len(set(map(str, numbers))) == 1


def test_handing_in_and_taking_back_at_once_leaves_no_half(citizen: int) -> None:
    number = ready(citizen)

    def take_back() -> None:
        with unit_of_work() as session:
            applying.withdraw(session, citizen_id=citizen, application_no=number)

    together(partial(submit, citizen, number), take_back)
    assert set(states(citizen, number).values()) == {"withdrawn"}
    assert forms.opened(whole(citizen, number).parts[0].case.sealed_form).values
