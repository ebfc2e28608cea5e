"""A citizen has a clerk look before they travel; while they do, the draft stays as it is."""

from datetime import timedelta
from functools import partial

import pytest

from app import clock
from app.cases import queries, service
from app.cases.errors import SubmissionIncomplete
from app.cases.precheck_errors import (
    PrecheckAskedOften,
    PrecheckNotOffered,
    PrecheckOver,
    PrecheckPassed,
    PrecheckRunning,
)
from app.cases.prechecked import Standing
from app.cases.states import State
from app.db import unit_of_work
from tests import case_fixtures
from tests.app.cases.test_co_signing import add_a_page
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY
from tests.co_sign_fixtures import drop_first_photo
from tests.precheck_fixtures import (
    PICTURE,
    ask,
    change,
    draft,
    mend,
    of_material,
    pass_,
    passed,
    round_of,
    standing,
    take_back,
)


def test_a_whole_draft_is_looked_at_within_the_promised_days_and_stays_a_draft(citizen: int) -> None:
    case_no = draft(citizen)

    ask(citizen, case_no)

    with unit_of_work() as session:
        case = queries.case_of(session, citizen_id=citizen, case_no=case_no)
    assert round_of(case_no).due_on == clock.local(MONDAY).date() + timedelta(days=1)
    assert (case.state, case.received_at, case.notice_due_on) == (State.DRAFT, None, None)
    assert case_fixtures.kinds(case_no)[-1] == "precheck_asked"


def test_what_is_missing_is_named_all_at_once(citizen: int) -> None:
    case_no = draft(citizen)
    change(citizen, case_no, phone="")
    drop_first_photo(citizen, case_no)

    with pytest.raises(SubmissionIncomplete) as refused:
        ask(citizen, case_no)

    assert len(refused.value.errors or {}) == 2


def test_while_it_is_looked_at_nothing_of_it_changes(citizen: int) -> None:
    case_no = draft(citizen)
    ask(citizen, case_no)

    for touch in (
        partial(change, citizen, case_no, address="别处"),
        partial(add_a_page, citizen, case_no),
        partial(drop_first_photo, citizen, case_no),
        partial(case_fixtures.submit, citizen, case_no),
        partial(start_with_other_answers, citizen),
    ):
        with pytest.raises(PrecheckRunning):
            touch()


def start_with_other_answers(citizen: int) -> None:
    """Answer the guide's questions otherwise."""
    with unit_of_work() as session:
        service.start(session, citizen_id=citizen, task_code=ID_LOST, answers={"age": "7"})


def test_what_was_taken_back_can_be_changed_and_asked_for_again(citizen: int) -> None:
    case_no = draft(citizen)
    first = ask(citizen, case_no)

    take_back(citizen, case_no)
    change(citizen, case_no, address="别处")

    assert standing(case_no) is Standing.TAKEN_BACK
    assert ask(citizen, case_no) != first
    with pytest.raises(PrecheckOver):
        pass_(first)


def test_asking_twice_is_asking_once(citizen: int) -> None:
    case_no = draft(citizen)

    assert ask(citizen, case_no) == ask(citizen, case_no)


def test_what_has_passed_is_not_looked_at_again(citizen: int) -> None:
    case_no, _ = passed(citizen)

    with pytest.raises(PrecheckPassed):
        ask(citizen, case_no)


def test_a_pass_is_for_just_what_was_looked_at(citizen: int) -> None:
    case_no, _ = passed(citizen)

    change(citizen, case_no, address="别处")
    assert standing(case_no) is Standing.CHANGED
    change(citizen, case_no, address=case_fixtures.FORM["address"])
    assert standing(case_no) is Standing.PASSED
    add_a_page(citizen, case_no)
    assert standing(case_no) is Standing.CHANGED


def test_a_pass_holds_for_thirty_days(citizen: int) -> None:
    case_no, _ = passed(citizen)

    with clock.stopped_at(MONDAY + timedelta(days=30)):
        assert standing(case_no) is Standing.PASSED
    with clock.stopped_at(MONDAY + timedelta(days=31)):
        assert standing(case_no) is Standing.EXPIRED


def test_only_items_that_say_so_are_looked_at_before(citizen: int) -> None:
    case_fixtures.publish_id_lost(precheck_days=None)

    with pytest.raises(PrecheckNotOffered):
        ask(citizen, case_fixtures.ready(citizen))


def test_nobody_asks_all_day(citizen: int) -> None:
    case_no = draft(citizen)
    for _ in range(5):
        mend(ask(citizen, case_no), of_material(PICTURE))

    with pytest.raises(PrecheckAskedOften):
        ask(citizen, case_no)


def test_a_draft_that_is_taken_back_waits_for_nobody(citizen: int) -> None:
    case_no = draft(citizen)
    found = ask(citizen, case_no)

    case_fixtures.withdraw(citizen, case_no)

    with pytest.raises(PrecheckOver):
        pass_(found)
