"""At the window with the visit code: originals are compared, and what has passed is not asked for again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.cases import correcting, corrections
from app.cases.correction_points import Reason
from app.cases.errors import HelpedBefore
from app.cases.precheck_errors import (
    DifferenceUnsaid,
    OriginalsUnticked,
    PassedBefore,
    PassOver,
    PassUsed,
)
from app.cases.precheck_models import PrecheckState
from app.cases.states import State
from app.db import unit_of_work
from app.desk import duties
from tests import case_fixtures
from tests.assistance_fixtures import helped, helper, typed
from tests.case_fixtures import FRONT_DESK
from tests.city_fixtures import MONDAY
from tests.precheck_fixtures import (
    PICTURE,
    ask,
    change,
    differ,
    draft,
    of_field,
    of_material,
    originals,
    pass_,
    passed,
    receive,
    round_of,
)


def test_who_brings_the_originals_is_accepted_at_once(citizen: int) -> None:
    case_no, found = passed(citizen)

    case = receive(found)

    assert (case.state, case.submitted_at is not None) == (State.ACCEPTED, True)
    assert round_of(case_no).state == PrecheckState.USED
    assert case_fixtures.kinds(case_no)[-2:] == ["submitted", "accepted"]


def test_every_original_is_compared(citizen: int) -> None:
    _, found = passed(citizen)
    assert PICTURE in originals(found)

    with pytest.raises(OriginalsUnticked):
        receive(found, compared=[])


def test_a_code_is_used_once(citizen: int) -> None:
    _, found = passed(citizen)
    receive(found)

    with pytest.raises(PassUsed):
        receive(found)


def test_what_was_changed_after_the_pass_is_not_taken_for_it(citizen: int) -> None:
    case_no, found = passed(citizen)
    change(citizen, case_no, address="别处")

    with pytest.raises(PassOver):
        receive(found)


def test_an_old_pass_is_none(citizen: int) -> None:
    _, found = passed(citizen)

    with clock.stopped_at(MONDAY + timedelta(days=31)), pytest.raises(PassOver):
        receive(found)


def test_a_round_that_nobody_passed_opens_nothing(citizen: int) -> None:
    found = ask(citizen, draft(citizen))

    with pytest.raises(PassOver):
        receive(found)


def test_who_passed_and_hands_in_from_home_uses_the_pass_too(citizen: int) -> None:
    case_no, found = passed(citizen)

    case_fixtures.submit(citizen, case_no)

    assert round_of(case_no).state == PrecheckState.USED
    with pytest.raises(PassUsed):
        receive(found)


@pytest.mark.parametrize("point", [of_field(), of_material(PICTURE)])
def test_what_has_passed_is_not_asked_for_again(citizen: int, point: correcting.Ticked) -> None:
    case_no, _ = passed(citizen)
    case_fixtures.submit(citizen, case_no)

    with pytest.raises(PassedBefore), unit_of_work() as session:
        correcting.ask(session, case_no=case_no, officer=FRONT_DESK, points=[point])


def test_an_original_that_differs_is_said_in_the_one_notice(citizen: int) -> None:
    _, found = passed(citizen)

    case = differ(found, **{PICTURE: "原件上的人不是申请人"})

    with unit_of_work() as session:
        notice = corrections.of_case(session, case)
    assert notice is not None
    assert case.state == State.CORRECTION
    assert [(one.target, one.reason, one.how) for one in notice.points] == [
        (PICTURE, Reason.ORIGINAL_DIFFERS, "原件上的人不是申请人。请按原件重新拍照上传")
    ]


@pytest.mark.parametrize("found", [{}, {PICTURE: " "}, {"OTHER": "不一样"}])
def test_a_difference_is_said_in_words(citizen: int, found: dict[str, str]) -> None:
    _, precheck = passed(citizen)

    with pytest.raises(DifferenceUnsaid):
        differ(precheck, **found)


def test_who_helped_to_fill_it_in_neither_passes_nor_accepts_it(citizen: int) -> None:
    case_no, clerk, colleague = draft(citizen), helper(), replace(FRONT_DESK, clerk_id=helper("李").clerk_id)
    typed(clerk, helped(citizen, clerk), case_no, address="示例市示例路3号")
    found = ask(citizen, case_no)

    with pytest.raises(HelpedBefore):
        pass_(found, duties.officer(clerk))
    pass_(found, colleague)
    with pytest.raises(HelpedBefore):
        receive(found, officer=duties.officer(clerk))
    assert receive(found, officer=colleague).state == State.ACCEPTED
